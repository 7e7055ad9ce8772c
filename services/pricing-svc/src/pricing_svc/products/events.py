"""What the products feature publishes."""

from typing import ClassVar
from uuid import UUID

from fangxing.outbox import Event, record_fact
from fangxing.work import Work
from pricing_svc.products.rules import Lifecycle
from pricing_svc.products.store import Product


class ProductChanged(Event):
    """A product was registered, or its lifecycle changed; the event carries the whole product."""

    event_type: ClassVar[str] = "pricing.ProductChanged.v1"
    product_id: UUID
    code: str
    name: str
    family: str
    lifecycle: Lifecycle


def publish(work: Work, product: Product) -> None:
    """Publish the product, its row locked or new, as it is now."""
    event = ProductChanged(
        product_id=product.id,
        code=product.code,
        name=product.name,
        family=product.family,
        lifecycle=product.lifecycle,
    )
    record_fact(work, event, about=product, key=str(product.id))
