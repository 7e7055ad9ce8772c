"""Tables of the products feature."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.outbox import Documented
from pricing_svc.tables import Table


class Product(Documented, Table):
    """A product 产品. `lifecycle` is derived from its production records and written with every new record.

    `price_versions` counts the versions of its base price; only the price table's writer raises it.
    """

    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("lifecycle IN ('new', 'regular', 'stopped')", name="lifecycle"),
        Index("ix_products_name", "name", "id"),
        Index("ix_products_family", "family", "id"),
        Index("ix_products_lifecycle", "lifecycle", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    family: Mapped[str] = mapped_column(String(64))
    lifecycle: Mapped[str] = mapped_column(String(10))
    price_versions: Mapped[int] = mapped_column(default=0)
    opened_by: Mapped[str] = mapped_column(String(80))
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    @property
    def document(self) -> str:
        """The product's name as a document, in events, tasks and verdicts."""
        return f"product/{self.id}"


class ProductionRecord(Table):
    """One entry of a product's production history 生产记录; append-only, `number` is the order of recording."""

    __tablename__ = "production_records"
    __table_args__ = (CheckConstraint("stage IN ('samples', 'trial', 'mass_production', 'stopped')", name="stage"),)

    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(String(20))
    since: Mapped[date] = mapped_column(Date)
    recorded_by: Mapped[str] = mapped_column(String(80))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
