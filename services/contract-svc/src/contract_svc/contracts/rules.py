"""The rules of chapter 4 on contracts. Pure: no I/O, no clock, no settings."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from contract_svc.progress.rules import NO_TONS
from contract_svc.reference.rules import Terms
from contract_svc.routing.rules import DECIDERS
from fangxing.calendar import add_months
from fangxing.clauses import clause
from fangxing.money import KILOGRAM, ZERO, value_of
from fangxing.moves import NEW, ROUTE, Move, Moves
from fangxing.roles import Role
from fangxing.terms import TermsKind


class ContractStatus(StrEnum):
    """The state of a contract."""

    DRAFT = "draft"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"


class ContractAction(StrEnum):
    """What can be done with a contract."""

    DRAFT = "draft"
    REVISE = "revise"
    SUBMIT = "submit"
    DECIDE = "decide"


MOVES: Moves[ContractAction, ContractStatus] = {
    ContractAction.DRAFT: Move(NEW, {ContractStatus.DRAFT}, {Role.SALES_REP}),
    ContractAction.REVISE: Move(
        {ContractStatus.DRAFT, ContractStatus.REJECTED, ContractStatus.RETURNED},
        {ContractStatus.DRAFT},
        {Role.SALES_REP},
    ),
    ContractAction.SUBMIT: Move({ContractStatus.DRAFT}, {ContractStatus.IN_APPROVAL}, {Role.SALES_REP}),
    ContractAction.DECIDE: Move(
        {ContractStatus.IN_APPROVAL},
        {ContractStatus.IN_APPROVAL, ContractStatus.APPROVED, ContractStatus.RETURNED, ContractStatus.REJECTED},
        ROUTE,
        deciders=DECIDERS,
    ),
}
FINAL = frozenset({ContractStatus.APPROVED})
"""In force (4-4.2.1): orders are called off, and nothing changes the contract itself."""


class Duration(StrEnum):
    """Whether a contract 合同 is a long or a short one (4-4.1.1-1)."""

    LONG = "long"
    SHORT = "short"


@clause("4-4.1.1-1")
def duration(starts_on: date, ends_on: date) -> Duration:
    """Long where a contract runs six calendar months or more, its last day included."""
    return Duration.LONG if add_months(starts_on, 6) <= ends_on + timedelta(days=1) else Duration.SHORT


@clause("4-4.2.1")
def total_of(lines: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """The contract's total in yuan of (tons, price per ton), each line rounded to the cent."""
    return sum((value_of(tons, price) for tons, price in lines), ZERO)


@clause("4-4.2.4")
def are_whole(terms: Terms) -> bool:
    """Whether payment terms say what they must: days go with credit, and with credit alone."""
    return (terms.kind is TermsKind.CREDIT) == (terms.days > 0)


@clause("4-orders")
def left_of(tons: Decimal, ordered: Decimal, tolerance_pct: Decimal | None) -> Decimal:
    """The tons still to be called off: the line's tons with its tolerance, to the kilogram below, less what is ordered.

    Never below zero, also where a tolerance was taken back; without a tolerance policy there is no tolerance.
    """
    most = (tons * (100 + (tolerance_pct or 0)) / 100).quantize(KILOGRAM, ROUND_DOWN)
    return max(most - ordered, NO_TONS)
