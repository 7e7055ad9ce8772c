"""Tables of the projections, written by the consumers alone, and what a request names of them."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from complaint_svc.reference.errors import CUSTOMER_NOT_FOUND, NOTE_NOT_FOUND
from complaint_svc.tables import Table
from fangxing.database import Tx
from fangxing.database.types import TONS, YUAN
from fangxing.documents import Hands


class Customer(Table):
    """A customer as customer-svc last published it; `rep` looks after it."""

    __tablename__ = "customers"
    __table_args__ = (Index("ix_customers_rep", "rep"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    number: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    rep: Mapped[str] = mapped_column(String(80))


class Goods:
    """Mixin of a line: tons of one lot of one product, the price in yuan per ton and the value in yuan."""

    product_id: Mapped[UUID]
    product_name: Mapped[str] = mapped_column(String(200))
    lot: Mapped[str] = mapped_column(String(64))
    tons: Mapped[Decimal] = mapped_column(TONS)
    price_per_ton: Mapped[Decimal] = mapped_column(YUAN)
    value: Mapped[Decimal] = mapped_column(YUAN)


class DeliveryLine(Goods, Table):
    """One line of a delivery note: one lot of one product; `value` in yuan is the note's and binds every return."""

    __tablename__ = "delivery_lines"
    __table_args__ = (
        CheckConstraint("tons > 0", name="tons"),
        CheckConstraint("value >= 0", name="value"),
        Index("ix_delivery_lines_lot", "lot", "delivery_note_id"),
    )

    delivery_note_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_notes.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)


class DeliveryNote(Table):
    """A delivery note as shipping-svc published it; `left_on` is the gate date, `hands` whoever had one in it.

    Its row is the lock under which returns against it are counted.
    """

    __tablename__ = "delivery_notes"
    __table_args__ = (Index("ix_delivery_notes_customer", "customer_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(80))
    # Events of different services come in any order, so the customer may still be unknown.
    customer_id: Mapped[UUID]
    account_id: Mapped[UUID]
    shipped_on: Mapped[date] = mapped_column(Date)
    left_on: Mapped[date | None] = mapped_column(Date)
    hands: Mapped[Hands] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    lines: Mapped[list[DeliveryLine]] = relationship(order_by=DeliveryLine.line, lazy="selectin")


async def customer_of(tx: Tx, customer_id: UUID) -> Customer:
    """The customer; raises `customer-not-found`."""
    customer = await tx.get(Customer, customer_id)
    if customer is None:
        raise CUSTOMER_NOT_FOUND(customer=customer_id)
    return customer


async def note_of(tx: Tx, customer_id: UUID, note_id: UUID) -> DeliveryNote:
    """A delivery note of the customer; raises `delivery-note-not-found`, also for another customer's."""
    return _checked(await tx.get(DeliveryNote, note_id), customer_id, note_id)


async def lock_note_of(tx: Tx, customer_id: UUID, note_id: UUID) -> DeliveryNote:
    """`note_of`, its row locked, so that the count of its returns holds still."""
    note = await tx.get(DeliveryNote, note_id, with_for_update=True, populate_existing=True)
    return _checked(note, customer_id, note_id)


def _checked(note: DeliveryNote | None, customer_id: UUID, note_id: UUID) -> DeliveryNote:
    if note is None or note.customer_id != customer_id:
        raise NOTE_NOT_FOUND(note=note_id)
    return note
