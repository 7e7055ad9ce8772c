"""What is asked of the register, and what it answers."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.engine import RowMapping

from complaint_svc.complaints.rules import Channel, ComplaintKind, ComplaintStatus, Road
from fangxing.money import Tons
from fangxing.roles import Role
from fangxing.text import Code, Paragraph, Text
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
    number: Annotated[str, Text("编号", "number")]
    customer_id: UUID
    customer_name: Annotated[str, Text("客户", "customer")]
    account_id: UUID
    rep: Annotated[str, Text("销售专员", "rep")]
    rep_name: Annotated[str | None, Text("销售专员姓名", "rep's name")]
    kind: Annotated[ComplaintKind, Text("类别", "kind")]
    channel: Annotated[Channel, Text("来源", "channel")]
    text: Annotated[str, Text("内容", "text")]
    lot: Annotated[str | None, Text("批号", "lot")]
    delivery_note_id: UUID | None
    status: Annotated[ComplaintStatus, Text("状态", "status")]
    road: Annotated[Road | None, Text("归属", "road")]
    responsible: Annotated[Role | None, Text("责任方", "responsible")]
    answer_due: Annotated[date, Text("答复期限", "answer due")]
    author: Annotated[str, Text("登记人", "author")]
    author_name: Annotated[str, Text("登记人姓名", "author's name")]
    created_on: Annotated[date, Text("登记日期", "created on")]
    approved_on: Annotated[date | None, Text("批准日期", "approved on")]
    told_customer_on: Annotated[date | None, Text("告知客户日期", "told the customer on")]
    closed_on: Annotated[date | None, Text("结案日期", "closed on")]

    @classmethod
    def show(cls, row: RowMapping, **more: Any) -> Self:
        """A row of `COMPLAINTS`, with `more` where the shape has more."""
        return cls.model_validate({**row, **more})


class RoutingOut(BaseModel):
    """One routing; the last one holds."""

    number: int
    road: Road
    responsible: Role
    note: str
    block_lot: bool
    routed_by: str
    routed_by_name: str
    routed_at: datetime

    @classmethod
    def show(cls, row: RowMapping) -> Self:
        """The routing as it was recorded."""
        return cls.model_validate(dict(row))


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

    created_at: datetime
    block_requested_on: date | None
    closing_note: str | None
    routings: list[RoutingOut]
    lot_trace: list[LotDelivery]
