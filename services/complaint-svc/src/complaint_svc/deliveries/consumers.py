"""What the delivery notes projection takes in."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from complaint_svc.deliveries.store import DeliveryLine, DeliveryNote
from fangxing.inbox import Consumers, Incoming
from fangxing.money import PositiveTons, YuanOrZero
from fangxing.work import Work


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


class ShipmentLeft(Incoming):
    """The goods of a delivery note left the gate."""

    delivery_note_id: UUID
    left_on: date


async def keep_delivery_note(work: Work, event: ShipmentShipped) -> None:
    """Store the delivery note with its lines."""
    note = {
        "number": event.number,
        "customer_id": event.customer_id,
        "account_id": event.account_id,
        "shipped_on": event.shipped_on,
    }
    await work.tx.execute(
        pg_insert(DeliveryNote)
        .values(id=event.delivery_note_id, **note)
        .on_conflict_do_update(index_elements=[DeliveryNote.id], set_=note)
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


def register(consumers: Consumers) -> None:
    """Take shipping-svc's delivery notes in."""
    consumers.on("shipping.ShipmentShipped.v1", ShipmentShipped, keep_delivery_note)
    consumers.on("shipping.ShipmentLeft.v1", ShipmentLeft, keep_gate_date)
