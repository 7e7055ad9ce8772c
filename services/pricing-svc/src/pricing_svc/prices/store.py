"""The base price table 基准价格表 and its SQL: every version of every price, and which is in force on a day."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Date,
    DateTime,
    ForeignKey,
    Index,
    ScalarSelect,
    Select,
    String,
    UniqueConstraint,
    and_,
    func,
    select,
)
from sqlalchemy.orm import Mapped, aliased, join, mapped_column, outerjoin

from fangxing.database import Reader
from fangxing.database.types import YUAN, one_of
from fangxing.work import Work
from pricing_svc.prices.errors import NO_BASE_PRICE, VERSION_NOT_FOUND
from pricing_svc.prices.rules import PriceStatus, Version
from pricing_svc.products.errors import PRODUCT_NOT_FOUND
from pricing_svc.products.store import Product
from pricing_svc.tables import Row, Table

Day = date | ColumnElement[date]
"""A day, or a parameter that holds one."""


class BasePrice(Table):
    """One version of a product's base price: yuan per ton incl. tax, immutable once written.

    The database refuses every change of a row, and every row without a proposal that the GM approved (3-7.3.3).
    """

    __tablename__ = "base_prices"
    __table_args__ = (
        UniqueConstraint("product_id", "version"),
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("version > 0", name="version"),
        Index("ix_base_prices_effective_from", "product_id", "effective_from", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    version: Mapped[int]
    price: Mapped[Decimal] = mapped_column(YUAN)
    status: Mapped[PriceStatus] = mapped_column(one_of(PriceStatus))
    effective_from: Mapped[date] = mapped_column(Date)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("price_proposals.id"), unique=True)
    approved_by: Mapped[str] = mapped_column(String(80))
    approved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


async def latest_version(work: Work, product_id: UUID) -> Version | None:
    """The newest version of a product's base price, in force or still to come."""
    return await _newest(work, select(BasePrice).where(BasePrice.product_id == product_id))


async def version_in_force(work: Work, product_id: UUID, day: date) -> Version | None:
    """The version of a product's base price in force on `day`."""
    versions = select(BasePrice).where(BasePrice.product_id == product_id)
    return await _newest(work, versions.where(BasePrice.effective_from <= day))


async def _newest(work: Work, versions: Select[BasePrice]) -> Version | None:
    row = (await work.tx.scalars(versions.order_by(BasePrice.version.desc()).limit(1))).first()
    if row is None:
        return None
    return Version(row.version, row.price, row.status, row.effective_from)


def table_on(day: Day) -> Select[Any]:
    """The products that have a base price on `day`, each with the version in force."""
    products = (Product.id.label("product_id"), Product.code, Product.name, Product.family, Product.lifecycle)
    return select(*products, *_columns(BasePrice)).join_from(Product, BasePrice, _in_force(BasePrice, day))


def differing(old: Day, new: Day) -> Select[Any]:
    """The products whose base price on the day `new` is not what it was on the day `old`, with both versions.

    Columns are named `old_…` and `new_…`; those of the old one are null where there was none.
    """
    before, now = aliased(BasePrice), aliased(BasePrice)
    products = (Product.id.label("product_id"), Product.code, Product.name)
    return (
        select(*products, *_columns(before, "old_"), *_columns(now, "new_"))
        .select_from(outerjoin(join(Product, now, _in_force(now, new)), before, _in_force(before, old)))
        .where(before.version.is_distinct_from(now.version))
    )


def all_versions() -> Select[Any]:
    """Every version of every base price."""
    return select(*_columns(BasePrice))


async def version_row(reader: Reader, product_id: UUID, number: int) -> Row:
    """One version of a product's base price; raises `price-version-not-found`."""
    found = await reader.execute(all_versions().where(BasePrice.product_id == product_id, BasePrice.version == number))
    row: Row | None = found.mappings().first()
    if row is None:
        raise VERSION_NOT_FOUND(version=number)
    return row


async def price_on(reader: Reader, product_id: UUID, day: date) -> Row:
    """A product's family and its base price in force on `day`; raises `product-not-found` or `no-base-price`."""
    statement = (
        select(Product.family, *_columns(BasePrice))
        .select_from(Product)
        .outerjoin(BasePrice, _in_force(BasePrice, day))
        .where(Product.id == product_id)
    )
    row = (await reader.execute(statement)).mappings().first()
    if row is None:
        raise PRODUCT_NOT_FOUND(product=product_id)
    if row["base_price"] is None:
        raise NO_BASE_PRICE(day=day.isoformat())
    return row


_SAME_NAME = ("status", "effective_from", "proposal_id", "approved_by", "approved_at")


def _columns(prices: type[BasePrice], prefix: str = "") -> Sequence[ColumnElement[Any]]:
    return [
        prices.version.label(f"{prefix}price_version"),
        prices.price.label(f"{prefix}base_price"),
        *(getattr(prices, name).label(prefix + name) for name in _SAME_NAME),
    ]


def _in_force(prices: type[BasePrice], day: Day) -> ColumnElement[bool]:
    return and_(prices.product_id == Product.id, prices.version == _version_on(day))


def _version_on(day: Day) -> ScalarSelect[Any]:
    """The version of `Product`'s base price in force on `day`, inside a query of products.

    A newer decision stands above an older one: the highest version whose first day has come.
    """
    dated = aliased(BasePrice)
    return (
        select(func.max(dated.version))
        .where(dated.product_id == Product.id, dated.effective_from <= day)
        .correlate(Product)
        .scalar_subquery()
    )
