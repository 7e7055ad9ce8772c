"""The lines of a request, which name lines of a delivery note."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from fangxing.text import Text
from fangxing.validation import invalid

_TWICE = Text("同一行只能出现一次", "each line once")


class Numbered(Protocol):
    """Something about the line with this number."""

    line: int


T = TypeVar("T", bound=Sequence[Numbered])


def each_line_once(lines: T) -> T:
    """`lines`, none of which is named twice; for a validator."""
    if len({line.line for line in lines}) < len(lines):
        raise invalid("line-twice", _TWICE)
    return lines
