"""What the prices feature publishes."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from fangxing.money import PositiveYuan
from fangxing.outbox import Event
from pricing_svc.prices.rules import PriceStatus


class BasePriceChanged(Event):
    """A version of a base price was approved: yuan per ton incl. tax, in force from a day on (3-7.2).

    Published with the GM's yes, which may be before that day. In force on a day is the highest `price_version` whose
    `effective_from` has come; an `initial` price may be used exactly as it is, any deviation is the GM's (3-6).
    """

    event_type: ClassVar[str] = "pricing.BasePriceChanged.v1"
    product_id: UUID
    price_version: int
    base_price: PositiveYuan
    status: PriceStatus
    effective_from: date
