"""The administrator enters the factory's days, and says when a year is complete."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete

from customer_svc.organisation.errors import DAYS_NOT_TO_CHANGE, DAYS_TWICE, YEAR_NOT_TO_CONFIRM
from customer_svc.organisation.events import CalendarChanged, CalendarDay
from customer_svc.organisation.rules import days_not_to_change
from customer_svc.organisation.shapes import EnterDays
from customer_svc.organisation.store import CalendarYear, FactoryDay, lock_calendar
from fangxing.organisation.days import FACTORY
from fangxing.outbox import record_fact
from fangxing.tasks import close_tasks
from fangxing.work import Work


async def enter_days(work: Work, body: EnterDays) -> None:
    """Enter days of the factory or of one warehouse; every service counts its working days by them from then on.

    Raises `calendar-days-twice` or `calendar-days-not-to-change`.
    """
    days = Counter(one.day for one in body.days)
    if twice := sorted(day for day, times in days.items() if times > 1):
        raise DAYS_TWICE(days=_said(twice))
    if late := days_not_to_change(days, work.today):
        raise DAYS_NOT_TO_CHANGE(days=_said(late))
    place = body.place or FACTORY
    calendar = await lock_calendar(work.tx, place)
    await work.tx.execute(delete(FactoryDay).where(FactoryDay.place == place, FactoryDay.day.in_(days)))
    for one in body.days:
        if one.working is not None:
            work.tx.add(FactoryDay(place=place, day=one.day, working=one.working, name=one.name, author=work.actor.id))
    changed = [CalendarDay(day=one.day, working=one.working) for one in body.days]
    record_fact(work, CalendarChanged(place=body.place, days=changed), about=calendar, key=calendar.document)


async def confirm_year(work: Work, year: int) -> CalendarYear:
    """Say that the calendar of `year` is complete, which ends the task that asks for it.

    Raises `calendar-year-not-to-confirm`.
    """
    if year not in (work.today.year, work.today.year + 1):
        raise YEAR_NOT_TO_CONFIRM(year=year)
    confirmed = await work.tx.merge(CalendarYear(year=year, confirmed_by=work.actor.id, confirmed_on=work.today))
    await close_tasks(work, CalendarYear.named(year))
    return confirmed


def _said(days: Sequence[date]) -> str:
    return "、".join(str(day) for day in days[:10])
