"""What people are told at the gate: why a truck is not let out, and what to do then."""

from fangxing.labels import labels
from fangxing.text import Text
from fangxing.verdicts import Reason, ReasonType

LABELS = labels(
    exit_pass=("出门证", "exit pass"),
    presented=("出示的编号", "number presented"),
    now=("当时", "now"),
)

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


def held_title(vehicle: str, gate: str, fault: Reason) -> Text:
    """The title of the supervisor's task about a truck held at a gate."""
    return Text(
        f"{gate} 门拦下车辆 {vehicle}：{fault.say('zh-CN')}"[:300],
        f"Truck {vehicle} held at gate {gate}: {fault.say('en')}"[:300],
    )


def guesses_title(gate: str) -> Text:
    """The title of the supervisor's task about a gate where passes are guessed."""
    return Text(
        f"{gate} 门有人出示不存在的出门证，请查看放行拒绝记录",
        f"Passes that do not exist were presented at gate {gate}: see the list of its refusals",
    )
