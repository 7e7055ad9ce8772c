"""Registering a product (3-5.1)."""

from fangxing.database import flush_unique
from fangxing.ids import new_id
from fangxing.work import Work
from pricing_svc.products import rules
from pricing_svc.products.errors import CODE_TAKEN, HISTORY_IN_FUTURE
from pricing_svc.products.events import publish
from pricing_svc.products.recording import add_to_history
from pricing_svc.products.shapes import RegisterProduct
from pricing_svc.products.store import Product


async def register_product(work: Work, body: RegisterProduct) -> Product:
    """Register a product; without a day since when it is mass produced it is new.

    Raises `product-code-taken` or `history-in-future`.
    """
    product = Product(
        id=new_id(),
        code=body.code,
        name=body.name,
        family=body.family,
        lifecycle=rules.lifecycle_of([]),
        price_versions=0,
        author=work.actor.id,
        created_at=work.now,
    )
    work.tx.add(product)
    await flush_unique(work.tx, {"uq_products_code": CODE_TAKEN(code=product.code)})
    if body.mass_produced_since is not None:
        if not rules.has_happened(body.mass_produced_since, work.today):
            raise HISTORY_IN_FUTURE(at="mass_produced_since")
        add_to_history(work, product, [], rules.Stage.MASS_PRODUCTION, body.mass_produced_since)
    publish(work, product)
    return product
