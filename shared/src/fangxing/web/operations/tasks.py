"""Tasks, in one shape in every service."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, MetaData, and_, case, not_, null, or_, select
from sqlalchemy.engine import RowMapping

from fangxing.auth import Principal
from fangxing.organisation.people import Person
from fangxing.roles import Role
from fangxing.tasks import TASK_NOT_FOUND, TaskRow, TaskStatus, note_task
from fangxing.text import Language, Search
from fangxing.web.access import employees
from fangxing.web.edge import CallerLanguage, CurrentLook, CurrentRuntime, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.listing import By, File, Is, Listing, ListQuery, Page
from fangxing.work import Look

router = edge_router("tasks", "/tasks")


class TaskOut(BaseModel):
    """One task; `document` names the document it is about. `to_note`: who has read it closes it.

    `due_before` is what the deadline was before the factory's calendar changed; null where it stands as it was set.
    `assignee` of what a rep is to do about a customer is who looks after the customer now.
    """

    id: UUID
    kind: str
    role: Role
    assignee: str | None
    assignee_name: str | None
    customer_id: UUID | None
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


async def _in_his_language(look: Look, rows: Sequence[RowMapping]) -> list[TaskOut]:
    return [TaskOut.show(dict(row), look.language) for row in rows]


@cache
def tasks_beside(tables: MetaData) -> Listing[TaskOut, TaskQuery]:
    """The tasks of the service with these `tables`; a rep's are found through his customers.

    The customers are those of the service's own table `customers` (id, rep), where it has one.
    """
    customers = tables.tables.get("customers")
    rep: ColumnElement[Any] = null() if customers is None else customers.c.rep
    follows = and_(TaskRow.role == Role.SALES_REP, TaskRow.customer_id.is_not(None))
    assignee = case((follows, rep), else_=TaskRow.assignee)

    def their_own(caller: Principal) -> ColumnElement[bool]:
        of_his_roles = and_(TaskRow.role.in_(sorted(caller.roles)), TaskRow.assignee.is_(None), not_(follows))
        lent = [and_(TaskRow.role == one.role, assignee == one.holder) for one in sorted(caller.lent)]
        return or_(assignee == caller.id, of_his_roles, *lent)

    name = select(Person.name).where(Person.subject == assignee).scalar_subquery().label("assignee_name")
    columns = [column for column in TaskRow.__table__.c if column.key != TaskRow.assignee.key]
    statement = select(*columns, assignee.label("assignee"), name)
    if customers is not None:
        statement = statement.outerjoin_from(TaskRow, customers, customers.c.id == TaskRow.customer_id)
    return Listing(TaskOut, TaskQuery, statement, id=TaskRow.id, scope=their_own, shape=_in_his_language)


@router.get("")
@employees()
async def list_tasks(
    look: CurrentLook, runtime: CurrentRuntime, query: Annotated[TaskQuery, Query()]
) -> Page[TaskOut] | File:
    """The caller's own tasks, those of his roles that are nobody's in particular, and of whom he stands in for."""
    return await tasks_beside(runtime.service.metadata).page(look, query)


@router.post("/{task_id}/noting")
@employees()
async def note(task_id: UUID, work: CurrentWork, runtime: CurrentRuntime, language: CallerLanguage) -> TaskOut:
    """Close a task of one's own that only told something."""
    tasks, missing = tasks_beside(runtime.service.metadata), TASK_NOT_FOUND(task=task_id)
    await tasks.check(await work.look(language), task_id, missing)
    await note_task(work, task_id)
    return await tasks.one(await work.look(language), task_id, missing)
