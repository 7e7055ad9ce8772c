"""Shipping's position of a credit account, as its events carry it whole."""

from uuid import UUID

from pydantic import BaseModel

from fangxing.money import Yuan
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
