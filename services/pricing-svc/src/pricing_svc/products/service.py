"""Use cases of the products feature: production registers products and records their history."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.outbox import record_fact
from fangxing.work import Work
from pricing_svc.products import rules
from pricing_svc.products.events import ProductChanged
from pricing_svc.products.store import Product, ProductionRecord

PRODUCT_NOT_FOUND = ErrorType(
    "product-not-found", Kind.NOT_FOUND, "没有产品 {product}", "There is no product {product}"
)
CODE_TAKEN = ErrorType(
    "product-code-taken", Kind.CONFLICT, "产品编号 {code} 已被使用", "The product code {code} is taken", field="code"
)
HISTORY_IN_FUTURE = ErrorType(
    "history-in-future",
    Kind.INVALID,
    "生产记录只记已发生的事，日期不能晚于今天",
    "A production record tells what happened; its day cannot be after today",
    clause="3-5.1",
    field="since",
)
NOTHING_TO_STOP = ErrorType(
    "nothing-to-stop",
    Kind.CONFLICT,
    "该产品在 {since} 并未批量生产，无从停产",
    "The product was not in mass production on {since}, so it cannot be stopped",
    clause="3-5.2-2",
    field="since",
)


async def open_product(work: Work, *, code: str, name: str, family: str, mass_produced_since: date | None) -> Product:
    """Register a product; without a day since when it is mass produced it is new (3-5.1).

    Raises `product-code-taken` or `history-in-future`.
    """
    product = Product(
        id=new_id(),
        code=code,
        name=name,
        family=family,
        lifecycle="new",
        price_versions=0,
        opened_by=work.actor.id,
        opened_at=work.now,
    )
    work.tx.add(product)
    try:
        await work.tx.flush()
    except IntegrityError as error:
        if "uq_products_code" not in str(error.orig):
            raise
        raise CODE_TAKEN(code=code) from error
    if mass_produced_since is not None:
        if mass_produced_since > work.today:
            raise HISTORY_IN_FUTURE(at="mass_produced_since")
        _write_record(work, product, "mass_production", mass_produced_since, number=1)
        product.lifecycle = "regular"
    _publish(work, product)
    return product


async def record_production(work: Work, product_id: UUID, *, stage: rules.Stage, since: date) -> Product:
    """Add to a product's history; its lifecycle follows, and is published where it changed (3-5.1, 3-5.2-2).

    Raises `product-not-found`, `history-in-future` or `nothing-to-stop`.
    """
    if since > work.today:
        raise HISTORY_IN_FUTURE()
    product = await lock_product(work, product_id)
    history = await history_of(work, product_id)
    if stage == "stopped" and not rules.can_stop(history, since):
        raise NOTHING_TO_STOP(since=since.isoformat())
    entry = rules.Entry(stage, since, len(history) + 1)
    _write_record(work, product, stage, since, number=entry.number)
    lifecycle = rules.lifecycle_of([*history, entry])
    if lifecycle != product.lifecycle:
        product.lifecycle = lifecycle
        _publish(work, product)
    return product


async def lock_product(work: Work, product_id: UUID) -> Product:
    """The product, its row locked until the transaction ends; raises `product-not-found`."""
    product = await work.tx.get(Product, product_id, with_for_update=True, populate_existing=True)
    if product is None:
        raise PRODUCT_NOT_FOUND(product=product_id)
    return product


async def history_of(work: Work, product_id: UUID) -> list[rules.Entry]:
    """The product's recorded history, in the order of recording."""
    records = await work.tx.scalars(
        select(ProductionRecord).where(ProductionRecord.product_id == product_id).order_by(ProductionRecord.number)
    )
    return [rules.Entry(row.stage, row.since, row.number) for row in records]  # type: ignore[arg-type]


def _write_record(work: Work, product: Product, stage: rules.Stage, since: date, *, number: int) -> None:
    work.tx.add(
        ProductionRecord(
            product_id=product.id,
            number=number,
            stage=stage,
            since=since,
            recorded_by=work.actor.id,
            recorded_at=work.now,
        )
    )


def _publish(work: Work, product: Product) -> None:
    event = ProductChanged(
        product_id=product.id,
        code=product.code,
        name=product.name,
        family=product.family,
        lifecycle=product.lifecycle,
    )
    record_fact(work, event, about=product, document=product.document, key=str(product.id))
