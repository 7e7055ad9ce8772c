"""What the calendar asks for by itself."""

from datetime import date

from sqlalchemy import select

from customer_svc.organisation.policies import CALENDAR_AHEAD
from customer_svc.organisation.reasons import enter_calendar
from customer_svc.organisation.rules import year_to_enter
from customer_svc.organisation.store import CalendarYear
from fangxing.roles import Role
from fangxing.running.timers import DailyTimer
from fangxing.tasks import TaskRow, TaskStatus, open_task
from fangxing.work import Work


async def ask_for_calendar(work: Work, day: date) -> None:
    """Ask the administrator once for the next year's calendar, until he has said that it is complete."""
    days_ahead = (await work.policies()).get(CALENDAR_AHEAD)
    # without the policy it is asked for all year: rather too early than never
    year = year_to_enter(day, 366 if days_ahead is None else days_ahead)
    if year is None or await work.tx.get(CalendarYear, year) is not None:
        return
    document = CalendarYear.named(year)
    asked = select(TaskRow.id).where(TaskRow.document == document, TaskRow.status == TaskStatus.OPEN)
    if await work.tx.scalar(asked.limit(1)) is None:
        await open_task(
            work,
            kind="enter_calendar",
            role=Role.ADMINISTRATOR,
            document=document,
            clause="1-3",
            title=enter_calendar(year),
            due_on=date(year - 1, 12, 31),
        )


TIMERS = (DailyTimer("ask_for_calendar", ask_for_calendar),)
