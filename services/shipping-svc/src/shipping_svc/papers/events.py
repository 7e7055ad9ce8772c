"""What the papers publish: goods were loaded and signed for."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from fangxing.documents import Hands
from fangxing.money import Tons, Yuan, YuanOrZero
from fangxing.outbox import Event
from shipping_svc.credit.events import ShippingPosition, position_of
from shipping_svc.credit.rules import Amounts, Figures
from shipping_svc.notices.store import Notice
from shipping_svc.papers.store import DeliveryNote


class ShippedLine(BaseModel):
    """A line of the delivery note: tons as loaded, price in yuan per ton, value in yuan."""

    model_config = ConfigDict(from_attributes=True)
    line: int
    order_line_id: UUID
    contract_line_id: UUID
    product_id: UUID
    product_name: str
    lot: str
    tons: Tons
    price_per_ton: YuanOrZero
    value: YuanOrZero


class ShipmentShipped(Event):
    """Goods were loaded and signed for: the actual lots, tons and value, the chain's hands, and shipping's position."""

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
    value: YuanOrZero
    on_credit: Yuan
    on_prepayment: Yuan
    lines: list[ShippedLine]
    hands: Hands
    position: ShippingPosition

    @classmethod
    def of(cls, note: DeliveryNote, notice: Notice, amounts: Amounts, figures: Figures) -> "ShipmentShipped":
        """The event about the signed `note`, which takes `amounts` and leaves its account with `figures`."""
        return cls(
            delivery_note_id=note.id,
            number=note.number,
            notice_id=notice.id,
            customer_id=notice.customer_id,
            account_id=notice.account_id,
            contract_id=notice.contract_id,
            order_id=notice.order_id,
            shipped_on=note.shipped_on,
            tons=note.tons,
            value=note.value,
            on_credit=amounts.on_credit,
            on_prepayment=amounts.on_prepayment,
            lines=[ShippedLine.model_validate(line) for line in note.lines],
            hands=note.hands,
            position=position_of(figures),
        )
