"""Why a notice is refused by itself, before any figure is looked at, and the tasks with it."""

from fangxing.labels import Unit, labels
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


def refused_title(number: str) -> Text:
    """The task of the author of a notice that was refused; why, and what would pass, is beside it."""
    return Text(f"发货通知单 {number} 被拒绝", f"Notice {number} refused")


def to_review(number: str) -> Text:
    """The accountant's task with a new notice."""
    return Text(f"审核发货通知单 {number}", f"Review shipping notice {number}")


def to_review_again(number: str) -> Text:
    """The accountant's task with a notice whose road changed before its release."""
    return Text(
        f"发货通知单 {number} 放行时情况已变，请重新审核",
        f"Notice {number}: the road changed before its release; review it again",
    )


def reason_to_give(number: str) -> Text:
    """The rep's task with a notice of a customer who is overdue."""
    return Text(f"填写发货通知单 {number} 的逾期原因", f"Give the reason for the overdue amount: {number}")


def to_decide(number: str, customer: str) -> Text:
    """The title of the approval of a notice."""
    return Text(f"审批发货通知单 {number}：{customer}", f"Decide on shipping notice {number}: {customer}")


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
