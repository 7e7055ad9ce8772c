"""HTTP of the base price table 基准价格表: on any day, by version, and what changed. Nothing here writes."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field
from sqlalchemy import Date, bindparam
from sqlalchemy.engine import RowMapping

from fangxing.scope import everyone
from fangxing.text import Code, Search
from fangxing.web.access import allow
from fangxing.web.edge import CurrentLook, CurrentReader, CurrentRuntime
from fangxing.web.edge import router as edge_router
from fangxing.web.listing import By, Called, File, Given, Is, Listing, ListQuery, Page, Where
from fangxing.work import Look
from pricing_svc.prices.access import READERS
from pricing_svc.prices.errors import DAYS_REVERSED
from pricing_svc.prices.rules import PriceStatus
from pricing_svc.prices.shapes import ComparedVersions, LineDifference, PriceDifference, PriceLine, PriceOut
from pricing_svc.prices.store import BasePrice, all_versions, differing, table_on, version_row
from pricing_svc.products.store import Product, called, must_exist

router = edge_router("price-table")


class PriceTableQuery(ListQuery):
    """What the price table can be asked, as it stands on a day."""

    sort: Annotated[str, By(Product.code, Product.name, Product.family)] = "code"
    on: Annotated[date | None, Given(), Field(description="the day; today by default")] = None
    product_id: Annotated[UUID | None, Is(Product.id)] = None
    code: Annotated[Code | None, Called(Product.code)] = None
    family: Annotated[Code | None, Is(Product.family)] = None
    status: Annotated[PriceStatus | None, Is(BasePrice.status)] = None
    search: Annotated[Search | None, Where(called)] = None


class DifferenceQuery(ListQuery):
    """Between which days the price table is compared, the second one today by default."""

    sort: Annotated[str, By(Product.code, Product.name, Product.family)] = "code"
    old: Annotated[date, Given()]
    new: Annotated[date | None, Given()] = None
    search: Annotated[Search | None, Where(called)] = None


class VersionQuery(ListQuery):
    """What the versions of a base price can be asked."""

    sort: Annotated[str, By(BasePrice.version.label("price_version"), BasePrice.effective_from)] = "-price_version"
    status: Annotated[PriceStatus | None, Is(BasePrice.status)] = None


async def _lines(look: Look, rows: Sequence[RowMapping]) -> list[PriceLine]:
    return [PriceLine.show(row) for row in rows]


async def _differences(look: Look, rows: Sequence[RowMapping]) -> list[LineDifference]:
    return [LineDifference.show(row) for row in rows]


async def _versions(look: Look, rows: Sequence[RowMapping]) -> list[PriceOut]:
    return [PriceOut.show(row) for row in rows]


TABLE = Listing(
    PriceLine,
    PriceTableQuery,
    table_on(bindparam("on", type_=Date)),
    id=Product.id,
    scope=everyone,
    shape=_lines,
    name="price_table",
)
DIFFERENCES = Listing(
    LineDifference,
    DifferenceQuery,
    differing(bindparam("old", type_=Date), bindparam("new", type_=Date)),
    id=Product.id,
    scope=everyone,
    shape=_differences,
    name="price_difference",
)
VERSIONS = Listing(PriceOut, VersionQuery, all_versions(), id=BasePrice.id, scope=everyone, shape=_versions)


@router.get("/price-table")
@allow(*READERS)
async def price_table(
    look: CurrentLook, runtime: CurrentRuntime, query: Annotated[PriceTableQuery, Query()]
) -> Page[PriceLine] | File:
    """The base prices in force on a day, by product code."""
    day = query.on or (await runtime.clock.time(look.reader)).today
    return await TABLE.page(look, query.model_copy(update={"on": day}))


@router.get("/price-table/difference")
@allow(*READERS)
async def table_difference(
    look: CurrentLook, runtime: CurrentRuntime, query: Annotated[DifferenceQuery, Query()]
) -> Page[LineDifference] | File:
    """What changed in the table from the day `old` to the day `new` (3-7.1.2)."""
    day = query.new or (await runtime.clock.time(look.reader)).today
    if query.old > day:
        raise DAYS_REVERSED()
    return await DIFFERENCES.page(look, query.model_copy(update={"new": day}))


@router.get("/products/{product_id}/prices")
@allow(*READERS)
async def list_versions(
    product_id: UUID, look: CurrentLook, query: Annotated[VersionQuery, Query()]
) -> Page[PriceOut] | File:
    """Every version of a product's base price, newest first."""
    await must_exist(look.reader, product_id)
    return await VERSIONS.page(look, query, BasePrice.product_id == product_id)


@router.get("/products/{product_id}/prices/difference")
@allow(*READERS)
async def version_difference(
    product_id: UUID, reader: CurrentReader, query: Annotated[ComparedVersions, Query()]
) -> PriceDifference:
    """The difference of two versions of a product's base price (3-7.1.2)."""
    await must_exist(reader, product_id)
    before = await version_row(reader, product_id, query.old)
    now = await version_row(reader, product_id, query.new)
    return PriceDifference.between(before, now)
