"""Tasks, in one shape in every service."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import and_, or_, select

from fangxing.roles import Role
from fangxing.tasks import TaskRow, TaskStatus, note_task
from fangxing.text import Language, Search
from fangxing.web.access import employees
from fangxing.web.edge import Caller, CallerLanguage, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page

router = edge_router("tasks", "/tasks")


class TaskOut(BaseModel):
    """One task; `document` names the document it is about. `to_note`: who has read it closes it."""

    id: UUID
    kind: str
    role: Role
    assignee: str | None
    document: str
    clause: str
    title: str
    due_on: date | None
    to_note: bool
    status: TaskStatus
    opened_at: datetime
    closed_at: datetime | None

    @classmethod
    def show(cls, row: Mapping[str, Any], language: Language) -> "TaskOut":
        """The task of a row, in the caller's language."""
        title = row["title_zh"] if language == "zh-CN" else row["title_en"]
        return cls(title=title, **{name: row[name] for name in cls.model_fields if name != "title"})


@router.get("")
@employees()
async def list_tasks(
    reader: CurrentReader,
    caller: Caller,
    language: CallerLanguage,
    status: TaskStatus = TaskStatus.OPEN,
    document: Search | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[TaskOut]:
    """The caller's own tasks, and those of his roles that are nobody's in particular."""
    of_his_roles = and_(TaskRow.role.in_(sorted(caller.roles)), TaskRow.assignee.is_(None))
    statement = select(TaskRow.__table__).where(
        or_(TaskRow.assignee == caller.id, of_his_roles), TaskRow.status == status
    )
    if document is not None:
        statement = statement.where(TaskRow.document == document)

    return await page(
        reader,
        statement,
        lambda row: TaskOut.show(dict(row), language),
        sorts={"opened_at": TaskRow.opened_at},
        id=TaskRow.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.post("/{task_id}/noting")
@employees()
async def note(task_id: UUID, work: CurrentWork, language: CallerLanguage) -> TaskOut:
    """Close a task of one's own that only told something."""
    task = await note_task(work, task_id)
    return TaskOut.show(vars(task), language)
