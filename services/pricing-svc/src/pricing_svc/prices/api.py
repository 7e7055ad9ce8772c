"""HTTP of the base price table 基准价格表: on any day, by version, and what changed. Nothing here writes."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query

from fangxing.text import Code
from fangxing.web.access import allow
from fangxing.web.edge import CurrentReader, CurrentRuntime
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page
from pricing_svc.prices.access import READERS
from pricing_svc.prices.errors import DAYS_REVERSED
from pricing_svc.prices.rules import PriceStatus
from pricing_svc.prices.shapes import LineDifference, PriceDifference, PriceLine, PriceOut
from pricing_svc.prices.store import BasePrice, differing, table_on, version_row, versions_of
from pricing_svc.products.store import Product, product_row

router = edge_router("price-table")

VersionNumber = Annotated[int, Query(ge=1, le=2_000_000_000)]
_SORTS = {"code": Product.code, "name": Product.name, "family": Product.family}


@router.get("/price-table")
@allow(*READERS)
async def price_table(
    reader: CurrentReader,
    runtime: CurrentRuntime,
    on: date | None = None,
    product_id: UUID | None = None,
    code: Code | None = None,
    family: Code | None = None,
    status: PriceStatus | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[PriceLine]:
    """The base prices in force on a day, today by default, by product code."""
    statement = table_on(on or (await runtime.clock.time(reader)).today)
    exact = ((Product.id, product_id), (Product.code, code), (Product.family, family), (BasePrice.status, status))
    for column, wanted in exact:
        if wanted is not None:
            statement = statement.where(column == wanted)
    return await page(
        reader,
        statement,
        PriceLine.show,
        sorts=_SORTS,
        id=Product.id,
        sort=sort,
        after=after,
        limit=limit,
        default="code",
    )


@router.get("/price-table/difference")
@allow(*READERS)
async def table_difference(
    reader: CurrentReader,
    runtime: CurrentRuntime,
    old: date,
    new: date | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[LineDifference]:
    """What changed in the table from the day `old` to the day `new`, today by default (3-7.1.2)."""
    day = new or (await runtime.clock.time(reader)).today
    if old > day:
        raise DAYS_REVERSED()
    return await page(
        reader,
        differing(old, day),
        LineDifference.show,
        sorts=_SORTS,
        id=Product.id,
        sort=sort,
        after=after,
        limit=limit,
        default="code",
    )


@router.get("/products/{product_id}/prices")
@allow(*READERS)
async def list_versions(
    product_id: UUID,
    reader: CurrentReader,
    status: PriceStatus | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[PriceOut]:
    """Every version of a product's base price, newest first."""
    await product_row(reader, product_id)
    statement = versions_of(product_id)
    if status is not None:
        statement = statement.where(BasePrice.status == status)
    return await page(
        reader,
        statement,
        PriceOut.show,
        sorts={"price_version": BasePrice.version, "effective_from": BasePrice.effective_from},
        id=BasePrice.id,
        sort=sort,
        after=after,
        limit=limit,
        default="-price_version",
    )


@router.get("/products/{product_id}/prices/difference")
@allow(*READERS)
async def version_difference(
    product_id: UUID, reader: CurrentReader, old: VersionNumber, new: VersionNumber
) -> PriceDifference:
    """The difference of two versions of a product's base price (3-7.1.2)."""
    await product_row(reader, product_id)
    before, now = await version_row(reader, product_id, old), await version_row(reader, product_id, new)
    return PriceDifference.between(PriceOut.show(before), PriceOut.show(now))
