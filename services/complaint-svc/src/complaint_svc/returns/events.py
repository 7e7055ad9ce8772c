"""What the returns feature publishes. Amounts in yuan at the delivery note's price, weights in tons."""

from typing import Any, ClassVar, Self
from uuid import UUID

from pydantic import BaseModel

from complaint_svc.returns.rules import Result
from complaint_svc.returns.store import Return
from fangxing.documents import Hands
from fangxing.money import PositiveTons, YuanOrZero
from fangxing.outbox import Event


class ApprovedLine(BaseModel):
    """A line of an approved return; `line` is the delivery note's."""

    line: int
    product_id: UUID
    lot: str
    tons: PositiveTons
    price_per_ton: YuanOrZero
    value: YuanOrZero


class AcceptedLine(BaseModel):
    """What quality accepted of a line; `line` is the delivery note's."""

    line: int
    product_id: UUID
    lot: str
    tons: PositiveTons
    value: YuanOrZero


class ReturnEvent(Event):
    """An event about one return."""

    return_id: UUID
    complaint_id: UUID
    number: str
    customer_id: UUID
    account_id: UUID
    delivery_note_id: UUID

    @classmethod
    def about(cls, returned: Return, **more: Any) -> Self:
        """The event about `returned` that says `more`."""
        heading = {
            "return_id": returned.id,
            "complaint_id": returned.complaint_id,
            "number": returned.number,
            "customer_id": returned.customer_id,
            "account_id": returned.account_id,
            "delivery_note_id": returned.delivery_note_id,
        }
        return cls.model_validate(heading | more, from_attributes=True)


class ReturnApproved(ReturnEvent):
    """A return was approved: the goods may come back (6-5.2.1)."""

    event_type: ClassVar[str] = "complaint.ReturnApproved.v1"
    lines: list[ApprovedLine]
    value: YuanOrZero
    hands: Hands


class ReturnInspected(ReturnEvent):
    """A return was inspected: what was accepted, and its value, by which the customer's exposure falls (6-3)."""

    event_type: ClassVar[str] = "complaint.ReturnInspected.v1"
    result: Result
    lines: list[AcceptedLine]
    value: YuanOrZero
    hands: Hands


class ReturnCancelled(ReturnEvent):
    """An approved return will not come: nothing of it was received."""

    event_type: ClassVar[str] = "complaint.ReturnCancelled.v1"
    reason: str
