"""What is asked and answered about applications and the credit master."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel

from customer_svc.accounts.shapes import AccountOut
from customer_svc.grading.rules import ApplicationStatus
from customer_svc.grading.store import CreditApplication
from customer_svc.shapes import Answer
from fangxing.money import Currency, PositiveYuan, Yuan
from fangxing.positions import Grade
from fangxing.text import Paragraph
from fangxing.validation import Body


class ApplyForCredit(Body):
    """An application for a grade and a limit; a limit goes with grade B alone."""

    customer_id: UUID
    grade: Grade
    limit: PositiveYuan | None = None
    currency: Currency = "CNY"
    reasons: Paragraph


class _Application(BaseModel):
    id: UUID
    customer_id: UUID
    grade: Grade
    limit: Yuan | None
    author: str
    created_at: datetime
    status: ApplicationStatus


class ApplicationLine(_Application, Answer):
    """An application in a list."""


class ApplicationOut(_Application):
    """An application with its approval."""

    account_id: UUID
    reasons: str
    decided_on: date | None
    entered_by: str | None
    entered_on: date | None
    approval: dict[str, Any]

    @classmethod
    def show(cls, application: CreditApplication, approval: dict[str, Any]) -> Self:
        """The application with the newest of its approvals."""
        said = {name: getattr(application, name) for name in cls.model_fields if name != "approval"}
        return cls(approval=approval, **said)


class MasterLine(AccountOut):
    """A line of the credit master 客户信用额度总表."""

    customer_id: UUID
    customer_number: str
    customer_name: str
    rep: str
