"""What people are told of handlings: why a case cannot close, what deciders and rep are asked."""

from decimal import Decimal

from fangxing.labels import Unit, labels
from fangxing.text import Text
from fangxing.verdicts import ReasonType

LABELS = labels(
    complaint_kind=("投诉类别", "kind of complaint"),
    complaint_road=("投诉归属", "whose matter it is"),
    responsible=("责任方", "responsible party"),
    returns=("退货单数", "returns"),
    returns_tons=("退货吨数", "tons to come back", Unit.TONS),
    approved_on=("批准日期", "approved on"),
    told_customer_on=("告知客户日期", "customer told on"),
    open_returns=("未了结的退货单数", "returns still open"),
    today=("当天", "today"),
)

NOT_APPROVED = ReasonType(
    "handling-not-approved",
    "6-5.2.1",
    Text("处理意见未获批准，不能结案", "The handling is not approved yet"),
    Text("先由责任方签署处理意见并获批准", "Have the responsible party sign a handling and get it approved"),
)
RETURNS_OPEN = ReasonType(
    "returns-open",
    "6-5.3",
    Text("退货 {returns} 尚未检验", "Returns not inspected yet: {returns}"),
    Text("等这些退货检验完毕，或不来的取消", "Have them inspected, or cancelled if they will not come"),
)
TOLD_BEFORE_APPROVAL = ReasonType(
    "told-before-approval",
    "6-5.2.1",
    Text(
        "{told} 告知客户，早于 {approved} 的批准；批准前不得向客户承诺",
        "The customer was told on {told}, before the approval of {approved}; nothing is promised before it",
    ),
    Text("按批准的处理结果再告知客户", "Tell the customer what was approved, and name that date"),
)

NOTE_TWICE = Text("同一送货单只能出现一次", "each delivery note once")


def to_approve(number: str, customer: str, returns_tons: Decimal) -> Text:
    """The deciders' task, with the tons that are to come back; their value is not for everybody who reads it."""
    return Text(
        f"投诉处理意见：{number}，{customer}，退货 {returns_tons} 吨",
        f"Handling of complaint {number}: {customer}, {returns_tons} t to come back",
    )


def to_close(number: str) -> Text:
    """The rep's task once the handling is approved."""
    return Text(
        f"把投诉 {number} 的处理结果告知客户，办完后结案",
        f"Tell the customer how complaint {number} is handled, and close it when done",
    )


ELSEWHERE = {
    "contract.draft": Text("合同·起草", "contract: draft"),
    "contract.revise": Text("合同·修改", "contract: revise"),
    "contract.submit": Text("合同·提交", "contract: submit"),
    "contract.decide": Text("合同·审批", "contract: decide"),
    "order.call_off": Text("订单·下单", "order: call off"),
    "notice.file": Text("发货通知单·开单", "notice: file"),
    "notice.review": Text("发货通知单·财务审核", "notice: review"),
    "notice.give_reason": Text("发货通知单·填写逾期原因", "notice: give the overdue reason"),
    "notice.decide": Text("发货通知单·审批", "notice: decide"),
    "loading.start": Text("装车单·开始装车", "loading: start"),
    "loading.resume": Text("装车单·继续装车", "loading: go on"),
    "delivery-note.sign": Text("送货单·签字", "delivery note: sign"),
}
"""The actions of other services' documents whose hands come with their events."""
