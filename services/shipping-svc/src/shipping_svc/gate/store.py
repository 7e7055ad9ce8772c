"""Tables of the gate."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Date, DateTime, ForeignKey, Index, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from shipping_svc.tables import Table


class ExitPass(Table):
    """An exit pass 出门证: for one truck with one delivery note, at one gate, until a moment, once.

    It repeats what the guard compares, so that one row answers him. Of a delivery note one pass is good: issuing
    another makes the one before void.
    """

    __tablename__ = "exit_passes"
    __table_args__ = (Index("uq_exit_passes_good", "note_id", unique=True, postgresql_where="voided_at IS NULL"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
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
    tons: Mapped[Decimal] = mapped_column(Numeric(12, 3))
    gate: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    valid_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    used_by: Mapped[str | None] = mapped_column(String(80))
    voided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class GateRefusal(Table):
    """A truck that was not let out, and why."""

    __tablename__ = "gate_refusals"
    __table_args__ = (Index("ix_gate_refusals_on", "refused_on", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pass_id: Mapped[UUID | None]
    presented: Mapped[str] = mapped_column(String(64))
    vehicle: Mapped[str] = mapped_column(String(64))
    gate: Mapped[str] = mapped_column(String(64))
    slug: Mapped[str] = mapped_column(String(40))
    guard: Mapped[str] = mapped_column(String(80))
    refused_on: Mapped[date] = mapped_column(Date)
    refused_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
