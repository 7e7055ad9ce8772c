"""What the deciding feature publishes."""

from datetime import date
from typing import ClassVar

from complaint_svc.complaints.events import ComplaintEvent
from complaint_svc.complaints.rules import Road


class ComplaintClosed(ComplaintEvent):
    """The customer was told, and nothing of the complaint is open any more (6-5.3)."""

    event_type: ClassVar[str] = "complaint.ComplaintClosed.v1"
    road: Road
    told_customer_on: date
    closed_on: date
