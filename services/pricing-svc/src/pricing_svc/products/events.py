"""What the products feature publishes."""

from typing import ClassVar, Literal
from uuid import UUID

from fangxing.outbox import Event


class ProductChanged(Event):
    """A product was registered, or its lifecycle changed; the event carries the whole product."""

    event_type: ClassVar[str] = "pricing.ProductChanged.v1"
    product_id: UUID
    code: str
    name: str
    family: str
    lifecycle: Literal["new", "regular", "stopped"]
