"""Recording what production did; the product's lifecycle follows (3-5.1, 3-5.2-2)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from fangxing.work import Work
from pricing_svc.products import rules
from pricing_svc.products.errors import HISTORY_IN_FUTURE, NOTHING_TO_STOP
from pricing_svc.products.events import publish
from pricing_svc.products.shapes import RecordProduction
from pricing_svc.products.store import Product, ProductionRecord, history_of, lock_product


async def record_production(work: Work, product_id: UUID, body: RecordProduction) -> Product:
    """Add to a product's history; the product is published where its lifecycle changed.

    Raises `product-not-found`, `history-in-future` or `nothing-to-stop`.
    """
    if not rules.has_happened(body.since, work.today):
        raise HISTORY_IN_FUTURE()
    product = await lock_product(work, product_id)
    history = await history_of(work, product_id)
    if body.stage is rules.Stage.STOPPED and not rules.can_stop(history, body.since):
        raise NOTHING_TO_STOP(since=body.since.isoformat())
    before = product.lifecycle
    add_to_history(work, product, history, body.stage, body.since)
    if product.lifecycle is not before:
        publish(work, product)
    return product


def add_to_history(
    work: Work, product: Product, history: Sequence[rules.Entry], stage: rules.Stage, since: date
) -> None:
    """Write the entry that follows `history`, the locked or new product's so far; its lifecycle follows."""
    entry = rules.Entry(stage, since, len(history) + 1)
    work.tx.add(
        ProductionRecord(
            product_id=product.id,
            number=entry.number,
            stage=stage,
            since=since,
            author=work.actor.id,
            created_at=work.now,
        )
    )
    product.lifecycle = rules.lifecycle_of([*history, entry])
