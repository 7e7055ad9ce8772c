"""What the complaints feature publishes."""

from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from complaint_svc.complaints.rules import Channel, ComplaintKind
from complaint_svc.complaints.store import Complaint
from fangxing.outbox import Event


class ComplaintEvent(Event):
    """An event about one complaint."""

    complaint_id: UUID
    number: str
    customer_id: UUID
    account_id: UUID

    @classmethod
    def about(cls, complaint: Complaint, **more: Any) -> Self:
        """The event about `complaint` that says `more`."""
        heading = {
            "complaint_id": complaint.id,
            "number": complaint.number,
            "customer_id": complaint.customer_id,
            "account_id": complaint.account_id,
        }
        return cls.model_validate(heading | more)


class ComplaintRegistered(ComplaintEvent):
    """A complaint was entered in the register (6-5.1.1)."""

    event_type: ClassVar[str] = "complaint.ComplaintRegistered.v1"
    kind: ComplaintKind
    channel: Channel
    lot: str | None
    delivery_note_id: UUID | None
    created_on: date
    answer_due: date


class LotBlockRequested(Event):
    """A complaint about a lot went to quality, and nothing more of the lot is to go out (6-5.1.2)."""

    event_type: ClassVar[str] = "complaint.LotBlockRequested.v1"
    lot: str
    product_id: UUID | None
    complaint_id: UUID
    reason: str
