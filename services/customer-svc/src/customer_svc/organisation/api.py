"""HTTP of the organisation."""

from datetime import timedelta
from typing import Annotated

from fastapi import Path, Query

from customer_svc.organisation import entering, showing
from customer_svc.organisation.shapes import CalendarOut, CalendarQuery, EnterDays, YearOut
from fangxing.roles import Role
from fangxing.web.access import allow, employees
from fangxing.web.edge import CurrentLook, CurrentWork
from fangxing.web.edge import router as edge_router

router = edge_router("organisation")


@router.get("/calendar")
@employees()
async def get_calendar(look: CurrentLook, query: Annotated[CalendarQuery, Query()]) -> CalendarOut:
    """Which days are worked, and who says so: the nation, the factory, or the warehouse."""
    first = query.first or look.today
    return await showing.calendar(look, query.place, first, query.last or first + timedelta(days=30))


@router.post("/calendar/days")
@allow(Role.ADMINISTRATOR)
async def enter_days(body: EnterDays, work: CurrentWork) -> CalendarOut:
    """Enter days of the factory or of a warehouse; all services count by them, and open deadlines move."""
    await entering.enter_days(work, body)
    days = [one.day for one in body.days]
    first = min(days)
    last = min(max(days), first + timedelta(days=366))
    return await showing.calendar(await work.look(), body.place, first, last)


@router.post("/calendar/years/{year}/confirmation")
@allow(Role.ADMINISTRATOR)
async def confirm_year(year: Annotated[int, Path(ge=2000, le=2200)], work: CurrentWork) -> YearOut:
    """Say that a year's calendar is complete."""
    confirmed = await entering.confirm_year(work, year)
    return YearOut(year=confirmed.year, confirmed_by=confirmed.confirmed_by, confirmed_on=confirmed.confirmed_on)
