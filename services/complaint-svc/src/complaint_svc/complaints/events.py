"""What the complaints feature publishes."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from complaint_svc.complaints.rules import Channel, ComplaintKind, Road
from fangxing.outbox import Event


class ComplaintEvent(Event):
    """An event about one complaint."""

    complaint_id: UUID
    number: str
    customer_id: UUID
    account_id: UUID


class ComplaintRegistered(ComplaintEvent):
    """A complaint was entered in the register (6-5.1.1)."""

    event_type: ClassVar[str] = "complaint.ComplaintRegistered.v1"
    kind: ComplaintKind
    channel: Channel
    lot: str | None
    delivery_note_id: UUID | None
    registered_on: date
    answer_due: date


class LotBlockRequested(Event):
    """A complaint about a lot went to quality, and nothing more of the lot is to go out (6-5.1.2)."""

    event_type: ClassVar[str] = "complaint.LotBlockRequested.v1"
    lot: str
    product_id: UUID | None
    complaint_id: UUID
    reason: str


class ComplaintClosed(ComplaintEvent):
    """The customer was told, and nothing of the complaint is open any more (6-5.3)."""

    event_type: ClassVar[str] = "complaint.ComplaintClosed.v1"
    road: Road
    told_customer_on: date
    closed_on: date
