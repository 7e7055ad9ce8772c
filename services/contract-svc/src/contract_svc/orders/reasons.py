"""What people are told about orders: why a call-off is refused, and what would make it pass."""

from fangxing.labels import Unit, labels
from fangxing.text import Text
from fangxing.verdicts import ReasonType

LABELS = labels(
    contract=("合同", "contract"),
    contract_status=("合同状态", "state of the contract"),
    starts_on=("合同开始日期", "first day of the contract"),
    ends_on=("合同结束日期", "last day of the contract"),
    deliver_on=("交货日期", "delivery date"),
    tolerance_pct=("下单容差", "tolerance", Unit.PERCENT),
    line_ordered=("第 {line} 行已下单", "ordered so far of line {line}", Unit.TONS),
    line_asked=("第 {line} 行本次下单", "asked of line {line}", Unit.TONS),
    line_left=("第 {line} 行余量", "left of line {line}", Unit.TONS),
)

CONTRACT_NOT_APPROVED = ReasonType(
    "contract-not-approved",
    "4-4.2.1",
    Text(
        "合同 {contract} 状态为{state}，签字认可后才生效",
        "Contract {contract} is {state}; it is in force once signed",
    ),
    Text("先完成合同审批", "Have the contract approved first"),
)
OUTSIDE_DATES = ReasonType(
    "outside-contract-dates",
    "4-orders",
    Text(
        "交货日期 {deliver_on} 不在合同期 {starts_on} 至 {ends_on} 之内",
        "The delivery date {deliver_on} is outside the contract's dates, {starts_on} to {ends_on}",
    ),
    Text("交货日期改在 {starts_on} 至 {ends_on} 之内", "A delivery date from {starts_on} to {ends_on}"),
)
DATE_PASSED = ReasonType(
    "delivery-date-passed",
    "4-orders",
    Text("交货日期 {deliver_on} 早于今天 {today}", "The delivery date {deliver_on} is before today, {today}"),
    Text("交货日期不早于 {today}", "A delivery date of {today} or later"),
)
BEYOND_CONTRACT = ReasonType(
    "beyond-contract",
    "4-orders",
    Text(
        "第 {line} 行 {product}：要 {asked} 吨，合同余量只有 {left} 吨"
        "（合同 {tons} 吨，容差 {tolerance}%，已下单 {ordered} 吨）",
        "Line {line}, {product}: {asked} t asked, only {left} t left"
        " (contract {tons} t, tolerance {tolerance} %, ordered {ordered} t)",
    ),
    Text("第 {line} 行最多 {left} 吨", "At most {left} t of line {line}"),
)
