"""What people are told about applications and the nightly review."""

from datetime import date
from uuid import UUID

from fangxing.positions import Grade
from fangxing.text import Text

ENTER_IN_MASTER = Text("把批准的信用额度录入总表", "Enter the approved credit in the master")


def application_title(customer: str, grade: Grade) -> Text:
    """An application as its deciders find it among their tasks."""
    return Text(f"信用额度申请：{customer}，{grade} 级", f"Credit application: {customer}, grade {grade}")


LAPSED = Text(
    "申请提交后等级已自动下降，信用额度申请作废，请重新申请",
    "The grade fell after this was applied for and the application lapsed: file a new one",
)


def review_failed(account_id: UUID, day: date) -> Text:
    """The title of the administrator's task about an account that could not be reviewed."""
    return Text(
        f"信用账户 {account_id} 在 {day} 的逾期检查出错，原因见日志，次日重试",
        f"Credit account {account_id} could not be reviewed for {day}: see the log; the next night tries again",
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
    "complaint.register": Text("投诉·登记", "complaint: register"),
    "complaint.route": Text("投诉·分派", "complaint: route"),
    "handling.sign": Text("处理意见·签署", "handling: sign"),
    "return.propose": Text("退货单·提出", "return: propose"),
    "return.approve": Text("退货单·批准", "return: approve"),
    "return.receive": Text("退货单·收货", "return: receive"),
    "return.inspect": Text("退货单·检验", "return: inspect"),
}
"""The actions of other services' documents whose hands come with their events."""
