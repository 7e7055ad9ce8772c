"""A notice in words, and why one is refused by itself, before any figure is looked at."""

from collections.abc import Mapping

from fangxing.labels import Unit, labels
from fangxing.moves import Words
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

# by their codes: the rules, which name them, give these reasons
WORDS = Words(
    Text("发货通知单", "notice"),
    {
        "refused": Text("已拒绝", "refused"),
        "finance_review": Text("待财务审核", "waiting for finance"),
        "reason_needed": Text("待填逾期原因", "waiting for the overdue reason"),
        "in_approval": Text("审批中", "being decided"),
        "rejected": Text("未批准", "not approved"),
        "returned": Text("已退回", "returned"),
        "released": Text("已放行", "released"),
        "shipped": Text("已发货", "shipped"),
        "cancelled": Text("已取消", "cancelled"),
    },
    {
        "file": Text("开单", "file"),
        "review": Text("财务审核", "review"),
        "give_reason": Text("填写逾期原因", "give the overdue reason"),
        "decide": Text("审批", "decide"),
        "announce": Text("开运输通知单", "announce a truck"),
        "load": Text("开始装车", "load a truck"),
        "ship": Text("签字发货", "sign for a truck"),
        "close": Text("关闭", "close"),
        "cancel": Text("取消", "cancel"),
    },
)

LABELS = labels(
    notice=("发货通知单", "shipping notice"),
    kind=("付款方式", "how the goods are paid for"),
    value=("货值", "value of the goods", Unit.YUAN),
    today=("当天", "today"),
    ship_on=("发货日期", "shipping date"),
    lead_days=("须提前天数", "days a notice must come ahead", Unit.DAYS),
    strict_lead=("不足天数一律拒绝", "late notices are refused whatever the reason"),
    has_reason=("写明了临时要货的原因", "the reason for the short notice is given"),
    terms_kind=("合同付款条件", "payment terms of the contract"),
    reserved_credit=("占用的信用额度", "reserved of the credit", Unit.YUAN),
    reserved_prepaid=("占用的预收款", "reserved of the prepayments", Unit.YUAN),
)

_TERMS = {
    TermsKind.CREDIT: Text("赊销", "on credit"),
    TermsKind.PREPAID: Text("款到发货", "payment before shipping"),
    TermsKind.CASH_ON_DELIVERY: Text("货到收款", "cash on delivery"),
}


def refused_title(number: str, why: Mapping[str, str]) -> Text:
    """The task of the author of a notice that was refused, with the reason in both languages."""
    return Text(f"发货通知单 {number} 被拒绝：{why['zh-CN']}"[:300], f"Notice {number} refused: {why['en']}"[:300])


def looser_than(terms: TermsKind) -> Reason:
    """A regular shipment on credit is looser than `terms`."""
    return LOOSER_THAN_TERMS(terms_zh=_TERMS[terms].zh, terms_en=_TERMS[terms].en)


ELSEWHERE = {
    "contract.draft": Text("合同·起草", "contract: draft"),
    "contract.revise": Text("合同·修改", "contract: revise"),
    "contract.submit": Text("合同·提交", "contract: submit"),
    "contract.decide": Text("合同·审批", "contract: decide"),
    "order.call_off": Text("订单·下单", "order: call off"),
}
"""The actions of other services' documents whose hands come with their events."""
