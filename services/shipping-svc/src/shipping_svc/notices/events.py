"""What the notices publish; each event carries shipping's whole position."""

from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from fangxing.money import Tons, Yuan, YuanOrZero
from fangxing.outbox import Event, record_fact
from fangxing.work import Work
from shipping_svc.credit.events import ShippingPosition, position_of
from shipping_svc.credit.rules import Figures, Road
from shipping_svc.notices.rules import Kind
from shipping_svc.notices.store import Notice


class ReleasedLine(BaseModel):
    """A line of the notice: tons as noticed, price in yuan per ton, value in yuan of the most that may be loaded."""

    model_config = ConfigDict(from_attributes=True)
    order_line_id: UUID
    product_id: UUID
    tons: Tons
    price_per_ton: YuanOrZero
    value: YuanOrZero


class NoticeEvent(Event):
    """An event about a notice, with the notice's terms and the writer's position."""

    notice_id: UUID
    number: str
    customer_id: UUID
    account_id: UUID
    contract_id: UUID
    order_id: UUID
    kind: Kind
    value: YuanOrZero
    lines: list[ReleasedLine]
    ship_on: date
    position: ShippingPosition

    @classmethod
    def of(cls, notice: Notice, figures: Figures, **more: Any) -> Self:
        """The event about `notice` that leaves its account with `figures`; `more` is what the type has beside these."""
        return cls(
            notice_id=notice.id,
            number=notice.number,
            customer_id=notice.customer_id,
            account_id=notice.account_id,
            contract_id=notice.contract_id,
            order_id=notice.order_id,
            kind=notice.kind,
            value=notice.value,
            lines=[ReleasedLine.model_validate(line) for line in notice.lines],
            ship_on=notice.ship_on,
            position=position_of(figures),
            **more,
        )


class ShipmentReleased(NoticeEvent):
    """A notice was released: its value is reserved. `verdict_hash` is the hash of the verdict in the decision log."""

    event_type: ClassVar[str] = "shipping.ShipmentReleased.v1"
    road: Road
    on_credit: Yuan
    on_prepayment: Yuan
    verdict_hash: str


class ReleaseCancelled(NoticeEvent):
    """A release ended before all was loaded: cancelled, closed, or short with the last truck; the rest is free."""

    event_type: ClassVar[str] = "shipping.ReleaseCancelled.v1"


def publish(work: Work, notice: Notice, event: NoticeEvent) -> None:
    """Record an event about the locked notice."""
    record_fact(
        work,
        event,
        about=notice,
        key=str(notice.account_id),
        position=str(event.position.number),
    )
