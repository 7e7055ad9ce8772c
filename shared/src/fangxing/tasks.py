"""Tasks 待办: every block and every request is a task for a named role, in one shape in all services.

None is without a day by which it is to be done: where whoever opens it names none, the policy of its kind does. A
title says no amount of money, since it is read by whoever has the task, and by his superior; the amount is beside it.
"""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import Date, DateTime, Index, String, bindparam, select, update
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.calendar import Deadline, WorkingDays
from fangxing.database.tables import Table
from fangxing.database.types import YUAN, one_of
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.policies import Policy, PolicyBook
from fangxing.roles import Role
from fangxing.telling.store import TellingRow, TellingStatus
from fangxing.text import Text
from fangxing.work import Work

_Days = Annotated[int, Field(ge=0, le=250)]
_KIND: Final = 60


class DueDays(BaseModel):
    """In how many working days a task is to be done: of the `kinds` named, and of all others."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    all_others: _Days
    kinds: dict[Annotated[str, StringConstraints(min_length=1, max_length=_KIND)], _Days] = {}

    def of(self, kind: str) -> int:
        """The working days for a task of `kind`."""
        return self.kinds.get(kind, self.all_others)


class DueDaysPolicy(Policy[DueDays]):
    """The policy of due dates, said kind by kind."""

    def rows(self, value: DueDays | None) -> list[Text]:
        """Each kind with its days, and all others with theirs."""
        if value is None:
            return []
        rows = [Text(f"{kind}：{days} 个工作日", f"{kind}: {days} working days") for kind, days in value.kinds.items()]
        others = value.all_others
        return [*rows, Text(f"其余待办：{others} 个工作日", f"all other tasks: {others} working days")]


DUE_DAYS = DueDaysPolicy(
    key="tasks.due_days",
    type=DueDays,
    owner=Role.ADMINISTRATOR,
    clause="1-3",
    text=Text("待办须在几个工作日内办理，按待办种类", "working days in which a task is to be done, by its kind"),
    initial=DueDays(all_others=3),
)
_UNSET: Final = 1
POLICIES = (DUE_DAYS,)
"""What every service asks of its tasks."""


class TaskStatus(StrEnum):
    """The state of a task."""

    OPEN = "open"
    DONE = "done"


class TaskRow(Table):
    """One task for a `role`, or for one `assignee`. `document` names the document, as "notice/<id>".

    What a rep is to do about a customer has no assignee: it is for whoever looks after `customer_id`, and goes along
    when the customer changes hands. `amount`, in yuan, is what it is about where its document does not say so.
    `to_note`: it tells something and asks for nothing, so that whoever has read it closes it. Where `due_on` is counted
    in working days, `due_since` and `due_days` say from when and how many; `due_before` is what it was before the
    calendar changed.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_open", "role", "id", postgresql_where="status = 'open'"),
        Index("ix_tasks_assignee", "assignee", "id", postgresql_where="status = 'open'"),
        Index("ix_tasks_document", "document"),
        Index("ix_tasks_customer", "customer_id", "id", postgresql_where="status = 'open'"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(_KIND))
    role: Mapped[Role] = mapped_column(one_of(Role))
    assignee: Mapped[str | None] = mapped_column(String(80))
    customer_id: Mapped[UUID | None]
    document: Mapped[str] = mapped_column(String(120))
    clause: Mapped[str] = mapped_column(String(20))
    title_zh: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str] = mapped_column(String(300))
    amount: Mapped[Decimal | None] = mapped_column(YUAN)
    due_on: Mapped[date] = mapped_column(Date)
    due_since: Mapped[date | None] = mapped_column(Date)
    due_days: Mapped[int | None]
    due_before: Mapped[date | None] = mapped_column(Date)
    to_note: Mapped[bool] = mapped_column(default=False)
    status: Mapped[TaskStatus] = mapped_column(one_of(TaskStatus))
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_by: Mapped[str | None] = mapped_column(String(80))

    @property
    def clock(self) -> tuple[date, int]:
        """From when the deadline is counted, and how many working days; for a task whose deadline is so counted."""
        assert self.due_since is not None
        assert self.due_days is not None
        return self.due_since, self.due_days


async def open_task(
    work: Work,
    *,
    kind: str,
    role: Role,
    document: str,
    clause: str,
    title: Text,
    assignee: str | None = None,
    customer: UUID | None = None,
    amount: Decimal | None = None,
    due_on: date | Deadline | None = None,
    to_note: bool = False,
) -> TaskRow:
    """Open a task of `kind` about `document` for `role`; `title` is complete, without parameters.

    A rep's about a `customer` is for the rep who looks after him, today or later. `due_on` as a deadline in working
    days follows the factory's calendar; without one it is that of the policy of its kind.
    """
    if due_on is None:
        days = due_days(await work.policies(), kind)
        due_on = (await work.working_days()).deadline(work.today, days)
    clock = due_on if isinstance(due_on, Deadline) else None
    task = TaskRow(
        id=new_id(),
        kind=kind,
        role=role,
        assignee=assignee,
        customer_id=customer,
        document=document,
        clause=clause,
        title_zh=title.zh,
        title_en=title.en,
        amount=amount,
        due_on=due_on.on if isinstance(due_on, Deadline) else due_on,
        due_since=clock.since if clock else None,
        due_days=clock.count if clock else None,
        to_note=to_note,
        status=TaskStatus.OPEN,
        opened_at=work.now,
    )
    work.tx.add(task)
    work.tx.add_all(_telling(work, task, channel) for channel in work.channels_of(role))
    return task


def _telling(work: Work, task: TaskRow, channel: str) -> TellingRow:
    return TellingRow(
        id=new_id(), task_id=task.id, channel=channel, status=TellingStatus.WAITING, due_at=work.system_now
    )


def due_days(book: PolicyBook, kind: str) -> int:
    """In how many working days a task of `kind` is to be done; in one where nobody has said so."""
    value = book.get(DUE_DAYS)
    return _UNSET if value is None else value.of(kind)


TASK_NOT_FOUND = ErrorType("task-not-found", Kind.NOT_FOUND, "您没有待办 {task}", "You have no open task {task}")
NOT_TO_NOTE = ErrorType(
    "task-not-to-note",
    Kind.CONFLICT,
    "这条待办要办理后才会关闭",
    "This task is closed by doing what it asks for",
)


async def note_task(work: Work, task_id: UUID) -> None:
    """Close a task of the actor's that only told something, once it is read.

    Raises `task-not-found` or `task-not-to-note`.
    """
    task = await work.tx.get(TaskRow, task_id, with_for_update=True)
    if task is None or task.status is not TaskStatus.OPEN:
        raise TASK_NOT_FOUND(task=task_id)
    if not task.to_note:
        raise NOT_TO_NOTE()
    task.status, task.closed_at, task.closed_by = TaskStatus.DONE, work.now, work.actor.id


_CLOSE = (
    update(TaskRow)
    .where(TaskRow.document == bindparam("about"), TaskRow.status == TaskStatus.OPEN)
    .values(status=TaskStatus.DONE, closed_at=bindparam("now"), closed_by=bindparam("by"))
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


async def move_deadlines(work: Work, changed: Collection[date], days: WorkingDays) -> int:
    """Count the open tasks' deadlines anew whose clock runs over a `changed` day; how many moved.

    A task keeps what its deadline was before, so that whoever has it sees that it moved.
    """
    running = (
        select(TaskRow)
        .where(
            TaskRow.status == TaskStatus.OPEN,
            TaskRow.due_days.is_not(None),
            TaskRow.due_since < max(changed),
            TaskRow.due_on >= min(changed),
        )
        .with_for_update()
    )
    moved = 0
    for task in (await work.tx.scalars(running)).all():
        due_on = days.after(*task.clock)
        if due_on != task.due_on:
            task.due_before, task.due_on = task.due_on, due_on
            moved += 1
    return moved
