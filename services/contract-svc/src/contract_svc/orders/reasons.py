"""The reasons for which a call-off is refused, and what would make it pass."""

from contract_svc.contracts.reasons import STATUS_NAMES
from contract_svc.contracts.rules import Status
from contract_svc.reference.reasons import naming
from fangxing.text import Text
from fangxing.verdicts import Reason, ReasonType

CONTRACT_NOT_APPROVED = ReasonType(
    "contract-not-approved",
    "4-4.2.1",
    Text(
        "合同 {contract} 状态为{status}，签字认可后才生效",
        "Contract {contract} is {status}; it is in force once signed",
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


def contract_not_approved(contract: str, status: Status) -> Reason:
    """The contract numbered `contract` is not in force."""
    return naming(CONTRACT_NOT_APPROVED, status=STATUS_NAMES[status])(contract=contract, status=status)
