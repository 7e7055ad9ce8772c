"""What the grading publishes; each event carries the whole position."""

from typing import ClassVar
from uuid import UUID

from customer_svc.accounts.events import AccountEvent
from fangxing.positions import Grade


class CreditLimitChanged(AccountEvent):
    """A grade and limit took effect by an approval (2-5.4.4)."""

    event_type: ClassVar[str] = "customer.CreditLimitChanged.v1"
    application_id: UUID


class CustomerGradeChanged(AccountEvent):
    """A grade took effect by itself (2-5.3.1)."""

    event_type: ClassVar[str] = "customer.CustomerGradeChanged.v1"
    grade: Grade
    clause: str
