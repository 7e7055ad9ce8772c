"""Tables of the receivables: the append-only ledger, and what it is about."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    ScalarSelect,
    Select,
    String,
    Text,
    case,
    exists,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Mapped, mapped_column, relationship

from customer_svc.accounts.rules import EntryKind, Side
from customer_svc.accounts.store import Allocation, Item
from customer_svc.customers.store import Customer
from customer_svc.receivables.errors import NOTE_NOT_FOUND
from customer_svc.receivables.rules import (
    CREDIT_NOTE_FINAL,
    CREDIT_NOTE_MOVES,
    DRAFTS,
    INVOICE_FINAL,
    INVOICE_MOVES,
    PAYMENT_FINAL,
    PAYMENT_MOVES,
    CreditNoteStatus,
    InvoiceStatus,
    Method,
    NoteLine,
    Part,
    PaymentStatus,
    Purpose,
    ReturnSplit,
)
from customer_svc.receivables.words import CREDIT_NOTE_WORDS, INVOICE_WORDS, PAYMENT_WORDS
from customer_svc.tables import Table
from fangxing.database import Reader, Tx
from fangxing.database.types import TONS, YUAN, one_of
from fangxing.documents import Documented, Hands
from fangxing.ids import new_id
from fangxing.money import ZERO


class LedgerEntry(Table):
    """One entry of the ledger: what it changed in each figure of the position, in yuan. Append-only.

    Entered on one day, it may count from an earlier one on.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (Index("ix_ledger_entries_account", "account_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"))
    kind: Mapped[EntryKind] = mapped_column(one_of(EntryKind))
    document: Mapped[str] = mapped_column(String(120))
    receivable: Mapped[Decimal] = mapped_column(YUAN)
    written_off: Mapped[Decimal] = mapped_column(YUAN)
    settled: Mapped[Decimal] = mapped_column(YUAN)
    prepaid: Mapped[Decimal] = mapped_column(YUAN)
    author: Mapped[str] = mapped_column(String(80))
    entered_on: Mapped[date] = mapped_column(Date)
    value_on: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class DeliveryNote(Table):
    """A delivery note 送货单 as shipping reported it, with the `hands` it went through there."""

    __tablename__ = "delivery_notes"
    __table_args__ = (
        CheckConstraint("prepayment_applied BETWEEN 0 AND on_prepayment", name="prepayment_applied"),
        Index("ix_delivery_notes_account", "account_id", "id"),
        Index("ix_delivery_notes_customer", "customer_id", "id"),
        Index("ix_delivery_notes_number", "number", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"))
    value: Mapped[Decimal] = mapped_column(YUAN)
    on_prepayment: Mapped[Decimal] = mapped_column(YUAN)
    prepayment_applied: Mapped[Decimal] = mapped_column(YUAN)
    shipped_on: Mapped[date] = mapped_column(Date)
    left_on: Mapped[date | None] = mapped_column(Date)
    hands: Mapped[Hands] = mapped_column(JSONB)

    @property
    def prepaid_left(self) -> Decimal:
        """What was shipped against a prepayment and neither invoiced nor returned yet, in yuan."""
        return self.on_prepayment - self.prepayment_applied


class DeliveryNoteLine(Table):
    """A line of a delivery note, and what of it was invoiced or returned."""

    __tablename__ = "delivery_note_lines"
    __table_args__ = (
        CheckConstraint("settled_tons BETWEEN 0 AND tons", name="settled_tons"),
        CheckConstraint("settled_value BETWEEN 0 AND value", name="settled_value"),
        CheckConstraint("returned_tons BETWEEN 0 AND settled_tons", name="returned_tons"),
        CheckConstraint("returned_value BETWEEN 0 AND settled_value", name="returned_value"),
        CheckConstraint("credited_amount BETWEEN 0 AND invoiced_amount", name="credited_amount"),
    )

    note_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_notes.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    product_name: Mapped[str] = mapped_column(String(200))
    lot: Mapped[str] = mapped_column(String(64))
    tons: Mapped[Decimal] = mapped_column(TONS)
    price_per_ton: Mapped[Decimal] = mapped_column(YUAN)
    value: Mapped[Decimal] = mapped_column(YUAN)
    settled_tons: Mapped[Decimal] = mapped_column(TONS)
    settled_value: Mapped[Decimal] = mapped_column(YUAN)
    returned_tons: Mapped[Decimal] = mapped_column(TONS)
    returned_value: Mapped[Decimal] = mapped_column(YUAN)
    invoiced_amount: Mapped[Decimal] = mapped_column(YUAN)
    credited_amount: Mapped[Decimal] = mapped_column(YUAN)

    @property
    def figures(self) -> NoteLine:
        """The line as the rules see it."""
        return NoteLine(**{name: getattr(self, name) for name in _FIGURES})

    @figures.setter
    def figures(self, figures: NoteLine) -> None:
        for name in _FIGURES:
            setattr(self, name, getattr(figures, name))


_FIGURES = [field.name for field in fields(NoteLine)]


class Invoice(Documented, Table):
    """An invoice 发票 against a delivery note. What of it is open, and when it is due, stands in its open item."""

    __tablename__ = "invoices"
    __table_args__ = (
        Index("ix_invoices_customer", "customer_id", "id"),
        Index("ix_invoices_note", "note_id", "id"),
        Index("ix_invoices_number", "number", "id"),
        Index("uq_invoices_number", "normal_number", unique=True),
    )
    document_kind, moves, final, words = "invoice", INVOICE_MOVES, INVOICE_FINAL, INVOICE_WORDS
    number_in = "number"
    amount_in = "amount"

    id: Mapped[UUID] = mapped_column(ForeignKey("items.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(64))
    normal_number: Mapped[str] = mapped_column(String(64))
    status: Mapped[InvoiceStatus] = mapped_column(one_of(InvoiceStatus))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"))
    note_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_notes.id"))
    amount: Mapped[Decimal] = mapped_column(YUAN)
    settled: Mapped[Decimal] = mapped_column(YUAN)
    reason: Mapped[str | None] = mapped_column(Text)
    issued_on: Mapped[date] = mapped_column(Date)
    item: Mapped[Item] = relationship(lazy="joined", innerjoin=True)

    @property
    def open_amount(self) -> Decimal:
        """What no prepayment, payment or credit note covers yet, in yuan."""
        return self.item.open_amount

    @property
    def due_on(self) -> date:
        """The last day on which it is not overdue."""
        assert self.item.due_on is not None
        return self.item.due_on


class InvoiceLine(Table):
    """What of a note's line an invoice covers: tons, `settled` at the note's price, and its part of the amount.

    `prepaid` of what it settles was shipped against a prepayment.
    """

    __tablename__ = "invoice_lines"

    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    tons: Mapped[Decimal] = mapped_column(TONS)
    settled: Mapped[Decimal] = mapped_column(YUAN)
    prepaid: Mapped[Decimal] = mapped_column(YUAN)
    amount: Mapped[Decimal] = mapped_column(YUAN)

    @property
    def part(self) -> Part:
        """The part of the note's line, as the rules see it."""
        return Part(self.line, self.tons, self.settled)


_DRAFTS = ", ".join(f"'{method}'" for method in DRAFTS)


class Payment(Documented, Table):
    """A receipt 来款: for what is owed, but for its `prepaid` part, which is kept for goods to come.

    What of it is used stands in its items. `source` is whose numbers its reference is one of: the own bank account it
    came in on, or the bank that accepted a draft. References are told apart by source and `normal_reference`; that of a
    payment that was taken back may be entered again.
    """

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("prepaid BETWEEN 0 AND amount", name="prepaid"),
        CheckConstraint(f"(method IN ({_DRAFTS})) = (matures_on IS NOT NULL)", name="drafts_mature"),
        CheckConstraint("(status = 'reversed') = (reversed_on IS NOT NULL)", name="reversed_on_a_day"),
        Index("ix_payments_customer", "customer_id", "id"),
        Index("ix_payments_reference", "reference", "id"),
        Index(
            "uq_payments_reference", "source", "normal_reference", unique=True, postgresql_where="status <> 'reversed'"
        ),
        Index("ix_payments_held", "matures_on", "id", postgresql_where="status = 'held'"),
    )
    document_kind, moves, final, words = "payment", PAYMENT_MOVES, PAYMENT_FINAL, PAYMENT_WORDS
    number_in = "reference"
    amount_in = "amount"

    reference: Mapped[str] = mapped_column(String(80))
    normal_reference: Mapped[str] = mapped_column(Text)
    status: Mapped[PaymentStatus] = mapped_column(one_of(PaymentStatus))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"))
    purpose: Mapped[Purpose] = mapped_column(one_of(Purpose))
    amount: Mapped[Decimal] = mapped_column(YUAN)
    prepaid: Mapped[Decimal] = mapped_column(YUAN)
    method: Mapped[Method] = mapped_column(one_of(Method))
    bank_account: Mapped[str] = mapped_column(String(64))
    accepting_bank: Mapped[str | None] = mapped_column(String(200))
    drawer: Mapped[str | None] = mapped_column(String(200))
    matures_on: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)
    received_on: Mapped[date] = mapped_column(Date)
    reversed_on: Mapped[date | None] = mapped_column(Date)
    reversal_reason: Mapped[str | None] = mapped_column(Text)


class CreditNote(Documented, Table):
    """A credit note 贷项通知单 for returned goods: pending until the accountant confirms it."""

    __tablename__ = "credit_notes"
    __table_args__ = (
        Index("ix_credit_notes_status", "status", "id"),
        Index("ix_credit_notes_customer", "customer_id", "id"),
        Index("ix_credit_notes_created_on", "created_on", "id"),
        Index("ix_credit_notes_return_number", "return_number", "id"),
    )
    document_kind, moves, final, words = "credit-note", CREDIT_NOTE_MOVES, CREDIT_NOTE_FINAL, CREDIT_NOTE_WORDS
    number_in = "return_number"
    amount_in = "value"

    return_id: Mapped[UUID] = mapped_column(unique=True)
    return_number: Mapped[str] = mapped_column(String(64))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"))
    # no foreign key: word of the return may overtake word of the delivery note, they come on two topics
    note_id: Mapped[UUID]
    value: Mapped[Decimal] = mapped_column(YUAN)
    credited: Mapped[Decimal | None] = mapped_column(YUAN)
    settled: Mapped[Decimal | None] = mapped_column(YUAN)
    # of what was credited, and of what was not invoiced, the part that is a prepayment again
    credited_prepaid: Mapped[Decimal] = mapped_column(YUAN)
    settled_prepaid: Mapped[Decimal] = mapped_column(YUAN)
    status: Mapped[CreditNoteStatus] = mapped_column(one_of(CreditNoteStatus))
    created_on: Mapped[date] = mapped_column(Date)
    confirmed_on: Mapped[date | None] = mapped_column(Date)


class CreditNoteLine(Table):
    """What of a delivery note's line came back and was accepted; once confirmed, how it was split."""

    __tablename__ = "credit_note_lines"

    credit_note_id: Mapped[UUID] = mapped_column(ForeignKey("credit_notes.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    tons: Mapped[Decimal] = mapped_column(TONS)
    value: Mapped[Decimal] = mapped_column(YUAN)
    uninvoiced_tons: Mapped[Decimal | None] = mapped_column(TONS)
    uninvoiced_value: Mapped[Decimal | None] = mapped_column(YUAN)
    invoiced_tons: Mapped[Decimal | None] = mapped_column(TONS)
    invoiced_value: Mapped[Decimal | None] = mapped_column(YUAN)
    credit: Mapped[Decimal | None] = mapped_column(YUAN)

    @property
    def split(self) -> ReturnSplit | None:
        """How it was split when it was confirmed."""
        parts = {name: getattr(self, name) for name in _SPLIT}
        return None if parts["credit"] is None else ReturnSplit(**parts)

    @split.setter
    def split(self, split: ReturnSplit | None) -> None:
        for name in _SPLIT:
            setattr(self, name, None if split is None else getattr(split, name))


_SPLIT = [field.name for field in fields(ReturnSplit)]


_CUSTOMER_NAME = Customer.name.label("customer_name")
OPEN_OF_PAYMENT: ScalarSelect[Decimal] = (
    select(func.coalesce(func.sum(Item.open_amount), ZERO))
    .where(Item.document_id == Payment.id, Item.side == Side.CREDIT)
    .correlate(Payment)
    .scalar_subquery()
)
"""What of a payment covers nothing yet, in yuan."""
INVOICE_ROWS = (
    select(Invoice.__table__, Item.open_amount, Item.due_on, _CUSTOMER_NAME)
    .join_from(Invoice, Item, Item.id == Invoice.id)
    .join(Customer, Customer.id == Invoice.customer_id)
)
PAYMENT_ROWS = select(
    Payment.__table__,
    OPEN_OF_PAYMENT.label("open_amount"),
    case((Payment.status == PaymentStatus.ENTERED, Payment.amount - OPEN_OF_PAYMENT), else_=ZERO).label("allocated"),
    _CUSTOMER_NAME,
).join_from(Payment, Customer)
CREDIT_NOTE_ROWS = select(CreditNote.__table__, _CUSTOMER_NAME).join_from(CreditNote, Customer)
NOTE_ROWS = select(DeliveryNote.__table__, _CUSTOMER_NAME).join_from(DeliveryNote, Customer)
"""The documents as they are shown, with the names of their customers."""


async def lines_of(reader: Reader, note_id: UUID) -> Sequence[RowMapping]:
    """The lines of a delivery note."""
    lines = select(DeliveryNoteLine.__table__).where(DeliveryNoteLine.note_id == note_id)
    return (await reader.execute(lines.order_by(DeliveryNoteLine.line))).mappings().all()


async def lock_note(tx: Tx, note_id: UUID) -> tuple[DeliveryNote, dict[int, DeliveryNoteLine]]:
    """The delivery note and its lines by number, the note's row locked; raises `delivery-note-not-found`.

    Whoever locks a note and an account locks the note first.
    """
    note = await tx.get(DeliveryNote, note_id, with_for_update={"key_share": True}, populate_existing=True)
    if note is None:
        raise NOTE_NOT_FOUND(note=note_id)
    lines = await tx.scalars(
        select(DeliveryNoteLine)
        .where(DeliveryNoteLine.note_id == note_id)
        .order_by(DeliveryNoteLine.line)
        .execution_options(populate_existing=True)
    )
    return note, {line.line: line for line in lines}


async def has_delivery_note(tx: Tx, account_id: UUID) -> bool:
    """Whether goods were ever shipped to a customer of the account."""
    return bool(await tx.scalar(select(exists().where(DeliveryNote.account_id == account_id))))


def invoices_of(note_id: UUID) -> Select[UUID]:
    """The ids of a delivery note's invoices."""
    return select(Invoice.id).where(Invoice.note_id == note_id)


async def open_of_note(tx: Tx, note_id: UUID) -> Decimal:
    """What is open of a delivery note's invoices, in yuan."""
    found = select(func.coalesce(func.sum(Item.open_amount), ZERO)).where(Item.id.in_(invoices_of(note_id)))
    return (await tx.scalars(found)).one()


async def paid_in_advance(tx: Tx, note_id: UUID) -> Decimal:
    """What prepayments paid of a delivery note's invoices and no return has given back to them yet, in yuan."""
    paid = (
        select(func.coalesce(func.sum(Allocation.amount), ZERO))
        .join(Item, Item.id == Allocation.from_item)
        .where(Item.earmarked, Allocation.to_item.in_(invoices_of(note_id)))
    )
    given_back = select(func.coalesce(func.sum(CreditNote.credited_prepaid), ZERO)).where(CreditNote.note_id == note_id)
    return (await tx.scalars(paid)).one() - (await tx.scalars(given_back)).one()


async def credit_note_on(tx: Tx, note_id: UUID) -> str | None:
    """The return of a confirmed credit note that took something off the invoices of a delivery note."""
    found = select(CreditNote.return_number).where(
        CreditNote.note_id == note_id, CreditNote.status == CreditNoteStatus.CONFIRMED, CreditNote.credited > 0
    )
    return await tx.scalar(found.order_by(CreditNote.id).limit(1))
