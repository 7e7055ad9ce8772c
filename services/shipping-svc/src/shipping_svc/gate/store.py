"""Tables of the gate."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, DateTime, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shipping_svc.tables import Table


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
