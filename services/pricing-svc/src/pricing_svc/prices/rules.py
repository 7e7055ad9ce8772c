"""The rules of 3-7.1.2 on the versions of a base price. Pure: no I/O, no clock, no settings."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from fangxing.clauses import clause


class PriceStatus(StrEnum):
    """What a base price is good for: initial 初始, at exactly that price, or standard 标准, with a float around it."""

    INITIAL = "initial"
    STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a product's base price: yuan per ton incl. tax, and the first day it is in force."""

    number: int
    price: Decimal
    status: PriceStatus
    effective_from: date


@dataclass(frozen=True, slots=True)
class Difference:
    """From one price to another: the amount in yuan per ton, and in percent of the old one, half up."""

    amount: Decimal
    percent: Decimal


@clause("3-7.1.2")
def difference(old: Decimal, new: Decimal) -> Difference:
    """The difference of two base prices."""
    percent = ((new - old) * 100 / old).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Difference(new - old, percent)
