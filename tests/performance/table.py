"""What the measurements come to: a line each, with the median, the spread, the aim and whether it was reached."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

_HEADINGS = ("测量 measured", "产品 ours", "裸测 bare", "比值 ratio (min–max)", "目标 aim", "结论 verdict")


@dataclass(frozen=True)
class Line:
    """One measurement. `notes` explain it below the table."""

    title: str
    ours: str
    bare: str
    result: str
    aim: str
    reached: bool
    notes: Sequence[str] = field(default=())

    def cells(self) -> tuple[str, ...]:
        """The line as it is printed."""
        verdict = "达到 reached" if self.reached else "未达到 missed"
        return (self.title, self.ours, self.bare, self.result, self.aim, verdict)


def ratio(
    title: str, rounds: Sequence[tuple[float, float]], aim: float, unit: str = "/s", notes: Sequence[str] = ()
) -> Line:
    """A line of rates, ours and the bare thing's of the same round; the ratio is taken within each round."""
    ratios = [ours / bare for ours, bare in rounds]
    ours, bare = median(ours for ours, _ in rounds), median(bare for _, bare in rounds)
    return Line(
        title,
        f"{ours:,.0f} {unit}",
        f"{bare:,.0f} {unit}",
        f"{median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})",
        f"≥ {aim:.2f}",
        median(ratios) >= aim,
        notes,
    )


def table(lines: Sequence[Line]) -> str:
    """The lines as a table, its columns in line for Chinese and Latin characters alike, and the notes below."""
    rows = [_HEADINGS, *(line.cells() for line in lines)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    text = [
        " | ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)) for row in rows
    ]
    text.insert(1, "-|-".join("-" * width for width in widths))
    text += [f"  {line.title}: {note}" for line in lines for note in line.notes]
    return "\n".join(text)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
