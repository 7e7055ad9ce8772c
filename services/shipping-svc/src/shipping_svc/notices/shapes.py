"""What is asked and answered about notices."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from fangxing.answers import ApprovalOut, Judged, VerdictOut
from fangxing.money import PositiveTons, Tons, Yuan
from fangxing.sight import SeenBy
from fangxing.text import Language, Paragraph, Text
from fangxing.validation import Body
from shipping_svc.credit.rules import Road
from shipping_svc.notices.rules import STOPPED, Kind, NoticeAction, NoticeStatus
from shipping_svc.notices.store import Notice
from shipping_svc.reference.access import MONEY


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
    price_per_ton: Annotated[Yuan | None, SeenBy(MONEY)]
    value: Annotated[Yuan | None, SeenBy(MONEY)]


class NoticeFacts(BaseModel):
    """What a notice is about; `road` is the credit road it stood on when it was last judged."""

    id: UUID
    number: Annotated[str, Text("发货通知单编号", "notice")]
    order_id: UUID
    customer_id: UUID
    customer_name: Annotated[str, Text("客户", "customer")]
    account_id: UUID
    kind: Kind
    value: Annotated[Yuan | None, Text("货值", "value"), SeenBy(MONEY)]
    ship_on: Annotated[date, Text("发货日期", "ship on")]
    short_notice: bool
    status: NoticeStatus
    road: Annotated[Road | None, SeenBy(MONEY)]
    author: str
    created_at: datetime


class NoticeRow(NoticeFacts):
    """A notice in a list."""

    author_name: Annotated[str | None, Text("申请人姓名", "author's name")]


class NoticeOut(NoticeFacts):
    """A notice with its lines, the last verdict on it, its approval, and what the caller may try with it."""

    short_notice_reason: str | None
    overdue_reason: Annotated[str | None, SeenBy(MONEY)]
    reserved_credit: Annotated[Yuan | None, SeenBy(MONEY)]
    reserved_prepaid: Annotated[Yuan | None, SeenBy(MONEY)]
    verdict: Annotated[VerdictOut | None, SeenBy(MONEY)]
    lines: list[NoticeLineOut]
    approval: Annotated[ApprovalOut | None, SeenBy(MONEY)]
    actions: list[NoticeAction]

    @classmethod
    def show(
        cls, notice: Notice, approval: Mapping[str, Any] | None, actions: Sequence[str], language: Language
    ) -> Self:
        """The notice as it stands, with the summary of its newest approval."""
        shown = {
            "allowed": _goes_on(notice),
            "verdict": VerdictOut.show(notice.verdict, language),
            "lines": [NoticeLineOut.model_validate(line) for line in notice.lines],
            "approval": approval,
            "actions": actions,
        }
        return cls.model_validate(
            {**{name: getattr(notice, name) for name in cls.model_fields.keys() - shown.keys()}, **shown}
        )


def _goes_on(notice: Notice) -> bool:
    """Whether the notice goes on: neither refused, nor sent back at its release, nor ended by its deciders."""
    sent_back = notice.verdict["kind"] == "release" and not notice.verdict["allowed"]
    return not sent_back and notice.status not in STOPPED


class JudgedNotice(NoticeOut, Judged):
    """A notice after a step. `allowed`: it goes on, be it to more deciders; `verdict` is the last one on its road."""

    allowed: bool
    verdict: VerdictOut
