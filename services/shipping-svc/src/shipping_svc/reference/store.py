"""Projections of customers and orders."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.database.types import TONS, YUAN, one_of
from fangxing.documents import Hands
from fangxing.terms import TermsKind
from shipping_svc.tables import Table

NO_KEY_UPDATE = {"key_share": True}
"""How an order is locked, as by an UPDATE: a notice that is changed twice in a transaction looks its order up anew,
behind the account's row, and would wait there for whoever has the order FOR UPDATE and waits for the account."""


class Customer(Table):
    """A customer as customer-svc published it."""

    __tablename__ = "customers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(index=True)
    number: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    rep: Mapped[str] = mapped_column(String(80), index=True)


class Order(Table):
    """An order 订单 called off under a contract; `hands` are those of its whole chain so far."""

    __tablename__ = "orders"
    __table_args__ = (Index("ix_orders_customer", "customer_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(64))
    contract_id: Mapped[UUID]
    contract_number: Mapped[str] = mapped_column(String(64))
    customer_id: Mapped[UUID]
    account_id: Mapped[UUID]
    rep: Mapped[str] = mapped_column(String(80))
    deliver_on: Mapped[date] = mapped_column(Date)
    terms_kind: Mapped[TermsKind] = mapped_column(one_of(TermsKind))
    hands: Mapped[Hands] = mapped_column(JSONB)


class OrderLine(Table):
    """A line of an order; `noticed_tons` is what notices have taken of it."""

    __tablename__ = "order_lines"
    __table_args__ = (CheckConstraint("noticed_tons BETWEEN 0 AND tons", name="noticed_tons"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    contract_line_id: Mapped[UUID]
    product_id: Mapped[UUID]
    product_name: Mapped[str] = mapped_column(String(200))
    tons: Mapped[Decimal] = mapped_column(TONS)
    price_per_ton: Mapped[Decimal] = mapped_column(YUAN)
    noticed_tons: Mapped[Decimal] = mapped_column(TONS)
