"""Tables of the complaints feature."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from complaint_svc.tables import Table
from fangxing.outbox import Documented


class RegisterCounter(Table):
    """The last number taken in the register of one year; its row is the lock under which numbers are taken."""

    __tablename__ = "register_counters"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Complaint(Documented, Table):
    """One entry of the register 客户反馈处理记录.

    `status`: registered, routed, handled (signed, waiting for approval), approved, closed. `answer_due` is the last
    day for the answer to the customer.
    """

    __tablename__ = "complaints"
    __table_args__ = (
        UniqueConstraint("year", "sequence"),
        CheckConstraint("kind IN ('grumble', 'complaint', 'return', 'claim')", name="kind"),
        CheckConstraint("status IN ('registered', 'routed', 'handled', 'approved', 'closed')", name="status"),
        CheckConstraint("(status = 'registered') = (road IS NULL)", name="routed_has_road"),
        CheckConstraint("(status = 'closed') = (told_customer_on IS NOT NULL)", name="closed_when_told"),
        Index("ix_complaints_customer", "customer_id", "id"),
        Index("ix_complaints_kind", "kind", "id"),
        Index("ix_complaints_status", "status", "id"),
        Index("ix_complaints_road", "road", "id"),
        Index("ix_complaints_lot", "lot", "id"),
        Index("ix_complaints_answer_due", "answer_due", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    year: Mapped[int]
    sequence: Mapped[int]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    account_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(10))
    channel: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    lot: Mapped[str | None] = mapped_column(String(64))
    delivery_note_id: Mapped[UUID | None] = mapped_column(ForeignKey("delivery_notes.id"))
    status: Mapped[str] = mapped_column(String(10))
    road: Mapped[str | None] = mapped_column(String(10))
    responsible: Mapped[str | None] = mapped_column(String(30))
    block_requested_on: Mapped[date | None] = mapped_column(Date)
    answer_due: Mapped[date] = mapped_column(Date)
    registered_by: Mapped[str] = mapped_column(String(80))
    registered_by_name: Mapped[str] = mapped_column(String(80))
    registered_on: Mapped[date] = mapped_column(Date)
    registered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    approved_on: Mapped[date | None] = mapped_column(Date)
    told_customer_on: Mapped[date | None] = mapped_column(Date)
    closing_note: Mapped[str | None] = mapped_column(Text)
    closed_by: Mapped[str | None] = mapped_column(String(80))
    closed_on: Mapped[date | None] = mapped_column(Date)

    @property
    def document(self) -> str:
        """The complaint's name as a document, in events, tasks and verdicts."""
        return f"complaint/{self.id}"


class Routing(Table):
    """One routing of a complaint (6-5.1.2). Rows are added and never changed, so re-routing stays visible."""

    __tablename__ = "complaint_routings"

    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaints.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    road: Mapped[str] = mapped_column(String(10))
    responsible: Mapped[str] = mapped_column(String(30))
    note: Mapped[str] = mapped_column(Text)
    block_lot: Mapped[bool]
    routed_by: Mapped[str] = mapped_column(String(80))
    routed_by_name: Mapped[str] = mapped_column(String(80))
    routed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Handling(Table):
    """A signed 原因调查及处理结果, cause and handling (6-5.2.1).

    `status` is pending, approved, rejected or returned.
    """

    __tablename__ = "complaint_handlings"
    __table_args__ = (
        UniqueConstraint("complaint_id", "number"),
        CheckConstraint("status IN ('pending', 'approved', 'rejected', 'returned')", name="status"),
        Index(
            "uq_complaint_handlings_current",
            "complaint_id",
            unique=True,
            postgresql_where="status IN ('pending', 'approved')",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaints.id"))
    number: Mapped[int]
    road: Mapped[str] = mapped_column(String(10))
    cause: Mapped[str] = mapped_column(Text)
    secondary_causes: Mapped[str | None] = mapped_column(Text)
    improvement: Mapped[str | None] = mapped_column(Text)
    handling: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(10))
    signed_by: Mapped[str] = mapped_column(String(80))
    signed_by_name: Mapped[str] = mapped_column(String(80))
    signed_as: Mapped[str] = mapped_column(String(30))
    signed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
