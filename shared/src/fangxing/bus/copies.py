"""Copies of the positions that another service writes, as far as they can be trusted.

A position that cannot be read, or whose epoch moved as none may, holds its account. Its writer is asked on the reader's
own topic, once until he answers; his answer, a restatement that names the question, ends the hold whatever the broken
one said. Meanwhile there is a dead letter with the bytes, and a task.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import DateTime, String, delete, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.bus import Delivery, letters
from fangxing.bus.envelope import Envelope, read_data
from fangxing.bus.handling import Poison, guarded
from fangxing.database.tables import Table
from fangxing.ids import new_id
from fangxing.outbox import Event, record
from fangxing.positions import Step, Version, account_document, account_id, step
from fangxing.roles import Role
from fangxing.tasks import close_tasks, open_task
from fangxing.text import Text
from fangxing.work import Work

UNREADABLE = "position_unreadable"
"""The kind of the task about an account whose position could not be read."""


class PositionWanted(Event):
    """A position could not be read: `writer`, the topic it came on, is asked to restate it, naming the question.

    Each reader has a type of its own, on its own topic.
    """

    question: UUID
    account_id: UUID
    writer: str


class Copy(NamedTuple):
    """The number of the copy of an account's position, and whether the account is on hold."""

    number: Version
    held: bool


UNKNOWN = Copy(Version(0, 0), held=False)
"""The copy of an account that nobody has told of yet."""


@dataclass(frozen=True, slots=True)
class Copies:
    """How a service keeps its copies of the positions on one topic.

    `known` is the copy there is; None where the service knows all accounts, and not this one. `keep` overwrites an
    older copy with a position, on hold or not. `hold` puts the account on hold, or ends it. `wanted` asks the writer.
    """

    known: Callable[[Work, UUID], Awaitable[Copy | None]]
    keep: Callable[[Work, dict[str, Any], bool], Awaitable[None]]
    hold: Callable[[Work, UUID, bool], Awaitable[None]]
    wanted: type[PositionWanted]


class PositionQuestion(Table):
    """A question about an account's position that its writer has not answered yet."""

    __tablename__ = "position_questions"

    account: Mapped[UUID] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(80), primary_key=True)
    id: Mapped[UUID]
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Numbered(BaseModel):
    """What every position says of itself."""

    account_id: UUID
    epoch: int = Field(ge=1, lt=2**31)
    version: int = Field(ge=0, lt=2**31)


async def take(work: Work, copies: Copies, delivery: Delivery, envelope: Envelope) -> None:
    """Keep the position that a message carries; where it cannot be trusted, hold its account and ask its writer."""
    try:
        await guarded(work, _keep(work, copies, delivery, envelope))
    except Poison as error:
        await doubt(work, copies, delivery, envelope.position, str(error))


async def _keep(work: Work, copies: Copies, delivery: Delivery, envelope: Envelope) -> None:
    data = read_data(delivery.message.value)
    position = data.get("position")
    arrived = Numbered.model_validate(position)
    copy = await copies.known(work, arrived.account_id)
    if copy is None:
        raise Poison(f"there is no account {arrived.account_id}")
    number = Version(arrived.epoch, arrived.version)
    question = await _question(work, delivery.topic, arrived.account_id) if copy.held else None
    restated = envelope.name == f"{delivery.topic}.PositionRestated"
    answer = restated and question is not None and data.get("answers") == str(question)
    if answer:
        # before the account, which everybody locks last
        await _close(work, delivery.topic, arrived.account_id)
    match step(copy.number, number, restated=restated, answer=answer):
        case Step.OUT_OF_LINE:
            raise Poison(f"a position may not follow {copy.number} as {number}")
        case Step.NEXT:
            await copies.keep(work, dict(position or {}), question is not None and not answer)
        case Step.OLD if answer:
            await copies.hold(work, arrived.account_id, False)


async def doubt(work: Work, copies: Copies, delivery: Delivery, number: tuple[int, int] | None, reason: str) -> None:
    """The position of a message cannot be trusted: hold its account until its writer has restated it.

    `number` is the position's number as the headers say it. An older one than the copy holds nobody.
    """
    account = account_id(delivery.message.key)
    copy = await copies.known(work, account) if account is not None else None
    if account is None or copy is None:
        await letters.bury_position(work, delivery, None, f"position of no account: {reason}")
        return
    if number is not None and Version(*number) <= copy.number:
        return
    await letters.bury_position(work, delivery, account, f"position: {reason}")
    await ask(work, copies, delivery.topic, account)
    await copies.hold(work, account, True)


async def ask(work: Work, copies: Copies, topic: str, account: UUID, *, again: bool = False) -> None:
    """Ask the writer to restate, unless he has been asked and has not answered; `again` asks the same once more."""
    row = PositionQuestion
    asked = await work.tx.scalar(
        pg_insert(row)
        .values(account=account, topic=topic, id=new_id(), asked_at=work.system_now)
        .on_conflict_do_nothing()
        .returning(row.id)
    )
    if asked is not None:
        await open_task(
            work,
            kind=UNREADABLE,
            role=Role.ADMINISTRATOR,
            document=account_document(account),
            clause="5-4.2.1-B",
            title=Text(
                f"账户 {account} 的信用头寸（{topic}）无法读取，账户已锁定，已请对方重报",
                f"The position of account {account} ({topic}) cannot be read; it is on hold, its writer is asked",
            ),
        )
    elif not again:
        return
    question = asked or await _question(work, topic, account)
    event = copies.wanted(question=question, account_id=account, writer=topic)
    record(work, event, key=str(account), document=account_document(account), version=None)


async def _question(work: Work, topic: str, account: UUID) -> UUID | None:
    row = PositionQuestion
    return await work.tx.scalar(select(row.id).where(row.account == account, row.topic == topic))


async def _close(work: Work, topic: str, account: UUID) -> None:
    """The writer has answered: nothing waits for him any more."""
    row = PositionQuestion
    await work.tx.execute(delete(row).where(row.account == account, row.topic == topic))
    await close_tasks(work, account_document(account), UNREADABLE)
    await letters.settle_positions(work, topic, account)
