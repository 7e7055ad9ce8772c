"""Entering a price into the base price table 基准价格表: the one place that writes it."""

from uuid import UUID

from fangxing.clauses import clause
from fangxing.ids import new_id
from fangxing.outbox import record_fact
from fangxing.work import Work
from pricing_svc.prices.events import BasePriceChanged
from pricing_svc.prices.rules import Version
from pricing_svc.prices.store import BasePrice
from pricing_svc.products.store import Product


@clause("3-7.3.3", "3-7.1.2")
async def enter_base_price(work: Work, product: Product, version: Version, *, proposal_id: UUID) -> None:
    """Write the next version of the locked product's base price, and publish it.

    There is no other writer: the database refuses a row unless its proposal stands approved, by the GM, with this
    price and this number.
    """
    product.price_versions = version.number
    # The database looks for the decided proposal when the row comes in.
    await work.tx.flush()
    work.tx.add(
        BasePrice(
            id=new_id(),
            product_id=product.id,
            version=version.number,
            price=version.price,
            status=version.status,
            effective_from=version.effective_from,
            proposal_id=proposal_id,
            approved_by=work.actor.id,
            approved_at=work.now,
        )
    )
    event = BasePriceChanged(
        product_id=product.id,
        price_version=version.number,
        base_price=version.price,
        status=version.status,
        effective_from=version.effective_from,
    )
    record_fact(work, event, about=product, key=str(product.id))
