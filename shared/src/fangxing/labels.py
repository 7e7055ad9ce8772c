"""Labels of figures 数据名称: how a person reads the inputs of a verdict, declared beside the rules that take them.

`LABELS = labels(exposure=("欠款额度", "exposure", Unit.YUAN), today=("当天", "today"))` names the inputs `exposure` and
`today`. One name means one thing in every service. A figure of one of several is called "line.3.tons"; its label is
declared as `line_tons` and says which with `{line}`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from fangxing.text import Text


class Unit(StrEnum):
    """What a figure counts, where it counts anything: yuan incl. tax, tons, yuan a ton, days, percent."""

    YUAN = "yuan"
    TONS = "tons"
    YUAN_PER_TON = "yuan_per_ton"
    DAYS = "days"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a figure in both languages, with its unit."""

    text: Text
    unit: Unit | None = None


_REGISTRY: dict[str, Label] = {}


def labels(**figures: tuple[str, str] | tuple[str, str, Unit]) -> dict[str, Label]:
    """Declare labels: Chinese, English, unit. Raises ValueError where a name has another label already."""
    declared = {name: Label(Text(zh, en), *unit) for name, (zh, en, *unit) in figures.items()}
    for name, label in declared.items():
        if _REGISTRY.setdefault(name, label) != label:
            raise ValueError(f"{name} is labelled {_REGISTRY[name]} elsewhere and cannot be {label}")
    return declared


def label_of(name: str) -> Label | None:
    """The label of the figure `name`; None where nobody declared one."""
    group, _, rest = name.partition(".")
    number, _, figure = rest.partition(".")
    if not figure:
        return _REGISTRY.get(name)
    label = _REGISTRY.get(f"{group}_{figure}")
    if label is None:
        return None
    which = {group: number}
    return Label(Text(label.text.say("zh-CN", **which), label.text.say("en", **which)), label.unit)


def heading_of(field: str, metadata: Iterable[object]) -> Text:
    """What `field` of a shape is called in a table or on paper: the `Text` among its annotations, else its name."""
    plain = field.replace("_", " ")
    return next((item for item in metadata if isinstance(item, Text)), Text(plain, plain))
