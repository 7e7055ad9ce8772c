"""Tasks, in one shape in every service."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, FromClause, MetaData, Select, and_, case, func, null, or_, select, true
from sqlalchemy.engine import RowMapping

from fangxing.auth import Principal
from fangxing.database import reading
from fangxing.matters import matters
from fangxing.money import Yuan
from fangxing.offers import offered
from fangxing.organisation.people import Person
from fangxing.organisation.superiors import roles_below, successors
from fangxing.policies import PolicyRegistry, load
from fangxing.roles import MONEY_ROLES, Role
from fangxing.sight import Group, SeenBy
from fangxing.tasks import TASK_NOT_FOUND, TaskRow, TaskStatus, note_task
from fangxing.text import Search
from fangxing.web.access import employees
from fangxing.web.edge import CallerLanguage, CurrentLook, CurrentRuntime, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.listing import By, File, Is, Listing, ListQuery, Page, To
from fangxing.work import Look

router = edge_router("tasks", "/tasks")

MONEY = Group("money", MONEY_ROLES)
"""Who sees what a task is about in yuan, and the figures in why there is one."""

COUNT_ALL = frozenset(
    {
        Role.SALES_MANAGER,
        Role.GENERAL_MANAGER,
        Role.FINANCE_MANAGER,
        Role.AUDIT_MANAGER,
        Role.DEPARTMENT_MANAGER,
        Role.ADMINISTRATOR,
    }
)
"""Who sees how many tasks everybody has; the others see their own."""


class TaskOut(BaseModel):
    """One task; `document` names the document it is about. `to_note`: who has read it closes it.

    It waits since `opened_at`. `due_before` is what the deadline was before the factory's calendar changed; null where
    it stands as it was set. `assignee` of what a rep is to do about a customer is who looks after the customer now; of
    what somebody had who has left, it is his superior. `number`, the customer and the `amount` in yuan are the
    document's. `failing_clause`, `why` and `would_pass` are of the verdict that led to the task, where one did.
    `actions` are what the caller may try with the document.
    """

    id: UUID
    kind: str
    role: Role
    assignee: str | None
    assignee_name: str | None
    customer_id: UUID | None
    customer_name: str | None
    document: str
    number: str | None
    amount: Annotated[Yuan | None, SeenBy(MONEY)]
    clause: str
    title: str
    failing_clause: str | None
    why: Annotated[list[str] | None, SeenBy(MONEY)]
    would_pass: Annotated[list[str] | None, SeenBy(MONEY)]
    due_on: date
    due_before: date | None
    to_note: bool
    status: TaskStatus
    opened_at: datetime
    closed_at: datetime | None
    actions: list[str]


class TaskQuery(ListQuery):
    """What the list of tasks can be asked; by default the open ones."""

    sort: Annotated[str, By(TaskRow.opened_at, TaskRow.due_on)] = "-id"
    status: Annotated[TaskStatus, Is(TaskRow.status)] = TaskStatus.OPEN
    document: Annotated[Search | None, Is(TaskRow.document)] = None
    due_until: Annotated[date | None, To(TaskRow.due_on)] = None


class TaskCount(BaseModel):
    """How many open tasks somebody has in a role; of a role without a `person`, those that are nobody's in particular.

    `due_today` and `overdue` are among the `open`.
    """

    role: Role
    person: str | None
    name: str | None
    open: int
    due_today: int
    overdue: int


class Whose:
    """Whose the tasks are in a service with these `tables`.

    What a rep is to do about a customer is whose the customer is now, by the service's own table `customers` (id, rep);
    where that is nobody, it is the sales manager's. What is somebody's who has left is his nearest superior's who has
    not, and its role's where there is none.
    """

    def __init__(self, tables: MetaData) -> None:
        customers, left = tables.tables.get("customers"), successors()
        rep: ColumnElement[Any] = null() if customers is None else customers.c.rep
        follows = and_(TaskRow.role == Role.SALES_REP, TaskRow.customer_id.is_not(None))
        first = case((follows, rep), else_=TaskRow.assignee)
        self.assignee = case((left.c.subject.is_not(None), left.c.successor), else_=first)
        self.role = case((and_(follows, self.assignee.is_(None)), Role.SALES_MANAGER), else_=TaskRow.role)
        self._joins: list[tuple[FromClause, ColumnElement[bool]]] = []
        if customers is not None:
            self._joins.append((customers, customers.c.id == TaskRow.customer_id))
        self._joins += [(left, left.c.subject == first), (Person.__table__, Person.subject == self.assignee)]

    def joined(self, statement: Select[Any]) -> Select[Any]:
        """`statement` about tasks, with what it takes to say whose they are; `Person` is who has a task."""
        statement = statement.select_from(TaskRow)
        for table, condition in self._joins:
            statement = statement.outerjoin(table, condition)
        return statement

    def own(self, caller: Principal) -> ColumnElement[bool]:
        """Those of `caller`, of whom he stands in for, and of his roles where they are nobody's in particular."""
        of_his_roles = and_(self.role.in_(sorted(caller.roles)), self.assignee.is_(None))
        lent = [and_(self.role == one.role, self.assignee == one.holder) for one in sorted(caller.lent)]
        return or_(self.assignee == caller.id, of_his_roles, *lent)

    def late_below(self, caller: Principal, today: date) -> ColumnElement[bool]:
        """Those that are overdue `today` and of somebody, or of a role of somebody, whose superior `caller` is."""
        below = and_(self.assignee.is_(None), self.role.in_(roles_below(frozenset({caller.id}), today)))
        late = and_(TaskRow.status == TaskStatus.OPEN, TaskRow.due_on < today)
        return and_(late, or_(Person.superior == caller.id, below))


@lru_cache(maxsize=32)
def tasks_beside(tables: MetaData, policies: PolicyRegistry, today: date | None = None) -> Listing[TaskOut, TaskQuery]:
    """Everybody's own tasks, in the service with these `tables` and `policies`.

    With `today` also those of the people below the caller that are overdue.
    """
    whose = Whose(tables)

    def scope(caller: Principal) -> ColumnElement[bool]:
        own = whose.own(caller)
        return own if today is None else or_(own, whose.late_below(caller, today))

    columns = [column for column in TaskRow.__table__.c if column.key != TaskRow.assignee.key]
    statement = whose.joined(select(*columns, whose.assignee.label("assignee"), Person.name.label("assignee_name")))
    shape = partial(_whole, tables, policies)
    return Listing(TaskOut, TaskQuery, statement, id=TaskRow.id, scope=scope, shape=shape)


async def _whole(tables: MetaData, policies: PolicyRegistry, look: Look, rows: Sequence[RowMapping]) -> list[TaskOut]:
    """The tasks of `rows` with what they are about, in as many looks for fifty as for one."""
    title: Literal["title_zh", "title_en"] = "title_zh" if look.language == "zh-CN" else "title_en"
    async with reading(look.reader) as tx:
        about = await matters(tx, tables, rows)
        documents = {one.document.document: one.document for one in about.values() if one.document}
        book = await load(tx, policies, look.today)
        possible = await offered(tx, documents.values(), look.caller, book)
    found: list[TaskOut] = []
    for row in rows:
        matter = about[row["id"]]
        cause = matter.cause
        also = {
            "title": row[title],
            "customer_id": matter.customer_id,
            "customer_name": matter.customer,
            "number": matter.number,
            "amount": matter.amount,
            "failing_clause": cause.clause if cause else None,
            "why": cause.why(look.language) if cause else None,
            "would_pass": cause.would_pass(look.language) if cause else None,
            "actions": possible.get(row["document"], []),
        }
        found.append(TaskOut.model_validate({**row, **also}))
    return found


@router.get("")
@employees()
async def list_tasks(
    look: CurrentLook, runtime: CurrentRuntime, query: Annotated[TaskQuery, Query()]
) -> Page[TaskOut] | File:
    """The caller's own tasks, those of his roles that are nobody's and of whom he stands in for, and late ones below.

    Late below: what is overdue of the people whose superior he is.
    """
    service = runtime.service
    return await tasks_beside(service.metadata, service.policies, look.today).page(look, query)


@router.get("/counts")
@employees()
async def count_tasks(look: CurrentLook, runtime: CurrentRuntime) -> list[TaskCount]:
    """How many tasks are open, due today and overdue, by person and role: one's own, and for managers everybody's."""
    whose = Whose(runtime.service.metadata)
    role, person, due = whose.role.label("role"), whose.assignee.label("person"), TaskRow.due_on
    figures = (
        func.count().label("open"),
        func.count().filter(due == look.today).label("due_today"),
        func.count().filter(due < look.today).label("overdue"),
    )
    counted = (
        whose.joined(select(role, person, Person.name, *figures))
        .where(TaskRow.status == TaskStatus.OPEN, true() if look.caller.has(*COUNT_ALL) else whose.own(look.caller))
        .group_by(role, person, Person.name)
        .order_by(role, person)
    )
    return [TaskCount.model_validate(dict(row)) for row in (await look.reader.execute(counted)).mappings()]


@router.post("/{task_id}/noting")
@employees()
async def note(task_id: UUID, work: CurrentWork, runtime: CurrentRuntime, language: CallerLanguage) -> TaskOut:
    """Close a task of one's own that only told something."""
    tasks = tasks_beside(runtime.service.metadata, runtime.service.policies)
    missing = TASK_NOT_FOUND(task=task_id)
    await tasks.check(await work.look(language), task_id, missing)
    await note_task(work, task_id)
    return await tasks.one(await work.look(language), task_id, missing)
