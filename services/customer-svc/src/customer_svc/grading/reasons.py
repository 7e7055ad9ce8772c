"""What people are told about applications and the nightly review."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from fangxing.positions import Grade
from fangxing.text import Text
from fangxing.verdicts import plain

ENTER_IN_MASTER = Text("把批准的信用额度录入总表", "Enter the approved credit in the master")


def application_title(customer: str, grade: Grade, limit: Decimal | None) -> Text:
    """An application as its deciders find it among their tasks; `limit` in yuan."""
    asked = plain(limit) or "—"
    return Text(
        f"信用额度申请：{customer}，{grade} 级，额度 {asked} 元",
        f"Credit application: {customer}, grade {grade}, limit {asked} yuan",
    )


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
