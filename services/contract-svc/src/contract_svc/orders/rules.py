"""The rules of call-offs. Pure: no I/O, no clock, no settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from contract_svc.contracts.rules import ContractStatus, left_of
from contract_svc.contracts.words import WORDS as CONTRACT_WORDS
from contract_svc.orders import reasons
from fangxing.clauses import clause
from fangxing.moves import NEW, Move, Moves
from fangxing.roles import Role
from fangxing.verdicts import Reason


class OrderStatus(StrEnum):
    """The state of an order."""

    CONFIRMED = "confirmed"


class OrderAction(StrEnum):
    """What can be done with an order."""

    CALL_OFF = "call_off"


MOVES: Moves[OrderAction, OrderStatus] = {
    OrderAction.CALL_OFF: Move(NEW, {OrderStatus.CONFIRMED}, {Role.SALES_REP}),
}
FINAL = frozenset({OrderStatus.CONFIRMED})
"""How far an order has come is the progress of its lines."""


@dataclass(frozen=True, slots=True)
class AskedLine:
    """What is asked of one contract line: its tons, the tons ordered so far and the tons asked now."""

    number: int
    product: str
    tons: Decimal
    ordered: Decimal
    asked: Decimal


@dataclass(frozen=True, slots=True)
class CallOffFacts:
    """A call-off and the contract it is on, as the rules see them."""

    contract: str
    status: ContractStatus
    starts_on: date
    ends_on: date
    deliver_on: date
    lines: Sequence[AskedLine]


@clause("4-orders")
def named_again(contract_line_ids: Sequence[UUID]) -> int | None:
    """The first place where a contract line is named that was named before, None where each is named once."""
    seen: set[UUID] = set()
    for place, line in enumerate(contract_line_ids):
        if line in seen:
            return place
        seen.add(line)
    return None


@clause("4-orders", "4-4.2.1")
def refusals(facts: CallOffFacts, today: date, tolerance_pct: Decimal | None) -> tuple[Reason, ...]:
    """Why a call-off is refused, empty where it is confirmed. Exactly what is left, and both end dates, are within."""
    if facts.status is not ContractStatus.APPROVED:
        state = CONTRACT_WORDS.states[facts.status]
        return (reasons.CONTRACT_NOT_APPROVED(contract=facts.contract, status=facts.status, state=state),)
    found: list[Reason] = []
    dates = {"deliver_on": facts.deliver_on, "starts_on": facts.starts_on, "ends_on": facts.ends_on}
    if not facts.starts_on <= facts.deliver_on <= facts.ends_on:
        found.append(reasons.OUTSIDE_DATES(**dates))
    elif facts.deliver_on < today:
        found.append(reasons.DATE_PASSED(deliver_on=facts.deliver_on, today=today))
    for line in facts.lines:
        left = left_of(line.tons, line.ordered, tolerance_pct)
        if line.asked > left:
            found.append(
                reasons.BEYOND_CONTRACT(
                    line=line.number,
                    product=line.product,
                    asked=line.asked,
                    left=left,
                    tons=line.tons,
                    tolerance=tolerance_pct,
                    ordered=line.ordered,
                )
            )
    return tuple(found)
