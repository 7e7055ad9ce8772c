"""What every service takes in of the organisation, which customer-svc keeps."""

from datetime import date

import structlog
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as pg_insert

from fangxing.inbox import Consumers, Incoming
from fangxing.organisation.days import FACTORY, OwnDay, working_days
from fangxing.tasks import move_deadlines
from fangxing.work import Work

log = structlog.get_logger(__name__)


class ChangedDay(Incoming):
    """A day as it is from now on; `working` is null where it is the nation's again."""

    day: date
    working: bool | None


class CalendarChanged(Incoming):
    """Days of the factory, or of one place, changed."""

    place: str | None
    days: list[ChangedDay]


async def on_calendar_changed(work: Work, event: CalendarChanged) -> None:
    """Keep the days, and move the open deadlines that were counted over them."""
    place = event.place or FACTORY
    own = [{"place": place, "day": one.day, "working": one.working} for one in event.days if one.working is not None]
    await work.tx.execute(delete(OwnDay).where(OwnDay.place == place, OwnDay.day.in_([one.day for one in event.days])))
    if own:
        await work.tx.execute(pg_insert(OwnDay), own)
    moved = await move_deadlines(work, {one.day for one in event.days}, await working_days(work.tx)) if not place else 0
    log.info("calendar.changed", place=place, days=len(event.days), moved=moved)


consumers = Consumers()
consumers.on("customer.CalendarChanged.v1", CalendarChanged, on_calendar_changed)
