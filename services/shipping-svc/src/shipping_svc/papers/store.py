"""Tables of the papers: delivery notes and exit passes."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Date, DateTime, ForeignKey, Index, Sequence, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fangxing.database.types import TONS, YUAN, one_of
from fangxing.documents import Documented
from shipping_svc.papers.rules import NOTE_FINAL, NOTE_MOVES, PASS_FINAL, PASS_MOVES, NoteStatus, PassStatus
from shipping_svc.papers.words import NOTE_WORDS, PASS_WORDS
from shipping_svc.tables import Table

NOTE_NUMBERS = Sequence("delivery_note_numbers", metadata=Table.metadata)


class DeliveryNoteLine(Table):
    """A line of a delivery note: one lot of one order line."""

    __tablename__ = "delivery_note_lines"

    note_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_notes.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    order_line_id: Mapped[UUID]
    contract_line_id: Mapped[UUID]
    product_id: Mapped[UUID]
    product_name: Mapped[str] = mapped_column(String(200))
    lot: Mapped[str] = mapped_column(String(64))
    packages: Mapped[int]
    tons: Mapped[Decimal] = mapped_column(TONS)
    price_per_ton: Mapped[Decimal] = mapped_column(YUAN)
    value: Mapped[Decimal] = mapped_column(YUAN)


class DeliveryNote(Documented, Table):
    """A delivery note 送货单, signed by keeper and carrier and immutable from then on, with its freight voucher."""

    __tablename__ = "delivery_notes"
    __table_args__ = (Index("ix_delivery_notes_customer", "customer_id", "id"),)
    document_kind, moves, final, words = "delivery-note", NOTE_MOVES, NOTE_FINAL, NOTE_WORDS
    number_in = "number"
    amount_in = "value"

    number: Mapped[str] = mapped_column(String(40), unique=True)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"), index=True)
    loading_id: Mapped[UUID] = mapped_column(ForeignKey("loadings.id"), unique=True)
    customer_id: Mapped[UUID]
    account_id: Mapped[UUID]
    vehicle: Mapped[str] = mapped_column(String(64))
    driver: Mapped[str] = mapped_column(String(200))
    tons: Mapped[Decimal] = mapped_column(TONS)
    value: Mapped[Decimal] = mapped_column(YUAN)
    status: Mapped[NoteStatus] = mapped_column(one_of(NoteStatus, "status"))
    keeper: Mapped[str] = mapped_column(String(80))
    keeper_name: Mapped[str] = mapped_column(String(80))
    carrier_name: Mapped[str] = mapped_column(String(200))
    carrier_signature: Mapped[str] = mapped_column(Text)
    freight_voucher: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    shipped_on: Mapped[date] = mapped_column(Date)
    left_on: Mapped[date | None] = mapped_column(Date)
    lines: Mapped[list[DeliveryNoteLine]] = relationship(order_by=DeliveryNoteLine.line, lazy="selectin")


class ExitPass(Documented, Table):
    """An exit pass 出门证: for one truck with one delivery note, at one gate, until a moment, once.

    It repeats what the guard compares, so that one row answers him. Of a delivery note one pass is good: issuing
    another makes the one before void.
    """

    __tablename__ = "exit_passes"
    __table_args__ = (
        Index("uq_exit_passes_good", "note_id", unique=True, postgresql_where="status <> 'void'"),
        Index("ix_exit_passes_note_number", "note_number", "id"),
        Index("ix_exit_passes_customer", "customer_id", "id"),
    )
    document_kind, moves, final, words = "exit-pass", PASS_MOVES, PASS_FINAL, PASS_WORDS
    number_in = "note_number"

    short_number: Mapped[str] = mapped_column(String(10), unique=True)
    note_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_notes.id"))
    note_number: Mapped[str] = mapped_column(String(40))
    notice_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    account_id: Mapped[UUID]
    customer_name: Mapped[str] = mapped_column(String(200))
    vehicle: Mapped[str] = mapped_column(String(64))
    driver: Mapped[str] = mapped_column(String(200))
    goods: Mapped[str] = mapped_column(String(1000))
    tons: Mapped[Decimal] = mapped_column(TONS)
    gate: Mapped[str] = mapped_column(String(64))
    status: Mapped[PassStatus] = mapped_column(one_of(PassStatus, "status"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    valid_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    voided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
