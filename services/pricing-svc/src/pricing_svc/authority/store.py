"""Tables of the authority feature: the tables drafted and approved per product family, and their bands."""

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
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from fangxing.outbox import Documented
from pricing_svc.tables import Table

PERCENT = Numeric(5, 2)


class AuthorityFamily(Documented, Table):
    """A product family as the document the authority events are about; `versions` counts the approved tables."""

    __tablename__ = "authority_families"

    family: Mapped[str] = mapped_column(String(64), primary_key=True)
    versions: Mapped[int] = mapped_column(default=0)

    @property
    def document(self) -> str:
        """The family's authority as a document."""
        return f"price-authority/{self.family}"


class BandRow(Table):
    """One band of an authority table, in percent of the base price."""

    __tablename__ = "authority_bands"
    __table_args__ = (
        CheckConstraint("percent_below BETWEEN 0 AND 100", name="percent_below"),
        CheckConstraint("percent_above BETWEEN 0 AND 100", name="percent_above"),
        CheckConstraint("role IN ('sales_rep', 'sales_manager')", name="role"),
    )

    table_id: Mapped[UUID] = mapped_column(ForeignKey("authority_tables.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    percent_below: Mapped[Decimal] = mapped_column(PERCENT)
    percent_above: Mapped[Decimal] = mapped_column(PERCENT)


class AuthorityTable(Table):
    """A price authority table 价格权限管理表 of one family, immutable once submitted but for its status.

    `status`: pending, approved, rejected, returned. `version` and `effective_from` are final with the GM's yes.
    """

    __tablename__ = "authority_tables"
    __table_args__ = (
        UniqueConstraint("family", "version"),
        CheckConstraint("status IN ('pending', 'approved', 'rejected', 'returned')", name="status"),
        CheckConstraint(
            "status <> 'approved' OR (version IS NOT NULL AND effective_from IS NOT NULL)", name="approved"
        ),
        Index("ix_authority_tables_family", "family", "id"),
        Index("ix_authority_tables_status", "status", "id"),
        Index("uq_authority_tables_pending", "family", unique=True, postgresql_where="status = 'pending'"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    family: Mapped[str] = mapped_column(ForeignKey("authority_families.family"))
    version: Mapped[int | None]
    effective_from: Mapped[date | None] = mapped_column(Date)
    drafted_by: Mapped[str] = mapped_column(String(80))
    drafted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    status: Mapped[str] = mapped_column(String(10))
    bands: Mapped[list[BandRow]] = relationship(order_by=BandRow.role, lazy="selectin")

    @property
    def document(self) -> str:
        """The table's name as a document."""
        return f"authority-table/{self.id}"


def version_on(day: date) -> ScalarSelect[Any]:
    """The version of a family's table in force on `day`, to be used inside a query of `AuthorityTable`."""
    dated = aliased(AuthorityTable)
    return (
        select(func.max(dated.version))
        .where(dated.family == AuthorityTable.family, dated.status == "approved", dated.effective_from <= day)
        .correlate(AuthorityTable)
        .scalar_subquery()
    )
