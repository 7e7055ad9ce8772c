"""The history 经过 of documents: the journal behind the timeline that clients show."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import DateTime, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.database import Reader, Tx
from fangxing.database.tables import Table
from fangxing.ids import new_id
from fangxing.organisation.people import name_of
from fangxing.text import Text
from fangxing.work import Work

if TYPE_CHECKING:
    from fangxing.documents import Documented

# a decision goes into the history as what it was, which is no action of the document's own
_DECISIONS = {
    "approve": Text("同意", "approved"),
    "reject": Text("不同意", "rejected"),
    "return": Text("退回", "returned"),
}


class HistoryRow(Table):
    """One action on a document, by whom and for whom."""

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_document", "document", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(60))
    actor: Mapped[str] = mapped_column(String(80))
    actor_name: Mapped[str] = mapped_column(String(80))
    on_behalf_of: Mapped[str | None] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


def add_history(work: Work, document: str, action: str) -> None:
    """Add `action` by the actor to the history of `document`."""
    actor = work.actor
    work.tx.add(
        HistoryRow(
            id=new_id(),
            document=document,
            action=action,
            actor=actor.id,
            actor_name=actor.name,
            on_behalf_of=actor.on_behalf_of,
            at=work.now,
        )
    )


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One action of a timeline; `action` is its code and `text` what people say."""

    action: str
    text: Text
    actor: str
    actor_name: str
    on_behalf_of: str | None
    on_behalf_of_name: str | None
    at: datetime


async def timeline(connection: Tx | Reader, kind: "type[Documented]", id: UUID) -> list[HistoryEntry]:
    """The history of a document, oldest first."""
    row = HistoryRow
    rows = await connection.execute(
        select(row.action, row.actor, row.actor_name, row.on_behalf_of, name_of(row.on_behalf_of), row.at)
        .where(row.document == kind.named(id))
        .order_by(row.id)
    )
    words = {**_DECISIONS, **{str(action): said for action, said in kind.words.actions.items()}}
    return [
        HistoryEntry(action, words.get(action, Text(action, action)), actor, actor_name, holder, holder_name, at)
        for action, actor, actor_name, holder, holder_name, at in rows
    ]
