"""The outbox 发件箱: an event is recorded in the transaction that changes the state, or not at all.

The relay sends what is unpublished. Published rows stay for a retention, so that a lost topic tail can be sent again.
"""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import BigInteger, DateTime, Identity, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.database.tables import Table
from fangxing.ids import new_id

if TYPE_CHECKING:
    from fangxing.work import Work


class Event(BaseModel):
    """Base of what a service publishes. `event_type` is `<topic>.<Name>.v<n>`; a breaking change is a new type."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    event_type: ClassVar[str]


class OutboxRow(Table):
    """One recorded event. `version` is the gapless version of `document`; null for events without one.

    `position` is "epoch.version" where the event carries the writer's credit position.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_unpublished", "seq", postgresql_where="published_at IS NULL"),
        Index("ix_outbox_published_at", "published_at"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True, default=new_id)
    type: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(80))
    document: Mapped[str] = mapped_column(String(120))
    version: Mapped[int | None]
    position: Mapped[str | None] = mapped_column(String(40))
    data: Mapped[str] = mapped_column(Text)
    traceparent: Mapped[str | None] = mapped_column(String(80))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


def record(
    work: "Work", event: Event, *, key: str, document: str, version: int | None, position: str | None = None
) -> None:
    """Record `event` in the unit of work.

    `key` decides the partition: the credit account for all that touches credit, else the document. `version` must have
    been taken under the document's row lock, 1..n without a gap. Raises ValueError where `key` or `document` is empty.
    """
    if not key or not document:
        raise ValueError(f"{event.event_type}: an event needs a key and a document")
    work.tx.add(
        OutboxRow(
            id=new_id(),
            type=event.event_type,
            key=key,
            document=document,
            version=version,
            position=position,
            data=event.model_dump_json(),
            traceparent=work.traceparent,
            recorded_at=work.system_now,
        )
    )


class Counted:
    """Mixin of a row about which facts are published: `facts` counts them. `document` is its name, "notice/<id>"."""

    facts: Mapped[int] = mapped_column(default=0)

    if TYPE_CHECKING:

        @property
        def document(self) -> str:
            """The row's name as a document."""


def record_fact(work: "Work", event: Event, *, about: Counted, key: str, position: str | None = None) -> None:
    """Record a fact about the row `about`, which is locked or new, under its next gapless version."""
    about.facts = (about.facts or 0) + 1
    record(work, event, key=key, document=about.document, version=about.facts, position=position)
