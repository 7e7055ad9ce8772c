"""Shipping's position of a credit account, as its events carry it whole, and asking for customer-svc's."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel

from fangxing.bus import copies
from fangxing.money import Yuan
from fangxing.outbox import Event
from fangxing.positions import Seen, Version
from shipping_svc.credit.rules import Figures


class ShippingPosition(BaseModel):
    """shipping-svc's figures of one credit account, in yuan. The totals are cumulative."""

    account_id: UUID
    epoch: int
    version: int
    released: Yuan
    shipped_total: Yuan
    prepaid_used_total: Yuan
    seen: Seen

    @property
    def number(self) -> Version:
        """Its number, as the envelope carries it."""
        return Version(self.epoch, self.version)


def position_of(figures: Figures) -> ShippingPosition:
    """The position that `figures` hold."""
    return ShippingPosition(
        account_id=figures.id,
        epoch=figures.epoch,
        version=figures.version,
        released=figures.released,
        shipped_total=figures.shipped_total,
        prepaid_used_total=figures.prepaid_used_total,
        seen=Seen(epoch=figures.customer_epoch, version=figures.customer_version),
    )


class PositionRestated(Event):
    """The position was published for its own sake; `answers` is the question of a reader that could not read one."""

    event_type: ClassVar[str] = "shipping.PositionRestated.v1"
    account_id: UUID
    position: ShippingPosition
    answers: UUID | None


class PositionWanted(copies.PositionWanted):
    """A position of customer-svc's could not be read here; customer-svc is asked to restate it."""

    event_type: ClassVar[str] = "shipping.PositionWanted.v1"
