"""What people are told of notices: why one is refused by itself, its states, and the titles of tasks about it."""

from collections.abc import Mapping
from decimal import Decimal

from fangxing.terms import TermsKind
from fangxing.text import Text
from fangxing.verdicts import Reason, ReasonType

LOOSER_THAN_TERMS = ReasonType(
    "looser-than-terms",
    "5-4.1",
    Text(
        "合同的付款条件是“{terms_zh}”，不能按常规发货",
        "The contract's terms are '{terms_en}': not a regular shipment on credit",
    ),
    Text(
        "改为款到发货；或先按审批变更合同的付款条件",
        "Ship against payment (款到发货), or have the contract's terms changed first",
    ),
)
SHORT_NOTICE = ReasonType(
    "short-notice",
    "5-4.2.1-A",
    Text("发货日期 {ship_on} 距今不足 {days} 天", "The shipping date {ship_on} is less than {days} days away"),
    Text(
        "发货日期改为 {earliest} 或以后，或写明临时要货的原因",
        "A shipping date from {earliest} on, or the reason for the short notice",
    ),
)
LEAD_DAYS_UNSET = ReasonType(
    "lead-days-unset",
    "5-4.2.1-A",
    Text(
        "没有设定发货通知单须提前的天数，每张都按不足天数处理",
        "How many days ahead a notice must come is not set, so every notice is a short one",
    ),
    Text(
        "由销售经理设定提前天数，或写明临时要货的原因",
        "The sales manager sets the days, or the notice gives the reason for the short notice",
    ),
)

STATUS_NAMES: Mapping[str, Text] = {
    "refused": Text("已拒绝", "refused"),
    "finance_review": Text("待财务审核", "waiting for finance"),
    "reason_needed": Text("待填逾期原因", "waiting for the overdue reason"),
    "in_approval": Text("审批中", "being decided"),
    "rejected": Text("未批准", "not approved"),
    "released": Text("已放行", "released"),
    "shipped": Text("已发货", "shipped"),
    "cancelled": Text("已取消", "cancelled"),
}
"""The states of a notice, by `rules.Status`."""
BEING_LOADED = Text("装车中", "being loaded")
"""A released notice with goods on a truck."""

_TERMS = {
    TermsKind.CREDIT: Text("赊销", "on credit"),
    TermsKind.PREPAID: Text("款到发货", "payment before shipping"),
    TermsKind.CASH_ON_DELIVERY: Text("货到收款", "cash on delivery"),
}


def looser_than(terms: TermsKind) -> Reason:
    """A regular shipment on credit is looser than `terms`."""
    return LOOSER_THAN_TERMS(terms_zh=_TERMS[terms].zh, terms_en=_TERMS[terms].en)


def review_title(number: str) -> Text:
    """The title of finance's task to review a notice."""
    return Text(f"审核发货通知单 {number}", f"Review shipping notice {number}")


def review_again_title(number: str) -> Text:
    """The title of finance's task to review a notice again, since its road changed before its release."""
    return Text(
        f"发货通知单 {number} 放行时情况已变，请重新审核",
        f"Notice {number}: the road changed before its release; review it again",
    )


def overdue_reason_title(number: str) -> Text:
    """The title of the rep's task to say why the customer is late."""
    return Text(f"填写发货通知单 {number} 的逾期原因", f"Give the reason for the overdue amount: {number}")


def case_title(number: str, customer: str, value: Decimal) -> Text:
    """The title of the case of a notice worth `value` yuan."""
    return Text(
        f"审批发货通知单 {number}：{customer}，{value} 元",
        f"Decide on shipping notice {number}: {customer}, {value} yuan",
    )
