"""Pure rules of the gate (5-4.2.1-F)."""

from dataclasses import dataclass
from datetime import datetime

from fangxing.clauses import clause
from fangxing.text import Text
from fangxing.verdicts import Reason, ReasonType

UNKNOWN_PASS = ReasonType(
    "pass-unknown",
    "5-4.2.1-F",
    Text("没有这张出门证", "There is no such exit pass"),
    Text("核对编号；请仓库重新出示出门证", "Check the number; ask the warehouse for the exit pass"),
)
FORGED_PASS = ReasonType(
    "pass-not-genuine",
    "5-4.2.1-F",
    Text("二维码签名不对，不是本厂出门证", "The signature of the code is not this factory's"),
    Text("扣下车辆，通知仓库主管", "Hold the truck and call the warehouse supervisor"),
)
USED_PASS = ReasonType(
    "pass-used",
    "5-4.2.1-F",
    Text("出门证已于 {used_at} 使用过", "The pass was used at {used_at}"),
    Text("一张出门证只放行一次；通知仓库主管", "A pass lets one truck out once; call the warehouse supervisor"),
)
VOID_PASS = ReasonType(
    "pass-void",
    "5-4.2.1-F",
    Text("出门证已于 {voided_at} 作废，另发了新证", "The pass was made void at {voided_at}; another one was issued"),
    Text("请司机出示新的出门证", "Ask the driver for the new pass"),
)
EXPIRED_PASS = ReasonType(
    "pass-expired",
    "5-4.2.1-F",
    Text("出门证已于 {valid_until} 过期", "The pass expired at {valid_until}"),
    Text("请仓库重新核对后补发", "The warehouse checks the truck again and issues another pass"),
)
WRONG_GATE = ReasonType(
    "pass-other-gate",
    "5-4.2.1-F",
    Text("此证只限 {gate} 门", "This pass is for gate {gate}"),
    Text("请司机到 {gate} 门", "Send the truck to gate {gate}"),
)
WRONG_VEHICLE = ReasonType(
    "pass-other-vehicle",
    "5-4.2.1-F",
    Text("此证的车牌是 {vehicle}", "This pass is for the truck {vehicle}"),
    Text(
        "核对车牌；不符则扣车并通知仓库主管", "Check the plate; if it differs, hold the truck and call the supervisor"
    ),
)


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
        return (FORGED_PASS(),)
    if found is None:
        return (UNKNOWN_PASS(),)
    if found.used_at is not None:
        return (USED_PASS(used_at=found.used_at),)
    if found.voided_at is not None:
        return (VOID_PASS(voided_at=found.voided_at),)
    if found.gate != gate:
        return (WRONG_GATE(gate=found.gate),)
    if found.vehicle != vehicle:
        return (WRONG_VEHICLE(vehicle=found.vehicle),)
    return (EXPIRED_PASS(valid_until=found.valid_until),) if now > found.valid_until else ()


_BETWEEN = str.maketrans("", "", " \u3000·・•")


@clause("5-4.2.1-D", "5-4.2.1-F")
def plate(typed: str) -> str:
    """A number plate in one spelling, without spaces and middle dots and in capitals: 浙a·12345 is 浙A12345."""
    return typed.translate(_BETWEEN).upper()


@clause("5-4.2.1-F")
def is_short_number(typed: str) -> bool:
    """Whether `typed` is eight digits of which the last one is the check digit."""
    return typed.isascii() and typed.isdigit() and len(typed) == 8 and check_digit(typed[:-1]) == typed[-1]


@clause("5-4.2.1-F")
def check_digit(digits: str) -> str:
    """The Luhn check digit of a short number, so that one mistyped digit never finds another truck's pass."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)
