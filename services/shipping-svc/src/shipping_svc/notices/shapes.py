"""What is asked and answered about notices."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from fangxing.money import PositiveTons, Tons, Yuan
from fangxing.text import Language, Paragraph
from fangxing.validation import Body
from fangxing.verdicts import localized
from shipping_svc.credit.rules import Road
from shipping_svc.notices.rules import Kind, Status
from shipping_svc.notices.store import Notice


class NoticeLineIn(Body):
    """Tons of one order line."""

    order_line_id: UUID
    tons: PositiveTons


class FileNotice(Body):
    """A shipping notice 发货通知单, three days ahead or with the reason why not (5-4.2.1-A)."""

    order_id: UUID
    kind: Kind
    ship_on: date
    lines: list[NoticeLineIn] = Field(min_length=1, max_length=100)
    short_notice_reason: Paragraph | None = None


class OverdueReason(Body):
    """Why the customer is late."""

    reason: Paragraph


class NoticeLineOut(BaseModel):
    """A line of a notice."""

    model_config = ConfigDict(from_attributes=True)
    order_line_id: UUID
    product_id: UUID
    product_name: str
    tons: Tons
    most_tons: Tons
    loaded_tons: Tons
    price_per_ton: Yuan
    value: Yuan


class NoticeRow(BaseModel):
    """A notice in a list; `road` is the credit road it stood on when it was last judged."""

    id: UUID
    number: str
    order_id: UUID
    customer_id: UUID
    account_id: UUID
    kind: Kind
    value: Yuan
    ship_on: date
    short_notice: bool
    status: Status
    road: Road | None
    author: str
    created_at: datetime


class NoticeOut(NoticeRow):
    """A notice with its lines, the last verdict in the caller's language, and its approval."""

    short_notice_reason: str | None
    overdue_reason: str | None
    reviewed_by: str | None
    reserved_credit: Yuan
    reserved_prepaid: Yuan
    verdict: dict[str, Any] | None
    verdict_hash: str | None
    lines: list[NoticeLineOut]
    approval: dict[str, Any] | None

    @classmethod
    def show(cls, notice: Notice, approval: dict[str, Any] | None, language: Language) -> "NoticeOut":
        """The notice as it stands, with the summary of its newest approval."""
        shown = {
            "verdict": localized(notice.verdict, language) if notice.verdict else None,
            "lines": [NoticeLineOut.model_validate(line) for line in notice.lines],
            "approval": approval,
        }
        return cls(**shown, **{name: getattr(notice, name) for name in cls.model_fields.keys() - shown.keys()})
