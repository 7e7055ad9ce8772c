"""What the projections take in: customers from customer-svc, delivery notes from shipping-svc."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from complaint_svc.reference.store import Customer, DeliveryLine, DeliveryNote
from fangxing.documents import Hands
from fangxing.inbox import Consumers, Incoming
from fangxing.money import PositiveTons, YuanOrZero
from fangxing.work import Work


class CustomerFile(Incoming):
    """CustomerOpened and CustomerChanged: each carries the whole of it."""

    customer_id: UUID
    account_id: UUID
    number: str
    name: str
    rep: str


class ShippedLine(BaseModel):
    """One line of a shipment: tons of a lot, the price in yuan per ton, the value in yuan."""

    line: int
    product_id: UUID
    product_name: str
    lot: str
    tons: PositiveTons
    price_per_ton: YuanOrZero
    value: YuanOrZero


class ShipmentShipped(Incoming):
    """A delivery note was signed."""

    delivery_note_id: UUID
    number: str
    customer_id: UUID
    account_id: UUID
    shipped_on: date
    lines: list[ShippedLine]
    hands: Hands


class ShipmentLeft(Incoming):
    """The goods of a delivery note left the gate."""

    delivery_note_id: UUID
    left_on: date


async def keep_customer(work: Work, event: CustomerFile) -> None:
    """Keep the customer as he is now."""
    values = event.model_dump(exclude={"customer_id"})
    await work.tx.execute(
        pg_insert(Customer)
        .values(id=event.customer_id, **values)
        .on_conflict_do_update(index_elements=[Customer.id], set_=values)
    )


async def keep_delivery_note(work: Work, event: ShipmentShipped) -> None:
    """Keep the delivery note with its lines."""
    values = event.model_dump(exclude={"delivery_note_id", "lines"})
    await work.tx.execute(
        pg_insert(DeliveryNote)
        .values(id=event.delivery_note_id, **values)
        .on_conflict_do_update(index_elements=[DeliveryNote.id], set_=values)
    )
    for line in event.lines:
        values = line.model_dump(exclude={"line"})
        await work.tx.execute(
            pg_insert(DeliveryLine)
            .values(delivery_note_id=event.delivery_note_id, line=line.line, **values)
            .on_conflict_do_update(index_elements=[DeliveryLine.delivery_note_id, DeliveryLine.line], set_=values)
        )


async def keep_gate_date(work: Work, event: ShipmentLeft) -> None:
    """Note the day the goods left the gate."""
    await work.tx.execute(
        update(DeliveryNote)
        .where(DeliveryNote.id == event.delivery_note_id)
        .values(left_on=event.left_on)
        .execution_options(synchronize_session=False)
    )


consumers = Consumers()
consumers.on("customer.CustomerOpened.v1", CustomerFile, keep_customer)
consumers.on("customer.CustomerChanged.v1", CustomerFile, keep_customer)
consumers.on("shipping.ShipmentShipped.v1", ShipmentShipped, keep_delivery_note)
consumers.on("shipping.ShipmentLeft.v1", ShipmentLeft, keep_gate_date)
