"""Tasks, in one shape in every service."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import or_, select
from sqlalchemy.engine import RowMapping

from fangxing.roles import Role
from fangxing.tasks import TaskRow
from fangxing.text import Search
from fangxing.web.access import employees
from fangxing.web.edge import Caller, CallerLanguage, CurrentReader
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page

router = edge_router("tasks", "/tasks")

Status = Literal["open", "done"]


class TaskOut(BaseModel):
    """One task; `document` names the document it is about."""

    id: UUID
    kind: str
    role: Role
    assignee: str | None
    document: str
    clause: str
    title: str
    due_on: date | None
    status: Status
    opened_at: datetime
    closed_at: datetime | None


@router.get("")
@employees()
async def list_tasks(
    reader: CurrentReader,
    caller: Caller,
    language: CallerLanguage,
    status: Status = "open",
    document: Search | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[TaskOut]:
    """The tasks of the caller's roles that are his or nobody's in particular."""
    statement = select(TaskRow.__table__).where(
        TaskRow.role.in_(sorted(caller.roles)),
        or_(TaskRow.assignee.is_(None), TaskRow.assignee == caller.id),
        TaskRow.status == status,
    )
    if document is not None:
        statement = statement.where(TaskRow.document == document)

    def shape(row: RowMapping) -> TaskOut:
        title = row["title_zh"] if language == "zh-CN" else row["title_en"]
        return TaskOut(title=title, **{name: row[name] for name in TaskOut.model_fields if name != "title"})

    return await page(
        reader,
        statement,
        shape,
        sorts={"opened_at": TaskRow.opened_at},
        id=TaskRow.id,
        sort=sort,
        after=after,
        limit=limit,
    )
