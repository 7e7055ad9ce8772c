"""What is asked and answered about applications and the credit master."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel

from customer_svc.accounts.shapes import AccountOut
from customer_svc.grading.rules import ApplicationAction, ApplicationStatus
from customer_svc.grading.store import CreditApplication
from fangxing.answers import ApprovalOut
from fangxing.money import Currency, PositiveYuan, Yuan
from fangxing.positions import Grade
from fangxing.text import Paragraph, Text
from fangxing.validation import Body


class ApplyForCredit(Body):
    """An application for a grade and a limit; a limit goes with grade B alone."""

    customer_id: UUID
    grade: Grade
    limit: PositiveYuan | None = None
    currency: Currency = "CNY"
    reasons: Paragraph


class ApplicationLine(BaseModel):
    """An application in a list."""

    id: UUID
    customer_id: UUID
    customer_name: Annotated[str, Text("客户", "customer")]
    grade: Annotated[Grade, Text("申请等级", "grade")]
    limit: Annotated[Yuan | None, Text("申请额度（元）", "limit (yuan)")]
    author: Annotated[str, Text("申请人", "author")]
    author_name: Annotated[str | None, Text("申请人姓名", "author's name")]
    created_at: Annotated[datetime, Text("申请时间", "created at")]
    status: Annotated[ApplicationStatus, Text("状态", "status")]
    decided_on: Annotated[date | None, Text("批准日", "decided on")]
    entered_on: Annotated[date | None, Text("录入日", "entered on")]


class ApplicationOut(ApplicationLine):
    """An application with its approval, and what the caller may try with it."""

    account_id: UUID
    reasons: str
    approval: ApprovalOut
    actions: list[ApplicationAction]

    @classmethod
    def show(
        cls, line: ApplicationLine, application: CreditApplication, approval: Mapping[str, Any], actions: list[str]
    ) -> Self:
        """The `line` of an application with the rest of it and the newest of its approvals."""
        return cls(
            **dict(line),
            account_id=application.account_id,
            reasons=application.reasons,
            approval=ApprovalOut.show(approval),
            actions=[ApplicationAction(action) for action in actions],
        )


class MasterLine(AccountOut):
    """A line of the credit master 客户信用额度总表."""

    customer_id: UUID
    customer_number: Annotated[str, Text("客户编号", "customer number")]
    customer_name: Annotated[str, Text("客户", "customer")]
    rep: Annotated[str, Text("销售专员", "rep")]
    rep_name: Annotated[str | None, Text("销售专员姓名", "rep's name")]
