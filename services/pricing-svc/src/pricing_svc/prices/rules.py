"""The rules of 3-5 to 3-7 on base prices. Pure: no I/O, no clock, no settings."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from fangxing.clauses import clause
from fangxing.roles import Role
from pricing_svc.products.rules import Flow

Reason = Literal["off_market", "blocks_marketing", "cost_deviation", "strategy"]
"""Why a base price changes: 3-7.1.1 A, B and C, and the change of strategy of 3-5.2-1."""
Status = Literal["initial", "standard"]
Side = Literal["finance", "production"]
Band = Literal["with_committee", "without_committee"]

SIDES: tuple[Side, ...] = ("finance", "production")
SIGNERS: dict[Side, tuple[Role, ...]] = {
    "finance": (Role.ACCOUNTANT, Role.FINANCE_MANAGER),
    "production": (Role.PRODUCTION,),
}
"""Who signs which side's opinion (3-6)."""
STARTERS: dict[Flow, tuple[Role, ...]] = {
    "adjustment": (
        Role.SALES_MANAGER,
        Role.SALES_REP,
        Role.PRODUCTION,
        Role.FINANCE_MANAGER,
        Role.ACCOUNTANT,
    ),
    "new_product": (Role.SALES_MANAGER, Role.SALES_REP),
}
"""Who may start which flow: sales, production or finance (3-7.2), and sales alone for a new product (3-6)."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a product's base price: yuan per ton incl. tax, and the first day it is in force."""

    number: int
    price: Decimal
    status: Status
    effective_from: date


@clause("3-6", "3-7.2")
def started_as(flow: Flow, roles: Collection[Role]) -> Role | None:
    """The role in which someone with `roles` starts the flow; None where he may not."""
    return next((role for role in STARTERS[flow] if role in roles), None)


@clause("3-6", "3-5.2-3")
def status_after(flow: Flow) -> Status:
    """What an approved price is: initial from new product pricing, standard from an adjustment."""
    return "initial" if flow == "new_product" else "standard"


@clause("1-3.8", "3-6")
def band_of(committee: bool | None, latest: Version | None) -> Band:
    """Whether the committee is on the route of an adjustment.

    The policy decides; unset, the stricter road is taken. An initial price becomes standard through the committee
    alone, whatever the policy says.
    """
    if committee is False and (latest is None or latest.status == "standard"):
        return "without_committee"
    return "with_committee"


@clause("3-7.1.1", "3-5.2-1")
def missing_in_change(price: Decimal | None, reason: Reason | None, evidence: str | None) -> str | None:
    """The first field an adjustment still lacks: the price, its reason, or the evidence; None where it is complete."""
    given = {"base_price": price, "reason": reason, "evidence": evidence}
    return next((name for name, value in given.items() if value is None), None)


@clause("3-7.1.2")
def changes_something(price: Decimal, status: Status, latest: Version | None, today: date) -> bool:
    """Whether the proposed price differs from the table: the same price is a change only of a version still to come."""
    if latest is None or latest.effective_from > today:
        return True
    return (price, status) != (latest.price, latest.status)


@clause("3-6")
def missing_opinions(signed: Collection[Side]) -> list[Side]:
    """The sides whose opinion with a cost figure is still missing before sales may submit the draft."""
    return [side for side in SIDES if side not in signed]


@clause("3-7.2", "3-7.1.2")
def takes_effect(wanted: date | None, approved: date) -> date:
    """The first day in force: the day asked for, but never before the GM's yes; that day itself where none was."""
    return max(wanted or approved, approved)


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
