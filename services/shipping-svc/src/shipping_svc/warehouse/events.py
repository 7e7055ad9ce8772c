"""What the warehouse and the gate publish."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel

from fangxing.money import Tons, Yuan
from fangxing.outbox import Event
from shipping_svc.credit.position import ShippingPosition


class ShippedLine(BaseModel):
    """A line of the delivery note: tons as loaded, price in yuan per ton, value in yuan."""

    line: int
    order_line_id: UUID
    contract_line_id: UUID
    product_id: UUID
    product_name: str
    lot: str
    tons: Tons
    price_per_ton: Yuan
    value: Yuan


class ShipmentShipped(Event):
    """Goods were loaded and signed for: the actual lots, tons and value, with shipping's position."""

    event_type: ClassVar[str] = "shipping.ShipmentShipped.v1"
    delivery_note_id: UUID
    number: str
    notice_id: UUID
    customer_id: UUID
    account_id: UUID
    contract_id: UUID
    order_id: UUID
    shipped_on: date
    tons: Tons
    value: Yuan
    on_credit: Yuan
    on_prepayment: Yuan
    lines: list[ShippedLine]
    position: ShippingPosition


class ShipmentLeft(Event):
    """The truck left the gate: the date of the trade."""

    event_type: ClassVar[str] = "shipping.ShipmentLeft.v1"
    delivery_note_id: UUID
    notice_id: UUID
    customer_id: UUID
    account_id: UUID
    left_on: date
    gate: str
