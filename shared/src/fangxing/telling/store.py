"""What is to be told, and what became of it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import DateTime, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.database.tables import Table
from fangxing.database.types import one_of


class TellingStatus(StrEnum):
    """Whether it waits, was sent, was not needed any more when its turn came, or was given up."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"
    DEAD = "dead"


class TellingRow(Table):
    """A task to be told on a channel of its role, not before `due_at` by the system's clock.

    `fault` is what the last of the `attempts` met, without any address.
    """

    __tablename__ = "tellings"
    __table_args__ = (
        Index("ix_tellings_waiting", "due_at", postgresql_where="status = 'waiting'"),
        Index("ix_tellings_ended_at", "ended_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    task_id: Mapped[UUID]
    channel: Mapped[str] = mapped_column(String(60))
    status: Mapped[TellingStatus] = mapped_column(one_of(TellingStatus))
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    fault: Mapped[str | None] = mapped_column(String(200))
