"""Tables and SQL of the products feature."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Date, DateTime, ForeignKey, Index, String, or_, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.database import Reader, Tx
from fangxing.database.types import one_of
from fangxing.organisation.people import name_of
from fangxing.outbox import Counted
from fangxing.work import Work
from pricing_svc.products.errors import PRODUCT_NOT_FOUND
from pricing_svc.products.rules import Entry, Lifecycle, Stage
from pricing_svc.tables import Row, Table


class Product(Counted, Table):
    """A product 产品. `lifecycle` is derived from its production records and written with every new record.

    `price_versions` counts the versions of its base price; only the price table's writer raises it.
    """

    __tablename__ = "products"
    __table_args__ = (
        # whatever their case, two codes would be one on paper
        Index("uq_products_code", sql("lower(code)"), unique=True),
        Index("ix_products_code", "code", "id"),
        Index("ix_products_name", "name", "id"),
        Index("ix_products_family", "family", "id"),
        Index("ix_products_lifecycle", "lifecycle", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    family: Mapped[str] = mapped_column(String(64))
    lifecycle: Mapped[Lifecycle] = mapped_column(one_of(Lifecycle))
    price_versions: Mapped[int] = mapped_column(default=0)
    author: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    @property
    def document(self) -> str:
        """The product's name as a document, in events, tasks and verdicts."""
        return f"product/{self.id}"


PRODUCT_ROWS = select(Product.__table__, name_of(Product.author).label("author_name"))
"""Products as they are shown."""


class ProductionRecord(Table):
    """One entry of a product's production history 生产记录; append-only, `number` is the order of recording."""

    __tablename__ = "production_records"
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[Stage] = mapped_column(one_of(Stage))
    since: Mapped[date] = mapped_column(Date)
    author: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


def called(text: str) -> ColumnElement[bool]:
    """The products whose code begins with `text`, or whose name has it in it."""
    return or_(Product.code.istartswith(text, autoescape=True), Product.name.icontains(text, autoescape=True))


async def must_exist(reader: Reader, product_id: UUID) -> None:
    """Raise `product-not-found` unless there is the product."""
    if await reader.scalar(select(Product.id).where(Product.id == product_id)) is None:
        raise PRODUCT_NOT_FOUND(product=product_id)


async def record_rows(connection: Reader | Tx, product_id: UUID) -> Sequence[Row]:
    """A product's production records, in the order of recording."""
    records = select(ProductionRecord.__table__).where(ProductionRecord.product_id == product_id)
    return (await connection.execute(records.order_by(ProductionRecord.number))).mappings().all()


async def family_exists(work: Work, family: str) -> bool:
    """Whether any product is of the family."""
    return await work.tx.scalar(select(Product.id).where(Product.family == family).limit(1)) is not None


async def lock_product(work: Work, product_id: UUID) -> Product:
    """The product, its row locked until the transaction ends; raises `product-not-found`."""
    product = await work.tx.get(Product, product_id, with_for_update=True, populate_existing=True)
    if product is None:
        raise PRODUCT_NOT_FOUND(product=product_id)
    return product


async def history_of(work: Work, product_id: UUID) -> list[Entry]:
    """A product's recorded history, in the order of recording."""
    return [Entry(row["stage"], row["since"], row["number"]) for row in await record_rows(work.tx, product_id)]
