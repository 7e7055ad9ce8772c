"""HTTP of the base price table 基准价格表: on any day, by version, and what changed. Nothing here writes."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import Select, and_, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import aliased

from fangxing.database import Reader
from fangxing.money import Yuan
from fangxing.text import Code
from fangxing.web.access import allow
from fangxing.web.edge import CurrentReader, CurrentRuntime
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page
from pricing_svc.prices.errors import DAYS_REVERSED, VERSION_NOT_FOUND
from pricing_svc.prices.rules import Status, difference
from pricing_svc.prices.store import BasePrice, version_on
from pricing_svc.products.rules import Lifecycle
from pricing_svc.products.service import PRODUCT_NOT_FOUND
from pricing_svc.products.store import Product
from pricing_svc.readers import READERS

router = edge_router("price-table")

Version = Annotated[int, Query(ge=1, le=2_000_000_000)]


class PriceOut(BaseModel):
    """One version of a base price: yuan per ton, tax included; `proposal_id` says why and who decided."""

    price_version: int
    base_price: Yuan
    tax: Literal["included"] = "included"
    status: Status
    effective_from: date
    proposal_id: UUID
    approved_by: str
    approved_at: datetime


class PriceLine(PriceOut):
    """A line of the price table: a product with the base price in force on the day asked for."""

    product_id: UUID
    code: str
    name: str
    family: str
    lifecycle: Lifecycle


class PriceDifference(BaseModel):
    """From one version to another: yuan per ton, and percent of the old price, rounded half up."""

    old: PriceOut | None
    new: PriceOut
    amount: Yuan | None = Field(description="null where there was no price before")
    percent: Decimal | None = Field(description="null where there was no price before")


class LineDifference(PriceDifference):
    """A product whose base price differs between two days."""

    product_id: UUID
    code: str
    name: str


_COPIED = ("status", "effective_from", "proposal_id", "approved_by", "approved_at")


def _columns(prices: Any, prefix: str = "") -> list[Any]:
    return [
        prices.version.label(f"{prefix}price_version"),
        prices.price.label(f"{prefix}base_price"),
        *(getattr(prices, name).label(prefix + name) for name in _COPIED),
    ]


def _price(row: RowMapping, prefix: str = "") -> PriceOut:
    return PriceOut(**{name: row[prefix + name] for name in PriceOut.model_fields if name != "tax"})


def _line(row: RowMapping) -> PriceLine:
    return PriceLine(**{name: row[name] for name in PriceLine.model_fields if name != "tax"})


def _difference(old: PriceOut | None, new: PriceOut) -> dict[str, Any]:
    change = difference(old.base_price, new.base_price) if old else None
    return {
        "old": old,
        "new": new,
        "amount": change.amount if change else None,
        "percent": change.percent if change else None,
    }


def _line_difference(row: RowMapping) -> LineDifference:
    old = _price(row, "old_") if row["old_price_version"] is not None else None
    ids = {name: row[name] for name in ("product_id", "code", "name")}
    return LineDifference(**ids, **_difference(old, _price(row, "new_")))


async def _day(runtime: Any, reader: Reader, wanted: date | None) -> date:
    today: date = (await runtime.clock.time(reader)).today
    return wanted or today


def _in_force(prices: Any, day: date) -> Any:
    return and_(prices.product_id == Product.id, prices.version == version_on(day))


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
    status: Status | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[PriceLine]:
    """The base prices in force on a day, today by default, by product code."""
    day = await _day(runtime, reader, on)
    products = (Product.id.label("product_id"), Product.code, Product.name, Product.family, Product.lifecycle)
    statement: Select[Any] = select(*products, *_columns(BasePrice)).join_from(
        Product, BasePrice, _in_force(BasePrice, day)
    )
    exact = ((Product.id, product_id), (Product.code, code), (Product.family, family), (BasePrice.status, status))
    for column, wanted in exact:
        if wanted is not None:
            statement = statement.where(column == wanted)
    return await page(
        reader,
        statement,
        _line,
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
    day = await _day(runtime, reader, new)
    if old > day:
        raise DAYS_REVERSED()
    before, now = aliased(BasePrice), aliased(BasePrice)
    statement: Select[Any] = (
        select(
            Product.id.label("product_id"),
            Product.code,
            Product.name,
            *_columns(before, "old_"),
            *_columns(now, "new_"),
        )
        .select_from(Product)
        .join(now, _in_force(now, day))
        .outerjoin(before, _in_force(before, old))
        .where(before.version.is_distinct_from(now.version))
    )
    return await page(
        reader,
        statement,
        _line_difference,
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
    status: Status | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[PriceOut]:
    """Every version of a product's base price, newest first."""
    await _product_exists(reader, product_id)
    statement = select(*_columns(BasePrice)).where(BasePrice.product_id == product_id)
    if status is not None:
        statement = statement.where(BasePrice.status == status)
    return await page(
        reader,
        statement,
        _price,
        sorts={"price_version": BasePrice.version, "effective_from": BasePrice.effective_from},
        id=BasePrice.id,
        sort=sort,
        after=after,
        limit=limit,
        default="-price_version",
    )


@router.get("/products/{product_id}/prices/difference")
@allow(*READERS)
async def version_difference(product_id: UUID, reader: CurrentReader, old: Version, new: Version) -> PriceDifference:
    """The difference of two versions of a product's base price (3-7.1.2)."""
    await _product_exists(reader, product_id)
    first, second = await _one(reader, product_id, old), await _one(reader, product_id, new)
    return PriceDifference(**_difference(first, second))


async def _product_exists(reader: Reader, product_id: UUID) -> None:
    if await reader.scalar(select(Product.id).where(Product.id == product_id)) is None:
        raise PRODUCT_NOT_FOUND(product=product_id)


async def _one(reader: Reader, product_id: UUID, version: int) -> PriceOut:
    statement = select(*_columns(BasePrice)).where(BasePrice.product_id == product_id, BasePrice.version == version)
    row = (await reader.execute(statement)).mappings().first()
    if row is None:
        raise VERSION_NOT_FOUND(version=version)
    return _price(row)
