"""What the notices publish; each event carries shipping's whole position."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel

from fangxing.money import Tons, Yuan
from fangxing.outbox import Event
from shipping_svc.credit.position import ShippingPosition


class ReleasedLine(BaseModel):
    """A line of the notice: tons as noticed, price in yuan per ton, value in yuan of the most that may be loaded."""

    order_line_id: UUID
    product_id: UUID
    tons: Tons
    price_per_ton: Yuan
    value: Yuan


class NoticeEvent(Event):
    """An event about a notice, with the notice's terms and the writer's position."""

    notice_id: UUID
    number: str
    customer_id: UUID
    account_id: UUID
    contract_id: UUID
    order_id: UUID
    kind: str
    value: Yuan
    lines: list[ReleasedLine]
    ship_on: date
    position: ShippingPosition


class ShipmentReleased(NoticeEvent):
    """A notice was released: its value is reserved. `verdict_hash` is the hash of the verdict in the decision log."""

    event_type: ClassVar[str] = "shipping.ShipmentReleased.v1"
    road: str
    on_credit: Yuan
    on_prepayment: Yuan
    verdict_hash: str


class ReleaseCancelled(NoticeEvent):
    """A release ended before all was loaded: cancelled, closed, or short with the last truck; the rest is free."""

    event_type: ClassVar[str] = "shipping.ReleaseCancelled.v1"
