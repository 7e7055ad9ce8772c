"""Tables of the reference data: projections, written by the consumers alone."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from contract_svc.tables import YUAN, Table


class Customer(Table):
    """A customer 客户 with his rep and his settlement terms 结算方式."""

    __tablename__ = "customers"
    __table_args__ = (Index("ix_customers_rep", "rep", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    number: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    rep: Mapped[str] = mapped_column(String(80))
    terms_kind: Mapped[str] = mapped_column(String(20))
    terms_days: Mapped[int] = mapped_column(Integer)


class CreditPosition(Table):
    """The newest grade and limit known of a credit account; `limit_amount` in yuan, null for no cap.

    `unreadable` says that a newer position came and could not be read: until the next one there is no limit to rely on.
    """

    __tablename__ = "credit_positions"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    epoch: Mapped[int]
    version: Mapped[int]
    grade: Mapped[str] = mapped_column(String(10))
    limit_amount: Mapped[Decimal | None] = mapped_column(YUAN)
    grade_until: Mapped[date | None] = mapped_column(Date)
    unreadable: Mapped[bool] = mapped_column(Boolean)


class Product(Table):
    """A product 产品: its family for price authority, its lifecycle for regular or irregular."""

    __tablename__ = "products"
    __table_args__ = (CheckConstraint("lifecycle IN ('new', 'regular', 'stopped')", name="lifecycle"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    family: Mapped[str] = mapped_column(String(64))
    lifecycle: Mapped[str] = mapped_column(String(10))


class BasePrice(Table):
    """One version of a product's base price 基准价, yuan per ton incl. tax, in force from `effective_from`."""

    __tablename__ = "base_prices"
    __table_args__ = (CheckConstraint("status IN ('initial', 'standard')", name="status"),)

    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    price_version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    base_price: Mapped[Decimal] = mapped_column(YUAN)
    status: Mapped[str] = mapped_column(String(10))
    effective_from: Mapped[date] = mapped_column(Date)


class PriceAuthority(Table):
    """One version of a family's float authority 价格权限管理表; `bands` as the event carries them."""

    __tablename__ = "price_authorities"

    family: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    effective_from: Mapped[date] = mapped_column(Date)
    bands: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
