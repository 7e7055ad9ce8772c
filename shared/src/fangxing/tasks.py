"""Tasks 待办: every block and every request is a task for a named role, in one shape in all services."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, DateTime, Index, String, bindparam, update
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.database.tables import Table
from fangxing.ids import new_id
from fangxing.roles import Role
from fangxing.text import Text
from fangxing.work import Work


class TaskRow(Table):
    """One task for a `role`, or for one `assignee` of it. `document` names the document, as "notice/<id>"."""

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_open", "role", "id", postgresql_where="status = 'open'"),
        Index("ix_tasks_document", "document"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(30))
    assignee: Mapped[str | None] = mapped_column(String(80))
    document: Mapped[str] = mapped_column(String(120))
    clause: Mapped[str] = mapped_column(String(20))
    title_zh: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str] = mapped_column(String(300))
    due_on: Mapped[date | None] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(10))
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_by: Mapped[str | None] = mapped_column(String(80))


def open_task(
    work: Work,
    *,
    kind: str,
    role: Role,
    document: str,
    clause: str,
    title: Text,
    assignee: str | None = None,
    due_on: date | None = None,
) -> TaskRow:
    """Open a task of `kind` about `document` for `role`; `title` is complete, without parameters."""
    task = TaskRow(
        id=new_id(),
        kind=kind,
        role=role,
        assignee=assignee,
        document=document,
        clause=clause,
        title_zh=title.zh,
        title_en=title.en,
        due_on=due_on,
        status="open",
        opened_at=work.now,
    )
    work.tx.add(task)
    return task


_CLOSE = (
    update(TaskRow)
    .where(TaskRow.document == bindparam("about"), TaskRow.status == "open")
    .values(status="done", closed_at=bindparam("now"), closed_by=bindparam("by"))
)
_CLOSE_KIND = _CLOSE.where(TaskRow.kind == bindparam("of_kind"))


async def close_tasks(work: Work, document: str, kind: str | None = None) -> None:
    """Close the open tasks about `document`, of one `kind` or of all."""
    await work.tx.flush()
    values = {"about": document, "now": work.now, "by": work.actor.id}
    # on the connection: no object of the session is a closed task, and the session would look for one
    connection = await work.tx.connection()
    if kind is None:
        await connection.execute(_CLOSE, values)
    else:
        await connection.execute(_CLOSE_KIND, {"of_kind": kind, **values})
