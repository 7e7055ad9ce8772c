"""What is asked and answered about credit; amounts in yuan."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel

from fangxing.money import Currency, PositiveYuan, Yuan
from fangxing.positions import Grade, exposure
from fangxing.text import Paragraph, Text
from fangxing.validation import Body
from shipping_svc.credit.rules import ExceptionAction, ExceptionStatus, Figures


class AccountOut(BaseModel):
    """A credit account as shipping decides on it; amounts in yuan, `limit` null for no cap. `hold`: no trust yet.

    From `c_from` on the customer is at best C, from `d_from` on D; `prepaid_by` review no prepaid notice of his.
    """

    id: UUID
    exposure: Yuan
    grade: Grade
    limit: Yuan | None
    c_from: date | None
    d_from: date | None
    stopped: bool
    hold: bool
    released: Yuan
    shipped_total: Yuan
    prepaid_used_total: Yuan
    receivable: Yuan
    written_off: Yuan
    settled_total: Yuan
    prepaid_total: Yuan
    next_due: date | None
    overdue_amount: Yuan
    overdue_since: date | None
    prepaid_by: list[str]
    epoch: int
    version: int
    customer_epoch: int
    customer_version: int

    @classmethod
    def show(cls, figures: Figures) -> "AccountOut":
        """The account whose figures these are."""
        return cls(**asdict(figures), exposure=exposure(figures))


class GrantException(Body):
    """The GM's written exception: credit up to an exposure of `ceiling` yuan, until a date."""

    customer_id: UUID
    ceiling: PositiveYuan
    currency: Currency = "CNY"
    valid_until: date
    reason: Paragraph


class RevokeException(Body):
    """Why the exception is taken back."""

    reason: Paragraph


class ExceptionOut(BaseModel):
    """An exception in writing: an exposure of up to `ceiling` yuan; `ended_because` is why it was revoked."""

    id: UUID
    customer_id: UUID
    customer_name: Annotated[str, Text("客户", "customer")]
    account_id: UUID
    ceiling: Annotated[Yuan, Text("欠款上限", "ceiling")]
    valid_until: date
    status: ExceptionStatus
    reason: str
    author: str
    author_name: Annotated[str | None, Text("批准人姓名", "granted by")]
    created_at: datetime
    ended_because: str | None


class ExceptionDetail(ExceptionOut):
    """An exception in writing, and what the caller may try with it."""

    actions: list[ExceptionAction]
