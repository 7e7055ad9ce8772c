"""The rules of clause 6-3 on returned goods. Pure: no I/O, no clock, no settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from fangxing.clauses import clause
from fangxing.money import ZERO, value_of
from fangxing.text import Text
from fangxing.verdicts import Reason, ReasonType, Scalar, Verdict

Result = Literal["accepted", "partly", "rejected"]

BEYOND_SHIPPED = ReasonType(
    "return-beyond-shipped",
    "6-3",
    Text(
        "送货单 {note} 第 {line} 行发货 {shipped} 吨，已在退 {claimed} 吨，不能再退 {tons} 吨",
        "Line {line} of delivery note {note} shipped {shipped} t, {claimed} t are under return: not {tons} t more",
    ),
    Text("该行最多再退 {remaining} 吨", "At most {remaining} t more of that line"),
)
BEYOND_APPROVED = ReasonType(
    "received-beyond-approved",
    "6-3",
    Text(
        "第 {line} 行批准退货 {approved} 吨，不能收 {received} 吨",
        "{approved} t of line {line} are approved for return, {received} t cannot be received",
    ),
    Text(
        "按批准的吨数收货，多出的部分先报批",
        "Receive what is approved; the rest needs an approved return of its own first",
    ),
)
BEYOND_RECEIVED = ReasonType(
    "accepted-beyond-received",
    "6-3",
    Text(
        "第 {line} 行收到 {received} 吨，不能验收 {accepted} 吨",
        "{received} t of line {line} were received, {accepted} t cannot be accepted",
    ),
    Text("最多验收 {received} 吨", "Accept at most {received} t"),
)


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

    tons: Decimal = Decimal("0.000")
    value: Decimal = ZERO


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


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """A line of an approved return: approved tons and their value in yuan, and the tons received."""

    line: int
    tons: Decimal
    price_per_ton: Decimal
    value: Decimal
    received: Decimal = Decimal("0.000")


@clause("6-3")
def accepted_value(line: ReturnedLine, accepted: Decimal) -> Decimal:
    """The value in yuan of the accepted part: the approved value where all of it is accepted, never more.

    The approved values of a line add up to the line's own when its last ton is approved; so do the accepted ones.
    """
    if accepted == line.tons:
        return line.value
    return min(value_of(accepted, line.price_per_ton), line.value)


@clause("6-3")
def receipt_verdict(lines: Sequence[ReturnedLine], received: dict[int, Decimal]) -> Verdict:
    """Whether the keeper may receive these tons: at most what was approved, line by line."""
    reasons = [
        BEYOND_APPROVED(line=line.line, approved=line.tons, received=received[line.line])
        for line in lines
        if received[line.line] > line.tons
    ]
    inputs: dict[str, Scalar] = {}
    for line in lines:
        inputs |= {f"line_{line.line}_approved": line.tons, f"line_{line.line}_received": received[line.line]}
    return Verdict(not reasons, "refused" if reasons else "received", tuple(reasons), inputs)


@clause("6-3")
def inspection_verdict(lines: Sequence[ReturnedLine], accepted: dict[int, Decimal]) -> Verdict:
    """Whether quality may accept these tons: at most what was received, line by line; the road is the result."""
    reasons = [
        BEYOND_RECEIVED(line=line.line, received=line.received, accepted=accepted[line.line])
        for line in lines
        if accepted[line.line] > line.received
    ]
    inputs: dict[str, Scalar] = {}
    for line in lines:
        inputs |= {f"line_{line.line}_received": line.received, f"line_{line.line}_accepted": accepted[line.line]}
    return Verdict(not reasons, "refused" if reasons else inspection_result(lines, accepted), tuple(reasons), inputs)


@clause("6-3")
def inspection_result(lines: Sequence[ReturnedLine], accepted: dict[int, Decimal]) -> Result:
    """`accepted` where everything received was accepted, `rejected` where nothing was, `partly` between."""
    if all(accepted[line.line] == 0 for line in lines):
        return "rejected"
    return "accepted" if all(accepted[line.line] == line.received for line in lines) else "partly"
