"""Timers 定时任务: daily duties that step date by date, so that a day on which nothing ran is not lost."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Date, String, func, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.database.tables import Table
from fangxing.work import Work


@dataclass(frozen=True, slots=True)
class DailyTimer:
    """A duty run once for each business date, in order; `run` gets the date it stands for."""

    name: str
    run: Callable[[Work, date], Awaitable[None]]


class TimerProgress(Table):
    """The last date a timer has done."""

    __tablename__ = "timer_progress"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    done: Mapped[date] = mapped_column(Date)


async def step(work: Work, timer: DailyTimer) -> bool:
    """Run `timer` for the next date that is due, if one is. True when more dates may be due.

    A timer seen for the first time starts today.
    """
    await work.tx.execute(
        pg_insert(TimerProgress).values(name=timer.name, done=work.today - timedelta(days=1)).on_conflict_do_nothing()
    )
    progress = (
        await work.tx.scalars(select(TimerProgress).where(TimerProgress.name == timer.name).with_for_update())
    ).one()
    if progress.done >= work.today:
        return False
    day = progress.done + timedelta(days=1)
    await timer.run(work, day)
    progress.done = day
    await work.tx.flush()
    return day < work.today


async def due(work: Work, timers: list[DailyTimer]) -> list[DailyTimer]:
    """The timers that have a date to do, in one query."""
    rows = await work.tx.execute(select(TimerProgress.name, func.max(TimerProgress.done)).group_by(TimerProgress.name))
    done = {name: day for name, day in rows}
    return [timer for timer in timers if done.get(timer.name, date.min) < work.today]
