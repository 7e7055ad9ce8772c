"""What the organisation does by itself: it asks for next year's calendar, and delegations lapse."""

from datetime import date

from sqlalchemy import select

from customer_svc.organisation.deputising import end
from customer_svc.organisation.policies import CALENDAR_AHEAD
from customer_svc.organisation.reasons import enter_calendar
from customer_svc.organisation.rules import DelegationAction, DelegationStatus, year_to_enter
from customer_svc.organisation.store import CalendarYear, lapsed_before
from fangxing.documents import act
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


async def lapse_delegations(work: Work, day: date) -> None:
    """End the delegations whose last day is over; by their dates they have counted no longer since midnight."""
    for delegation in await lapsed_before(work.tx, day):
        await act(work, delegation, DelegationAction.LAPSE)
        await end(work, delegation, DelegationStatus.LAPSED)


TIMERS = (DailyTimer("ask_for_calendar", ask_for_calendar), DailyTimer("lapse_delegations", lapse_delegations))
