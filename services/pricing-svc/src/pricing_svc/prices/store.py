"""Tables of the prices feature: proposals with their opinions, and the base price table 基准价格表."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Numeric,
    ScalarSelect,
    String,
    Text,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from pricing_svc.products.store import Product
from pricing_svc.tables import Table

YUAN = Numeric(14, 2)


class PriceProposal(Table):
    """A proposal for a base price, by the flow that the product's history asked for when it was made.

    `status`: opinions (a new product, waiting for finance and production), draft (opinions complete, waiting for
    sales), pending (with the deciders), approved, rejected, returned (may be submitted again), withdrawn.
    """

    __tablename__ = "price_proposals"
    __table_args__ = (
        CheckConstraint("base_price > 0", name="base_price"),
        CheckConstraint("flow IN ('new_product', 'adjustment')", name="flow"),
        CheckConstraint(
            "status IN ('opinions', 'draft', 'pending', 'approved', 'rejected', 'returned', 'withdrawn')",
            name="status",
        ),
        Index("ix_price_proposals_product", "product_id", "id"),
        Index("ix_price_proposals_status", "status", "id"),
        Index("ix_price_proposals_flow", "flow", "id"),
        Index(
            "uq_price_proposals_open",
            "product_id",
            unique=True,
            postgresql_where="status IN ('opinions', 'draft', 'pending')",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    flow: Mapped[str] = mapped_column(String(20))
    base_price: Mapped[Decimal | None] = mapped_column(YUAN)
    reason: Mapped[str | None] = mapped_column(String(20))
    evidence: Mapped[str | None] = mapped_column(Text)
    effective_from: Mapped[date | None] = mapped_column(Date)
    proposed_by: Mapped[str] = mapped_column(String(80))
    proposed_as: Mapped[str] = mapped_column(String(30))
    proposed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    status: Mapped[str] = mapped_column(String(10))
    price_version: Mapped[int | None]

    @property
    def document(self) -> str:
        """The proposal's name as a document."""
        return f"price-proposal/{self.id}"


class Opinion(Table):
    """What finance or production says to a new product's price: its cost in yuan per ton, signed once (3-6)."""

    __tablename__ = "price_opinions"
    __table_args__ = (
        CheckConstraint("cost_per_ton > 0", name="cost_per_ton"),
        CheckConstraint("side IN ('finance', 'production')", name="side"),
    )

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("price_proposals.id"), primary_key=True)
    side: Mapped[str] = mapped_column(String(10), primary_key=True)
    cost_per_ton: Mapped[Decimal] = mapped_column(YUAN)
    opinion: Mapped[str] = mapped_column(Text)
    signed_by: Mapped[str] = mapped_column(String(80))
    signed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class BasePrice(Table):
    """One version of a product's base price: yuan per ton incl. tax, immutable once written.

    The database refuses every change of a row, and every row without a proposal that the GM approved (3-7.3.3).
    """

    __tablename__ = "base_prices"
    __table_args__ = (
        UniqueConstraint("product_id", "version"),
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("status IN ('initial', 'standard')", name="status"),
        Index("ix_base_prices_effective_from", "product_id", "effective_from", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    version: Mapped[int]
    price: Mapped[Decimal] = mapped_column(YUAN)
    status: Mapped[str] = mapped_column(String(10))
    effective_from: Mapped[date] = mapped_column(Date)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("price_proposals.id"), unique=True)
    approved_by: Mapped[str] = mapped_column(String(80))
    approved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


def version_on(day: date) -> ScalarSelect[Any]:
    """The version of `Product`'s base price in force on `day`, to be used inside a query of products.

    A newer decision stands above an older one: the highest version whose first day has come.
    """
    dated = aliased(BasePrice)
    return (
        select(func.max(dated.version))
        .where(dated.product_id == Product.id, dated.effective_from <= day)
        .correlate(Product)
        .scalar_subquery()
    )
