"""Tasks, in one shape in every service."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.engine import RowMapping

from fangxing.auth import Principal
from fangxing.roles import Role
from fangxing.tasks import TaskRow, TaskStatus, note_task
from fangxing.text import Language, Search
from fangxing.web.access import employees
from fangxing.web.edge import CallerLanguage, CurrentLook, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.listing import By, File, Is, Listing, ListQuery, Page
from fangxing.work import Look

router = edge_router("tasks", "/tasks")


class TaskOut(BaseModel):
    """One task; `document` names the document it is about. `to_note`: who has read it closes it.

    `due_before` is what the deadline was before the factory's calendar changed; null where it stands as it was set.
    """

    id: UUID
    kind: str
    role: Role
    assignee: str | None
    document: str
    clause: str
    title: str
    due_on: date | None
    due_before: date | None
    to_note: bool
    status: TaskStatus
    opened_at: datetime
    closed_at: datetime | None

    @classmethod
    def show(cls, row: Mapping[str, Any], language: Language) -> "TaskOut":
        """The task of a row, in the caller's language."""
        title = row["title_zh"] if language == "zh-CN" else row["title_en"]
        return cls(title=title, **{name: row[name] for name in cls.model_fields if name != "title"})


class TaskQuery(ListQuery):
    """What the list of tasks can be asked; by default the open ones."""

    sort: Annotated[str, By(TaskRow.opened_at)] = "-id"
    status: Annotated[TaskStatus, Is(TaskRow.status)] = TaskStatus.OPEN
    document: Annotated[Search | None, Is(TaskRow.document)] = None


def _their_own(caller: Principal) -> ColumnElement[bool]:
    """The caller's own tasks, and those of his roles that are nobody's in particular."""
    of_his_roles = and_(TaskRow.role.in_(sorted(caller.roles)), TaskRow.assignee.is_(None))
    return or_(TaskRow.assignee == caller.id, of_his_roles)


async def _in_his_language(look: Look, rows: Sequence[RowMapping]) -> list[TaskOut]:
    return [TaskOut.show(dict(row), look.language) for row in rows]


TASKS = Listing(TaskOut, TaskQuery, select(TaskRow.__table__), id=TaskRow.id, scope=_their_own, shape=_in_his_language)


@router.get("")
@employees()
async def list_tasks(look: CurrentLook, query: Annotated[TaskQuery, Query()]) -> Page[TaskOut] | File:
    """The caller's own tasks, and those of his roles that are nobody's in particular."""
    return await TASKS.page(look, query)


@router.post("/{task_id}/noting")
@employees()
async def note(task_id: UUID, work: CurrentWork, language: CallerLanguage) -> TaskOut:
    """Close a task of one's own that only told something."""
    task = await note_task(work, task_id)
    return TaskOut.show(vars(task), language)
