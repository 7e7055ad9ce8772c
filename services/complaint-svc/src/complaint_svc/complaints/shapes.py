"""What is asked of the register, and what it answers."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy.engine import RowMapping

from complaint_svc.complaints.rules import Channel, ComplaintKind, ComplaintStatus, Road
from complaint_svc.complaints.store import Routing
from fangxing.money import Tons
from fangxing.roles import Role
from fangxing.text import Code, Paragraph
from fangxing.validation import Body


class RegisterComplaint(Body):
    """What a customer said, by whichever channel it came. `answer_by` is the date the customer named, if any."""

    customer_id: UUID
    kind: ComplaintKind
    channel: Channel
    text: Paragraph
    lot: Code | None = None
    delivery_note_id: UUID | None = None
    answer_by: date | None = None


class RouteComplaint(Body):
    """The road a complaint takes and why; `block_lot` asks for the lot to be held back (quality alone)."""

    road: Road
    note: Paragraph
    block_lot: bool = False


class ComplaintLine(BaseModel):
    """One line of the register 客户反馈处理记录."""

    id: UUID
    number: str
    customer_id: UUID
    customer_name: str
    account_id: UUID
    rep: str
    kind: ComplaintKind
    channel: Channel
    text: str
    lot: str | None
    delivery_note_id: UUID | None
    status: ComplaintStatus
    road: Road | None
    responsible: Role | None
    answer_due: date
    author: str
    created_on: date
    approved_on: date | None
    told_customer_on: date | None
    closed_on: date | None

    @classmethod
    def show(cls, row: RowMapping, **more: Any) -> Self:
        """A row of `COMPLAINTS`, with `more` where the shape has more."""
        return cls.model_validate({**row, **more})


class RoutingOut(BaseModel):
    """One routing; the last one holds."""

    model_config = ConfigDict(from_attributes=True)
    number: int
    road: Road
    responsible: Role
    note: str
    block_lot: bool
    routed_by: str
    routed_by_name: str
    routed_at: datetime

    @classmethod
    def show(cls, routing: Routing) -> Self:
        """`routing` as it was recorded."""
        return cls.model_validate(routing)


class LotDelivery(BaseModel):
    """Another delivery of the lot: to whom, when, how many tons."""

    lot: str
    delivery_note_id: UUID
    delivery_note_number: str
    line: int
    customer_id: UUID
    customer_name: str | None
    product_name: str
    tons: Tons
    shipped_on: date
    left_on: date | None

    @classmethod
    def show(cls, row: RowMapping) -> Self:
        """A row of `other_deliveries`."""
        return cls.model_validate(dict(row))


class ComplaintOut(ComplaintLine):
    """One entry of the register.

    `lot_trace` lists other deliveries of its lot in the reader's scope, newest first, at most 200.
    """

    author_name: str
    created_at: datetime
    block_requested_on: date | None
    closing_note: str | None
    routings: list[RoutingOut]
    lot_trace: list[LotDelivery]
