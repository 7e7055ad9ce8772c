"""Pure rules of the gate (5-4.2.1-F)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from fangxing.clauses import clause
from fangxing.verdicts import Reason
from shipping_svc.gate import reasons


class GateTask(StrEnum):
    """What is told of the gate."""

    REFUSAL = "gate_refusal"
    GUESS = "gate_guess"


@dataclass(frozen=True, slots=True)
class Pass:
    """An exit pass as the gate judges it."""

    vehicle: str
    gate: str
    valid_until: datetime
    used_at: datetime | None
    voided_at: datetime | None = None


@clause("5-4.2.1-F")
def judge_exit(found: Pass | None, *, genuine: bool, vehicle: str, gate: str, now: datetime) -> tuple[Reason, ...]:
    """Why the truck may not leave; empty when it may. At the very moment the pass ends it is still valid."""
    if not genuine:
        return (reasons.FORGED_PASS(),)
    if found is None:
        return (reasons.UNKNOWN_PASS(),)
    if found.used_at is not None:
        return (reasons.USED_PASS(used_at=found.used_at),)
    if found.voided_at is not None:
        return (reasons.VOID_PASS(voided_at=found.voided_at),)
    if found.gate != gate:
        return (reasons.WRONG_GATE(gate=found.gate),)
    if found.vehicle != vehicle:
        return (reasons.WRONG_VEHICLE(vehicle=found.vehicle),)
    return (reasons.EXPIRED_PASS(valid_until=found.valid_until),) if now > found.valid_until else ()
