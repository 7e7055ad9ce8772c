"""The calendar as people read it."""

from datetime import date, timedelta

from customer_svc.organisation.errors import CALENDAR_TOO_LONG
from customer_svc.organisation.shapes import MOST_DAYS, CalendarOut, DayBy, DayOut
from customer_svc.organisation.store import own_days
from fangxing.calendar import WorkingDays
from fangxing.organisation.days import FACTORY
from fangxing.work import Look

_NATION = WorkingDays()


async def calendar(look: Look, place: str | None, first: date, last: date) -> CalendarOut:
    """The days from `first` to `last` at the factory or at `place`. Raises `calendar-too-long`."""
    if not 0 <= (last - first).days < MOST_DAYS:
        raise CALENDAR_TOO_LONG(most=MOST_DAYS)
    own = await own_days(look.reader, place or FACTORY, first, last)
    days: list[DayOut] = []
    for day in (first + timedelta(days=count) for count in range((last - first).days + 1)):
        by_place, by_factory = own.get((place or FACTORY, day)) if place else None, own.get((FACTORY, day))
        said = by_place or by_factory
        by = DayBy.PLACE if by_place else DayBy.FACTORY if by_factory else DayBy.NATION
        working = said.working if said else _NATION.is_working(day)
        days.append(DayOut(day=day, working=working, by=by, name=said.name if said else None))
    return CalendarOut(place=place, days=days)
