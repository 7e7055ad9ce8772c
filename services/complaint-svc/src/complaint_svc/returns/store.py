"""Tables of the returns feature."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from complaint_svc.tables import TONS, YUAN, Table
from fangxing.outbox import Documented


class ReturnLine(Table):
    """One line of a return, against one line of its delivery note.

    `tons` and `value` are what is proposed and approved; `received_tons` by the warehouse; `accepted_tons` and
    `accepted_value` by quality.
    """

    __tablename__ = "return_lines"
    __table_args__ = (
        ForeignKeyConstraint(
            ["delivery_note_id", "line"],
            ["delivery_lines.delivery_note_id", "delivery_lines.line"],
            name="fk_return_lines_delivery_line",
        ),
        CheckConstraint("tons > 0", name="tons"),
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint("received_tons BETWEEN 0 AND tons", name="received"),
        CheckConstraint("accepted_tons BETWEEN 0 AND received_tons", name="accepted"),
        CheckConstraint("accepted_value BETWEEN 0 AND value", name="accepted_value"),
        Index("ix_return_lines_delivery_line", "delivery_note_id", "line"),
        Index("ix_return_lines_lot", "lot", "return_id"),
    )

    return_id: Mapped[UUID] = mapped_column(ForeignKey("returns.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    delivery_note_id: Mapped[UUID]
    product_id: Mapped[UUID]
    product_name: Mapped[str] = mapped_column(String(200))
    lot: Mapped[str] = mapped_column(String(64))
    tons: Mapped[Decimal] = mapped_column(TONS)
    price_per_ton: Mapped[Decimal] = mapped_column(YUAN)
    value: Mapped[Decimal] = mapped_column(YUAN)
    received_tons: Mapped[Decimal | None] = mapped_column(TONS)
    accepted_tons: Mapped[Decimal | None] = mapped_column(TONS)
    accepted_value: Mapped[Decimal | None] = mapped_column(YUAN)


class Return(Documented, Table):
    """A return against one delivery note.

    `status`: proposed (held, promised to nobody), refused (the proposal was not approved), approved, cancelled,
    received, inspected; `result` of the inspection is accepted, partly or rejected.
    """

    __tablename__ = "returns"
    __table_args__ = (
        CheckConstraint(
            "status IN ('proposed', 'refused', 'approved', 'cancelled', 'received', 'inspected')", name="status"
        ),
        CheckConstraint("result IN ('accepted', 'partly', 'rejected')", name="result"),
        CheckConstraint("(status = 'inspected') = (result IS NOT NULL)", name="inspected_has_result"),
        Index("ix_returns_complaint", "complaint_id", "id"),
        Index("ix_returns_customer", "customer_id", "id"),
        Index("ix_returns_delivery_note", "delivery_note_id", "id"),
        Index("ix_returns_status", "status", "id"),
        Index("ix_returns_value", "value", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(80), unique=True)
    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaints.id"))
    handling_id: Mapped[UUID] = mapped_column(ForeignKey("complaint_handlings.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    account_id: Mapped[UUID]
    delivery_note_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_notes.id"))
    status: Mapped[str] = mapped_column(String(10))
    value: Mapped[Decimal] = mapped_column(YUAN)
    approved_on: Mapped[date | None] = mapped_column(Date)
    received_on: Mapped[date | None] = mapped_column(Date)
    received_by: Mapped[str | None] = mapped_column(String(80))
    receipt_note: Mapped[str | None] = mapped_column(Text)
    inspected_on: Mapped[date | None] = mapped_column(Date)
    inspected_by: Mapped[str | None] = mapped_column(String(80))
    result: Mapped[str | None] = mapped_column(String(10))
    findings: Mapped[str | None] = mapped_column(Text)
    accepted_value: Mapped[Decimal | None] = mapped_column(YUAN)
    cancelled_on: Mapped[date | None] = mapped_column(Date)
    cancelled_by: Mapped[str | None] = mapped_column(String(80))
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    lines: Mapped[list[ReturnLine]] = relationship(order_by=ReturnLine.line, lazy="selectin")

    @property
    def document(self) -> str:
        """The return's name as a document, in events, tasks and verdicts."""
        return f"return/{self.id}"
