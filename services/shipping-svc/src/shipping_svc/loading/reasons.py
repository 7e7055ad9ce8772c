"""What people are told in the yard: why a truck or a package is stopped, and what would make it pass."""

from collections.abc import Iterable
from dataclasses import replace

from fangxing.labels import Unit, labels
from fangxing.text import Text
from fangxing.verdicts import Reason, ReasonType

LABELS = labels(
    vehicle=("车牌", "vehicle"),
    driver=("司机", "driver"),
    announced=("运输通知单上的车辆", "trucks announced"),
    loading=("装车单", "loading"),
    lots=("批号", "lots"),
    sequence=("扫描序号", "sequence number of the scan"),
    loading_id=("装车单", "loading"),
    order_line_id=("订单行", "order line"),
    lot=("批号", "lot"),
    package=("包装号", "package"),
    tons=("吨数", "tons", Unit.TONS),
    scanned_at=("扫描时间", "scanned at"),
    under_way=("装车中", "the loading is under way"),
    most_tons=("本行最多可装", "most that may be loaded on the line", Unit.TONS),
    loaded_tons=("本行已装", "loaded on the line", Unit.TONS),
    lot_passed=("批号检验合格", "the lot has a passing report"),
    lot_blocked=("批号被冻结", "the lot is blocked"),
    last_sequence=("此前最大的扫描序号", "highest sequence number so far"),
    place=("设备所在仓库", "warehouse of the device"),
    warehouse=("装车仓库", "warehouse of the loading"),
    received_at=("收到时间", "received at"),
    package_loaded=("包装号已装过", "the package is loaded already"),
)

WRONG_TRUCK = ReasonType(
    "transport-mismatch",
    "5-4.2.1-D",
    Text(
        "与运输通知单不符：{what_zh}，通知单为 {expected}，现场为 {found}",
        "Not as on the transport notice: {what_en} should be {expected} and is {found}",
    ),
    Text(
        "核对车辆和司机；销售专员可改发运输通知单", "Check truck and driver; the rep can issue another transport notice"
    ),
)
NO_TRANSPORT_NOTICE = ReasonType(
    "transport-notice-missing",
    "5-4.2.1-D",
    Text("没有这辆车的运输通知单", "There is no transport notice for a truck"),
    Text("销售专员先开运输通知单", "The rep issues a transport notice first"),
)
LOT_NOT_PASSED = ReasonType(
    "lot-not-passed",
    "5-3",
    Text("批号 {lot} 没有合格的质量检验报告", "Lot {lot} has no passing quality report"),
    Text("品质部出具合格报告或让步接收后再装", "Quality issues a passing report or a concession first"),
)
LOT_BLOCKED = ReasonType(
    "lot-blocked",
    "5-3",
    Text("批号 {lot} 因投诉被冻结", "Lot {lot} is blocked because of a complaint"),
    Text("品质部解除冻结，或换批号", "Quality releases the lot, or another lot is loaded"),
)
LOADED_LOT_BLOCKED = replace(
    LOT_BLOCKED,
    remedy=Text("品质部解除冻结后再签字出门", "Passes once quality releases the lot; the truck waits until then"),
)
WRONG_LINE = ReasonType(
    "line-not-on-notice",
    "5-4.2.1-D",
    Text("发货通知单上没有这一行", "This line is not on the shipping notice"),
    Text("按通知单上的货物装车", "Load what is on the notice"),
)
TOO_MUCH = ReasonType(
    "over-notice",
    "5-4.2.1-D",
    Text("本行最多还能装 {left} 吨，本次 {tons} 吨", "Only {left} t more may be loaded on this line, this is {tons} t"),
    Text("卸下多出的部分，或另开发货通知单", "Unload what is too much, or file another notice"),
)
PACKAGE_TWICE = ReasonType(
    "package-twice",
    "5-4.2.1-D",
    Text("包装号 {package} 已装过", "Package {package} is already loaded"),
    Text("换一包，或核对条码", "Take another package, or check its label"),
)
LOADING_CLOSED = ReasonType(
    "loading-closed",
    "5-4.2.1-E",
    Text("没有在装的这车货，或已签字", "There is no such loading under way, or it is signed already"),
    Text("另开一车", "Start another loading"),
)
SEQUENCE_REUSED = ReasonType(
    "sequence-reused",
    "5-4.2.1-D",
    Text("序号 {sequence} 已用于另一次扫描", "The sequence number {sequence} was used for another scan"),
    Text("设备用下一个序号重发", "The device sends it again under its next sequence number"),
)
SEQUENCE_JUMPED = ReasonType(
    "sequence-jumped",
    "5-4.2.1-D",
    Text(
        "序号 {sequence} 与此前的 {last} 相差太大",
        "The sequence number {sequence} is too far from {last}, the last one",
    ),
    Text(
        "设备从 {last} 的下一个序号重发；序号已丢失的，由管理员重新登记设备",
        "The device goes on after {last}; where it has lost count, the administrator enrols it anew",
    ),
)
CLOCK_WRONG = ReasonType(
    "clock-wrong",
    "5-4.2.1-D",
    Text(
        "扫描时间 {scanned_at} 与现在相差太大，设备时钟不准", "The scan is of {scanned_at}: the device's clock is wrong"
    ),
    Text("校准设备时钟后重新扫描", "Set the device's clock and scan again"),
)
OTHER_WAREHOUSE = ReasonType(
    "other-warehouse",
    "5-4.2.1-D",
    Text(
        "设备属于 {place}，车在 {warehouse} 装货", "The device belongs to {place}, the truck is loaded at {warehouse}"
    ),
    Text(
        "用 {warehouse} 的设备扫描；车已换仓库的，仓管员在那里继续装车",
        "Scan with a device of {warehouse}; where the truck has moved, the keeper goes on loading it there",
    ),
)


def wrong_vehicle(announced: Iterable[str], found: str) -> Reason:
    """A truck stands in the yard that was not among those announced."""
    return WRONG_TRUCK(what_zh="车牌", what_en="vehicle", expected=" / ".join(sorted(announced)), found=found)


def wrong_driver(expected: str, found: str) -> Reason:
    """The truck has come with another driver."""
    return WRONG_TRUCK(what_zh="司机", what_en="driver", expected=expected, found=found)


def lot_blocked_title(lot: str) -> Text:
    """The title of quality's task about a lot that a complaint has blocked."""
    return Text(f"批号 {lot} 因投诉冻结，请判定", f"Lot {lot} is blocked by a complaint: judge it")
