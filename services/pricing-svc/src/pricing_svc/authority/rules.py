"""The rules of 3-8.2-A on who decides at which price. Pure: no I/O, no clock, no settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NewType

from fangxing.clauses import clause

BandRole = Literal["sales_rep", "sales_manager"]
Level = Literal["sales_rep", "sales_manager", "general_manager"]
Fault = Literal["missing", "twice", "gap"]

StandardPrice = NewType("StandardPrice", Decimal)
"""The base price 基准价格 of a product (3-4): yuan per ton, tax included."""
SalesPrice = NewType("SalesPrice", Decimal)
"""The price of one customer and contract (3-4), floating around the base price: yuan per ton, tax included."""

BAND_ROLES: tuple[BandRole, ...] = ("sales_rep", "sales_manager")
"""From the lower to the higher authority; beyond the last the price is the GM's."""


@dataclass(frozen=True, slots=True)
class Band:
    """How far a role may go below and above the base price, in percent of it, both edges included."""

    role: BandRole
    percent_below: Decimal
    percent_above: Decimal

    def covers(self, price: SalesPrice, base: StandardPrice) -> bool:
        """Whether `price` is within the band around `base`; exact, without rounding an edge to the cent."""
        return base * (100 - self.percent_below) <= price * 100 <= base * (100 + self.percent_above)


@clause("3-8.2-A", "3-6", "3-3")
def level_of(
    price: SalesPrice,
    base: StandardPrice,
    status: Literal["initial", "standard"],
    bands: Sequence[Band],
) -> Level:
    """The lowest level that decides at `price`; surcharges follow the same rule as discounts.

    The base price itself is anybody's. An initial price has no float: any deviation is the GM's. A role without a
    band has no authority to deviate; a price outside every band is abnormal 异常价格 and is the GM's.
    """
    if price == base:
        return "sales_rep"
    if status == "initial":
        return "general_manager"
    by_role = {band.role: band for band in bands}
    for role in BAND_ROLES:
        if role in by_role and by_role[role].covers(price, base):
            return role
    return "general_manager"


@clause("3-8.2-A")
def lint(bands: Sequence[Band]) -> Fault | None:
    """What is wrong with a table of bands; None where it holds.

    `missing`: a role has no band. `twice`: a role has two. `gap`: the higher role may not do what the lower may, or
    no more than that.
    """
    roles = [band.role for band in bands]
    if len(set(roles)) < len(roles):
        return "twice"
    by_role = {band.role: band for band in bands}
    if set(by_role) != set(BAND_ROLES):
        return "missing"
    lower, higher = by_role["sales_rep"], by_role["sales_manager"]
    below = higher.percent_below - lower.percent_below
    above = higher.percent_above - lower.percent_above
    if below < 0 or above < 0 or below + above == 0:
        return "gap"
    return None
