"""Pure rules of the papers that go with a truck."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from fangxing.clauses import clause
from fangxing.money import ZERO


@clause("5-4.2.1-E")
def within_reservation(values: Sequence[Decimal], reserved: Decimal) -> list[Decimal]:
    """The lines' values in yuan, together at most `reserved`.

    Rounding lot by lot may add cents to what was reserved: the last lines give them up.
    """
    over = sum(values, ZERO) - reserved
    kept = []
    for value in reversed(values):
        given = min(max(ZERO, over), value)
        over -= given
        kept.append(value - given)
    return kept[::-1]


@clause("5-4.2.1-B")
def falls_short(reserved: Decimal, tons: Iterable[tuple[Decimal, Decimal]]) -> bool:
    """Whether a notice closes with something not loaded: yuan still `reserved`, or of a line less loaded than noticed.

    `tons` are (loaded, noticed) of each line. With the load tolerance yuan may be left and no tons.
    """
    return reserved > 0 or any(loaded < noticed for loaded, noticed in tons)


@clause("5-4.2.1-F")
def valid_until(now: datetime, hours: int | None) -> datetime:
    """The last moment of a pass issued now; without a policy it is good for one hour."""
    return now + timedelta(hours=hours or 1)


@clause("5-4.2.1-F")
def is_short_number(typed: str) -> bool:
    """Whether `typed` is eight digits of which the last one is the check digit."""
    return typed.isascii() and typed.isdigit() and len(typed) == 8 and check_digit(typed[:-1]) == typed[-1]


@clause("5-4.2.1-F")
def check_digit(digits: str) -> str:
    """The Luhn check digit of a short number, so that one mistyped digit never finds another truck's pass."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)
