"""Tasks, in one shape in every service."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.engine import RowMapping

from fangxing.auth import Principal
from fangxing.tasks import TaskRow
from fangxing.text import Search
from fangxing.web.access import employees
from fangxing.web.edge import CurrentLook
from fangxing.web.edge import router as edge_router
from fangxing.web.listing import By, File, Is, Listing, ListQuery, Page
from fangxing.work import Look

router = edge_router("tasks", "/tasks")


class TaskOut(BaseModel):
    """One task; `document` names the document it is about."""

    id: UUID
    kind: str
    role: str
    assignee: str | None
    document: str
    clause: str
    title: str
    due_on: date | None
    status: str
    opened_at: datetime
    closed_at: datetime | None


class TaskQuery(ListQuery):
    """What the list of tasks can be asked; by default the open ones."""

    sort: Annotated[str, By(TaskRow.opened_at)] = "-id"
    status: Annotated[Literal["open", "done"], Is(TaskRow.status)] = "open"
    document: Annotated[Search | None, Is(TaskRow.document)] = None


def _their_own(caller: Principal) -> ColumnElement[bool]:
    """Tasks of the caller's roles that are his or nobody's in particular."""
    for_him = or_(TaskRow.assignee.is_(None), TaskRow.assignee == caller.id)
    return and_(TaskRow.role.in_(sorted(caller.roles)), for_him)


async def _in_his_language(look: Look, rows: Sequence[RowMapping]) -> list[TaskOut]:
    title = "title_zh" if look.language == "zh-CN" else "title_en"
    return [TaskOut.model_validate({**row, "title": row[title]}) for row in rows]


TASKS = Listing(TaskOut, TaskQuery, select(TaskRow.__table__), id=TaskRow.id, scope=_their_own, shape=_in_his_language)


@router.get("")
@employees()
async def list_tasks(look: CurrentLook, query: Annotated[TaskQuery, Query()]) -> Page[TaskOut] | File:
    """The tasks of the caller's roles that are his or nobody's in particular."""
    return await TASKS.page(look, query)
