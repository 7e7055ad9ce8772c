"""Tables of the reference data, and reading them as of a day. Written by the consumers alone."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Index,
    Integer,
    Label,
    String,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.orm import Mapped, composite, mapped_column

from contract_svc.reference.rules import Lifecycle, PriceStatus, Terms
from contract_svc.tables import Table
from fangxing.database import Tx
from fangxing.database.types import YUAN, one_of
from fangxing.positions import Grade
from fangxing.terms import TermsKind


class Customer(Table):
    """A customer 客户 with his rep and his settlement terms 结算方式."""

    __tablename__ = "customers"
    __table_args__ = (Index("ix_customers_rep", "rep", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    number: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    rep: Mapped[str] = mapped_column(String(80))
    terms: Mapped[Terms] = composite(
        mapped_column("terms_kind", one_of(TermsKind)), mapped_column("terms_days", Integer)
    )


class CreditPosition(Table):
    """The newest grade and limit known of a credit account; `limit_amount` in yuan, null for no cap.

    From `c_from` on the grade is at best C and from `d_from` on it is D. `unreadable` says that a position
    came that cannot be trusted: until customer-svc has restated it there is no limit to rely on.
    """

    __tablename__ = "credit_positions"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    epoch: Mapped[int]
    version: Mapped[int]
    grade: Mapped[Grade] = mapped_column(one_of(Grade))
    limit_amount: Mapped[Decimal | None] = mapped_column(YUAN)
    c_from: Mapped[date | None] = mapped_column(Date)
    d_from: Mapped[date | None] = mapped_column(Date)
    unreadable: Mapped[bool] = mapped_column(Boolean)


class Product(Table):
    """A product 产品: its family for price authority, its lifecycle for regular or irregular."""

    __tablename__ = "products"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    family: Mapped[str] = mapped_column(String(64))
    lifecycle: Mapped[Lifecycle] = mapped_column(one_of(Lifecycle))


class BasePrice(Table):
    """One version of a product's base price 基准价, yuan per ton incl. tax, in force from `effective_from`."""

    __tablename__ = "base_prices"

    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    price_version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    base_price: Mapped[Decimal] = mapped_column(YUAN)
    status: Mapped[PriceStatus] = mapped_column(one_of(PriceStatus, "status"))
    effective_from: Mapped[date] = mapped_column(Date)


class PriceAuthority(Table):
    """One version of a family's float authority 价格权限管理表; `bands` as the event carries them."""

    __tablename__ = "price_authorities"

    family: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    effective_from: Mapped[date] = mapped_column(Date)
    bands: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


def terms_shown(kind: ColumnElement[TermsKind], days: ColumnElement[int]) -> Label[Any]:
    """Payment terms as the one value `terms` of a row in a list."""
    said = func.jsonb_build_object(literal_column("'kind'"), kind, literal_column("'days'"), days, type_=JSONB)
    return said.label("terms")


async def position_of(tx: Tx, account_id: UUID) -> CreditPosition | None:
    """The newest readable credit position of an account."""
    return await tx.scalar(
        select(CreditPosition).where(CreditPosition.account_id == account_id, CreditPosition.unreadable.is_(False))
    )


async def products(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Product]:
    """The products that are known, by id."""
    return {row.id: row for row in await tx.scalars(select(Product).where(Product.id.in_(ids)))}


async def base_prices(tx: Tx, ids: Collection[UUID], day: date) -> dict[UUID, BasePrice]:
    """The base prices in force on `day`: of each product the newest version whose date has come."""
    rows = await tx.scalars(
        select(BasePrice)
        .where(BasePrice.product_id.in_(ids), BasePrice.effective_from <= day)
        .ext(distinct_on(BasePrice.product_id))
        .order_by(BasePrice.product_id, BasePrice.price_version.desc())
    )
    return {row.product_id: row for row in rows}


async def authorities(tx: Tx, families: Collection[str], day: date) -> dict[str, PriceAuthority]:
    """The float authority in force on `day`: of each family the newest version whose date has come."""
    rows = await tx.scalars(
        select(PriceAuthority)
        .where(PriceAuthority.family.in_(families), PriceAuthority.effective_from <= day)
        .ext(distinct_on(PriceAuthority.family))
        .order_by(PriceAuthority.family, PriceAuthority.version.desc())
    )
    return {row.family: row for row in rows}
