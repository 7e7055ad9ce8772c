"""Complaints as people read them: the register's lines, and one complaint with everything that belongs to it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Select, select
from sqlalchemy.engine import RowMapping

from complaint_svc.complaints.store import Complaint, Handling, Routing
from complaint_svc.customers.scope import SEE_ALL
from complaint_svc.customers.store import Customer
from complaint_svc.deliveries.store import DeliveryLine, DeliveryNote
from complaint_svc.returns.store import Return
from complaint_svc.returns.views import ReturnOut, returns_where
from fangxing import approvals
from fangxing.auth import Principal
from fangxing.clauses import clause
from fangxing.database import Tx
from fangxing.money import Tons
from fangxing.roles import Role

TRACE_LIMIT = 200


class ComplaintLine(BaseModel):
    """One line of the register 客户反馈处理记录."""

    id: UUID
    number: str
    customer_id: UUID
    customer_name: str
    account_id: UUID
    rep: str
    kind: str
    channel: str
    text: str
    lot: str | None
    delivery_note_id: UUID | None
    status: str
    road: str | None
    responsible: str | None
    answer_due: date
    registered_by: str
    registered_on: date
    approved_on: date | None
    told_customer_on: date | None
    closed_on: date | None


class RoutingOut(BaseModel):
    """One routing; the last one holds."""

    model_config = ConfigDict(from_attributes=True)
    number: int
    road: str
    responsible: str
    note: str
    block_lot: bool
    routed_by: str
    routed_by_name: str
    routed_at: datetime


class HandlingOut(BaseModel):
    """One signed cause and handling."""

    model_config = ConfigDict(from_attributes=True)
    number: int
    road: str
    cause: str
    secondary_causes: str | None
    improvement: str | None
    handling: str
    status: str
    signed_by: str
    signed_by_name: str
    signed_as: str
    signed_at: datetime


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


class ComplaintOut(ComplaintLine):
    """One complaint. `lot_trace` lists other deliveries of its lot in the reader's scope, newest first, at most 200."""

    registered_by_name: str
    registered_at: datetime
    block_requested_on: date | None
    closing_note: str | None
    routings: list[RoutingOut]
    handlings: list[HandlingOut]
    approval: dict[str, Any] | None
    returns: list[ReturnOut]
    lot_trace: list[LotDelivery]


LINES: Select[Any] = select(
    Complaint.__table__, Customer.name.label("customer_name"), Customer.rep.label("rep")
).join_from(Complaint, Customer, Customer.id == Complaint.customer_id)


def line(row: RowMapping) -> ComplaintLine:
    """A row of `LINES` as a line of the register."""
    return ComplaintLine(**{name: row[name] for name in ComplaintLine.model_fields})


async def whole(session: Tx, row: RowMapping, reader: Principal) -> ComplaintOut:
    """A row of `LINES` with all that belongs to the complaint, as `reader` may see it."""
    own = set(ComplaintOut.model_fields) - {"routings", "handlings", "approval", "returns", "lot_trace"}
    routings = await session.scalars(select(Routing).where(Routing.complaint_id == row["id"]).order_by(Routing.number))
    handlings = await session.scalars(
        select(Handling).where(Handling.complaint_id == row["id"]).order_by(Handling.number)
    )
    document = f"complaint/{row['id']}"
    cases = await approvals.latest(session, [document])
    return ComplaintOut(
        **{name: row[name] for name in own},
        routings=[RoutingOut.model_validate(routing) for routing in routings],
        handlings=[HandlingOut.model_validate(handling) for handling in handlings],
        approval=cases.get(document),
        returns=await returns_where(session, Return.complaint_id == row["id"]),
        lot_trace=await _trace(session, row, reader),
    )


@clause("6-5.2.2")
async def _trace(session: Tx, row: RowMapping, reader: Principal) -> list[LotDelivery]:
    """Who else got the lot: all deliveries of it but the complained one; a rep sees those to his own customers."""
    if not reader.has(Role.SALES_REP, *SEE_ALL) or (row["lot"] is None and row["delivery_note_id"] is None):
        return []
    statement = (
        select(
            DeliveryLine.lot,
            DeliveryLine.delivery_note_id,
            DeliveryNote.number.label("delivery_note_number"),
            DeliveryLine.line,
            DeliveryNote.customer_id,
            Customer.name.label("customer_name"),
            DeliveryLine.product_name,
            DeliveryLine.tons,
            DeliveryNote.shipped_on,
            DeliveryNote.left_on,
        )
        .join(DeliveryNote, DeliveryNote.id == DeliveryLine.delivery_note_id)
        .outerjoin(Customer, Customer.id == DeliveryNote.customer_id)
        .order_by(DeliveryNote.shipped_on.desc(), DeliveryNote.id.desc(), DeliveryLine.line)
        .limit(TRACE_LIMIT)
    )
    if row["lot"] is not None:
        statement = statement.where(DeliveryLine.lot == row["lot"])
    else:
        # The complaint names goods by their delivery note alone: every lot on it is traced.
        lots = select(DeliveryLine.lot).where(DeliveryLine.delivery_note_id == row["delivery_note_id"])
        statement = statement.where(DeliveryLine.lot.in_(lots))
    if row["delivery_note_id"] is not None:
        statement = statement.where(DeliveryNote.id != row["delivery_note_id"])
    if not reader.has(*SEE_ALL):
        statement = statement.where(Customer.rep == reader.id)
    rows = (await session.execute(statement)).mappings()
    return [LotDelivery(**delivery) for delivery in rows]
