"""What the gate publishes: the truck has left."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from fangxing.outbox import Event


class ShipmentLeft(Event):
    """The truck left the gate: the date of the trade."""

    event_type: ClassVar[str] = "shipping.ShipmentLeft.v1"
    delivery_note_id: UUID
    notice_id: UUID
    customer_id: UUID
    account_id: UUID
    left_on: date
    gate: str
