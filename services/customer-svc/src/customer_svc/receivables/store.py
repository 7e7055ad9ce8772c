"""Tables of the receivables: the append-only ledger, and what it is about."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from customer_svc.tables import Table
from fangxing.ids import new_id
from fangxing.outbox import Documented

YUAN = Numeric(14, 2)
TONS = Numeric(12, 3)


class LedgerEntry(Table):
    """One entry of the ledger: what it changed in each figure of the position, in yuan. Append-only."""

    __tablename__ = "ledger_entries"
    __table_args__ = (Index("ix_ledger_entries_account", "account_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"))
    kind: Mapped[str] = mapped_column(String(20))
    document: Mapped[str] = mapped_column(String(120))
    receivable: Mapped[Decimal] = mapped_column(YUAN)
    written_off: Mapped[Decimal] = mapped_column(YUAN)
    settled: Mapped[Decimal] = mapped_column(YUAN)
    prepaid: Mapped[Decimal] = mapped_column(YUAN)
    posted_on: Mapped[date] = mapped_column(Date)
    posted_by: Mapped[str] = mapped_column(String(80))
    posted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class DeliveryNote(Table):
    """A delivery note 送货单 as shipping reported it."""

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


class Invoice(Documented, Table):
    """An invoice 发票 against a delivery note; `open_amount` is what no payment or credit note covers yet."""

    __tablename__ = "invoices"
    __table_args__ = (
        CheckConstraint("open_amount BETWEEN 0 AND amount", name="open_amount"),
        Index("ix_invoices_customer", "customer_id", "id"),
        Index("ix_invoices_note", "note_id", "due_on"),
        Index("ix_invoices_open", "account_id", "due_on", postgresql_where="open_amount > 0"),
        Index("ix_invoices_due_on", "due_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(64), unique=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"))
    note_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_notes.id"))
    amount: Mapped[Decimal] = mapped_column(YUAN)
    settled: Mapped[Decimal] = mapped_column(YUAN)
    open_amount: Mapped[Decimal] = mapped_column(YUAN)
    reason: Mapped[str | None] = mapped_column(Text)
    issued_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)

    @property
    def document(self) -> str:
        """The invoice's name as a document."""
        return f"invoice/{self.id}"


class Payment(Documented, Table):
    """A payment received; `purpose` prepayment earmarks it outside the receivable.

    `allocated` yuan of it pay invoices. The reference of one that was taken back may be entered again.
    """

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("allocated BETWEEN 0 AND amount", name="allocated"),
        Index("ix_payments_customer", "customer_id", "id"),
        Index("ix_payments_reference", "reference", "id"),
        Index("uq_payments_reference", "reference", unique=True, postgresql_where="reversed_on IS NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(64))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"))
    purpose: Mapped[str] = mapped_column(String(12))
    amount: Mapped[Decimal] = mapped_column(YUAN)
    allocated: Mapped[Decimal] = mapped_column(YUAN)
    received_on: Mapped[date] = mapped_column(Date)
    reversed_on: Mapped[date | None] = mapped_column(Date)
    reversal_reason: Mapped[str | None] = mapped_column(Text)

    @property
    def document(self) -> str:
        """The payment's name as a document."""
        return f"payment/{self.id}"


class PaymentAllocation(Table):
    """A part of a payment that pays a part of an invoice."""

    __tablename__ = "payment_allocations"

    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"), primary_key=True)
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"), primary_key=True, index=True)
    amount: Mapped[Decimal] = mapped_column(YUAN)


class CreditNote(Documented, Table):
    """A credit note 贷项通知单 for returned goods: pending until the accountant confirms it."""

    __tablename__ = "credit_notes"
    __table_args__ = (
        Index("ix_credit_notes_status", "status", "id"),
        Index("ix_credit_notes_customer", "customer_id", "id"),
        Index("ix_credit_notes_opened_on", "opened_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    return_id: Mapped[UUID] = mapped_column(unique=True)
    return_number: Mapped[str] = mapped_column(String(64))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"))
    # no foreign key: word of the return may overtake word of the delivery note, they come on two topics
    note_id: Mapped[UUID]
    value: Mapped[Decimal] = mapped_column(YUAN)
    credited: Mapped[Decimal | None] = mapped_column(YUAN)
    settled: Mapped[Decimal | None] = mapped_column(YUAN)
    status: Mapped[str] = mapped_column(String(10))
    opened_on: Mapped[date] = mapped_column(Date)
    confirmed_by: Mapped[str | None] = mapped_column(String(80))
    confirmed_on: Mapped[date | None] = mapped_column(Date)

    @property
    def document(self) -> str:
        """The credit note's name as a document."""
        return f"credit-note/{self.id}"


class CreditNoteLine(Table):
    """What of a delivery note's line came back and was accepted."""

    __tablename__ = "credit_note_lines"

    credit_note_id: Mapped[UUID] = mapped_column(ForeignKey("credit_notes.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    tons: Mapped[Decimal] = mapped_column(TONS)
    value: Mapped[Decimal] = mapped_column(YUAN)
