"""The rules of call-offs. Pure: no I/O, no clock, no settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from contract_svc.orders import reasons
from fangxing.clauses import clause
from fangxing.money import KILOGRAM
from fangxing.verdicts import Reason


@clause("4-orders")
def left_of(tons: Decimal, ordered: Decimal, tolerance_pct: Decimal | None) -> Decimal:
    """The tons still to be called off: the line's tons with its tolerance, to the kilogram below, less what is ordered.

    Never below zero, also where a tolerance was taken back; without a tolerance policy there is no tolerance.
    """
    most = (tons * (100 + (tolerance_pct or 0)) / 100).quantize(KILOGRAM, ROUND_DOWN)
    return max(most - ordered, Decimal("0.000"))


@dataclass(frozen=True, slots=True)
class AskedLine:
    """What is asked of one contract line: its tons, the tons ordered so far and the tons asked now."""

    number: int
    product: str
    tons: Decimal
    ordered: Decimal
    asked: Decimal


@dataclass(frozen=True, slots=True)
class CallOff:
    """A call-off as the rules see it."""

    contract: str
    status: str
    starts_on: date
    ends_on: date
    deliver_on: date
    lines: Sequence[AskedLine]


@clause("4-orders", "4-4.2.1")
def refusals(call_off: CallOff, today: date, tolerance_pct: Decimal | None) -> tuple[Reason, ...]:
    """Why a call-off is refused, empty where it is confirmed. Exactly what is left, and both end dates, are within."""
    if call_off.status != "approved":
        return (reasons.CONTRACT_NOT_APPROVED(contract=call_off.contract, status=call_off.status),)
    found: list[Reason] = []
    dates = {"deliver_on": call_off.deliver_on, "starts_on": call_off.starts_on, "ends_on": call_off.ends_on}
    if not call_off.starts_on <= call_off.deliver_on <= call_off.ends_on:
        found.append(reasons.OUTSIDE_DATES(**dates))
    elif call_off.deliver_on < today:
        found.append(reasons.DATE_PASSED(deliver_on=call_off.deliver_on, today=today))
    for line in call_off.lines:
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
