"""The rules of clause 6-3 on returned goods. Pure: no I/O, no clock, no settings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from complaint_svc.returns.reasons import BEYOND_APPROVED, BEYOND_RECEIVED, BEYOND_SHIPPED
from fangxing.clauses import clause
from fangxing.money import ZERO, value_of
from fangxing.moves import EVENT, NEW, Move, Moves
from fangxing.roles import Role
from fangxing.verdicts import Outcome, Reason, Scalar, Verdict

NO_TONS = Decimal("0.000")


class ReturnStatus(StrEnum):
    """The state of a return. Proposed it holds its tons and is promised to nobody; refused it never was anything."""

    PROPOSED = "proposed"
    REFUSED = "refused"
    APPROVED = "approved"
    CANCELLED = "cancelled"
    RECEIVED = "received"
    INSPECTED = "inspected"


class ReturnAction(StrEnum):
    """What can be done with a return; it is proposed, approved and refused with its handling."""

    PROPOSE = "propose"
    APPROVE = "approve"
    REFUSE = "refuse"
    RECEIVE = "receive"
    INSPECT = "inspect"
    CANCEL = "cancel"


class ReturnTask(StrEnum):
    """What a return asks somebody to do."""

    RECEIVE = "receive_return"
    INSPECT = "inspect_return"


MOVES: Moves[ReturnAction, ReturnStatus] = {
    ReturnAction.PROPOSE: Move(NEW, {ReturnStatus.PROPOSED}, EVENT),
    ReturnAction.APPROVE: Move({ReturnStatus.PROPOSED}, {ReturnStatus.APPROVED}, EVENT),
    ReturnAction.REFUSE: Move({ReturnStatus.PROPOSED}, {ReturnStatus.REFUSED}, EVENT),
    ReturnAction.RECEIVE: Move({ReturnStatus.APPROVED}, {ReturnStatus.RECEIVED}, {Role.WAREHOUSE_KEEPER}),
    ReturnAction.INSPECT: Move({ReturnStatus.RECEIVED}, {ReturnStatus.INSPECTED}, {Role.QUALITY}),
    ReturnAction.CANCEL: Move({ReturnStatus.APPROVED}, {ReturnStatus.CANCELLED}, {Role.SALES_REP, Role.SALES_MANAGER}),
}
FINAL = frozenset({ReturnStatus.REFUSED, ReturnStatus.CANCELLED, ReturnStatus.INSPECTED})

OPEN = frozenset(ReturnStatus) - FINAL
"""States in which a return is still under way."""
PROMISED = frozenset(ReturnStatus) - {ReturnStatus.PROPOSED, ReturnStatus.REFUSED}
"""States of a return that somebody beside its deciders has to do with."""
HOLDING = frozenset(ReturnStatus) - {ReturnStatus.REFUSED, ReturnStatus.CANCELLED}
"""States in which a return holds tons of its delivery note's lines."""


class Result(StrEnum):
    """What an inspection found of what was received."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ShippedLine:
    """A line of a delivery note: tons, yuan per ton, and the line's value in yuan."""

    line: int
    tons: Decimal
    price_per_ton: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class Claimed:
    """What returns hold of a line: what was accepted where inspected, what was proposed or approved before that."""

    tons: Decimal = NO_TONS
    value: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """A line of an approved return: approved tons and their value in yuan, and the tons received."""

    line: int
    tons: Decimal
    price_per_ton: Decimal
    value: Decimal
    received: Decimal = NO_TONS


def return_number(complaint: str, sequence: int) -> str:
    """The number of a complaint's return."""
    return f"{complaint}-R{sequence}"


def each_once(values: Iterable[object]) -> bool:
    """Whether none of `values` is named twice."""
    named = list(values)
    return len(set(named)) == len(named)


@clause("6-3")
def beyond_shipped(note: str, line: ShippedLine, claimed: Claimed, tons: Decimal) -> Reason | None:
    """Why `tons` more of `line` cannot be returned; None while all returns together stay within what was shipped."""
    remaining = line.tons - claimed.tons
    if tons <= remaining:
        return None
    return BEYOND_SHIPPED(
        note=note, line=line.line, shipped=line.tons, claimed=claimed.tons, tons=tons, remaining=remaining
    )


@clause("6-3")
def part_value(line: ShippedLine, claimed: Claimed, tons: Decimal) -> Decimal:
    """The value in yuan of returning `tons` of `line`, at the delivery note's price.

    What completes the line takes the remainder of the line's value, so that no cent sticks; no part takes more than it.
    """
    remainder = line.value - claimed.value
    if claimed.tons + tons == line.tons:
        return remainder
    return min(value_of(tons, line.price_per_ton), remainder)


@clause("6-3")
def accepted_value(line: ReturnedLine, accepted: Decimal) -> Decimal:
    """The value in yuan of the accepted part: the approved value where all of it is accepted, never more.

    The approved values of a line add up to the line's own when its last ton is approved; so do the accepted ones.
    """
    if accepted == line.tons:
        return line.value
    return min(value_of(accepted, line.price_per_ton), line.value)


def names_each(lines: Sequence[ReturnedLine], tons: Mapping[int, Decimal]) -> bool:
    """Whether `tons` names every line of a return, and no other."""
    return tons.keys() == {line.line for line in lines}


@clause("6-3")
def receipt_verdict(lines: Sequence[ReturnedLine], received: Mapping[int, Decimal]) -> Verdict:
    """Whether the keeper may receive these tons: at most what was approved, line by line."""
    reasons = [
        BEYOND_APPROVED(line=line.line, approved=line.tons, received=received[line.line])
        for line in lines
        if received[line.line] > line.tons
    ]
    inputs: dict[str, Scalar] = {}
    for line in lines:
        inputs |= {f"line.{line.line}.approved": line.tons, f"line.{line.line}.received": received[line.line]}
    return Verdict(not reasons, Outcome.REFUSED if reasons else ReturnStatus.RECEIVED, tuple(reasons), inputs)


def with_unreceived(lines: Sequence[ReturnedLine], accepted: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """`accepted`, and nothing of each line of which nothing was received: such a line need not be named."""
    return {line.line: NO_TONS for line in lines if not line.received} | dict(accepted)


@clause("6-3")
def inspection_verdict(lines: Sequence[ReturnedLine], accepted: Mapping[int, Decimal]) -> Verdict:
    """Whether quality may accept these tons: at most what was received, line by line; the outcome is the result."""
    reasons = [
        BEYOND_RECEIVED(line=line.line, received=line.received, accepted=accepted[line.line])
        for line in lines
        if accepted[line.line] > line.received
    ]
    inputs: dict[str, Scalar] = {}
    for line in lines:
        inputs |= {f"line.{line.line}.received": line.received, f"line.{line.line}.accepted": accepted[line.line]}
    return Verdict(
        not reasons, Outcome.REFUSED if reasons else inspection_result(lines, accepted), tuple(reasons), inputs
    )


@clause("6-3")
def inspection_result(lines: Sequence[ReturnedLine], accepted: Mapping[int, Decimal]) -> Result:
    """Accepted where everything received was accepted, rejected where nothing was, partly between."""
    if all(accepted[line.line] == 0 for line in lines):
        return Result.REJECTED
    return Result.ACCEPTED if all(accepted[line.line] == line.received for line in lines) else Result.PARTLY
