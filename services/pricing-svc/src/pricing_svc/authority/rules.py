"""The rules of 3-8.2-A on who decides at which price. Pure: no I/O, no clock, no settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NewType

from fangxing.clauses import clause
from fangxing.moves import NEW, ROUTE, Move, Moves
from fangxing.roles import Role
from pricing_svc.approval.rules import DECIDERS
from pricing_svc.prices.rules import PriceStatus


class AuthorityStatus(StrEnum):
    """Where an authority table stands; one that was returned may be revised."""

    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class AuthorityAction(StrEnum):
    """What can be done with an authority table."""

    DRAFT = "draft"
    REVISE = "revise"
    DECIDE = "decide"
    WITHDRAW = "withdraw"


MOVES: Moves[AuthorityAction, AuthorityStatus] = {
    AuthorityAction.DRAFT: Move(NEW, {AuthorityStatus.IN_APPROVAL}, {Role.SALES_MANAGER}),
    AuthorityAction.REVISE: Move({AuthorityStatus.RETURNED}, {AuthorityStatus.IN_APPROVAL}, {Role.SALES_MANAGER}),
    AuthorityAction.DECIDE: Move(
        {AuthorityStatus.IN_APPROVAL},
        {
            AuthorityStatus.IN_APPROVAL,
            AuthorityStatus.APPROVED,
            AuthorityStatus.REJECTED,
            AuthorityStatus.RETURNED,
        },
        ROUTE,
        deciders=DECIDERS,
    ),
    AuthorityAction.WITHDRAW: Move({AuthorityStatus.RETURNED}, {AuthorityStatus.WITHDRAWN}, {Role.SALES_MANAGER}),
}
FINAL = frozenset({AuthorityStatus.APPROVED, AuthorityStatus.REJECTED, AuthorityStatus.WITHDRAWN})


class RouteBand(StrEnum):
    """Which route a table takes: there is one."""

    TABLE = "table"


class BandRole(StrEnum):
    """The roles that have a band, from the lower to the higher authority; beyond the last the price is the GM's."""

    SALES_REP = Role.SALES_REP
    SALES_MANAGER = Role.SALES_MANAGER


class Level(StrEnum):
    """Who decides at a price, from the lowest to the highest."""

    SALES_REP = Role.SALES_REP
    SALES_MANAGER = Role.SALES_MANAGER
    GENERAL_MANAGER = Role.GENERAL_MANAGER


class Fault(StrEnum):
    """What can be wrong with a table of bands.

    A role has no band, or two of them; or a gap: the higher role may not do what the lower may, or no more than that.
    """

    MISSING = "missing"
    TWICE = "twice"
    GAP = "gap"


StandardPrice = NewType("StandardPrice", Decimal)
"""The base price 基准价格 of a product (3-4): yuan per ton, tax included."""
SalesPrice = NewType("SalesPrice", Decimal)
"""The price of one customer and contract (3-4), floating around the base price: yuan per ton, tax included."""


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
def level_of(price: SalesPrice, base: StandardPrice, status: PriceStatus, bands: Sequence[Band]) -> Level:
    """The lowest level that decides at `price`; surcharges follow the same rule as discounts.

    The base price itself is anybody's. An initial price has no float: any deviation is the GM's. A role without a
    band has no authority to deviate; a price outside every band is abnormal 异常价格 and is the GM's.
    """
    if price == base:
        return Level.SALES_REP
    if status is PriceStatus.INITIAL:
        return Level.GENERAL_MANAGER
    by_role = {band.role: band for band in bands}
    for role in BandRole:
        if role in by_role and by_role[role].covers(price, base):
            return Level(role)
    return Level.GENERAL_MANAGER


@clause("3-8.2-A")
def lint(bands: Sequence[Band]) -> Fault | None:
    """What is wrong with a table of bands; None where it holds."""
    roles = [band.role for band in bands]
    if len(set(roles)) < len(roles):
        return Fault.TWICE
    by_role = {band.role: band for band in bands}
    if set(by_role) != set(BandRole):
        return Fault.MISSING
    lower, higher = by_role[BandRole.SALES_REP], by_role[BandRole.SALES_MANAGER]
    below = higher.percent_below - lower.percent_below
    above = higher.percent_above - lower.percent_above
    if below < 0 or above < 0 or below + above == 0:
        return Fault.GAP
    return None
