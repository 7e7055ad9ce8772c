"""What every service takes in of the organisation, which customer-svc keeps."""

from datetime import date
from uuid import UUID

import structlog
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as pg_insert

from fangxing.inbox import Consumers, Incoming
from fangxing.organisation.days import FACTORY, OwnDay, working_days
from fangxing.organisation.people import Deputy, Person, RoleTerm
from fangxing.roles import Role
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


class StaffTerm(Incoming, RoleTerm):
    """A role with the first and the last day on which it is held."""


class StaffChanged(Incoming):
    """A member of the staff as he is from now on; `person` is the subject of the identity provider."""

    person: str
    name: str
    department: str | None
    place: str | None
    superior: str | None
    roles: list[StaffTerm]
    active: bool


class DelegationChanged(Incoming):
    """A role was lent to a deputy, or is so no longer."""

    delegation_id: UUID
    role: Role
    holder: str
    deputy: str
    since: date
    until: date
    in_force: bool


async def keep_person(work: Work, event: StaffChanged) -> None:
    """Keep the person as he is now."""
    row = event.model_dump(mode="json")
    row["subject"] = row.pop("person")
    await work.tx.execute(
        pg_insert(Person)
        .values(row)
        .on_conflict_do_update(index_elements=["subject"], set_={key: row[key] for key in row if key != "subject"})
    )


async def keep_delegation(work: Work, event: DelegationChanged) -> None:
    """Keep whose deputy somebody is."""
    row = {"id": event.delegation_id, **event.model_dump(exclude={"delegation_id"})}
    await work.tx.execute(
        pg_insert(Deputy)
        .values(row)
        .on_conflict_do_update(index_elements=["id"], set_={key: row[key] for key in row if key != "id"})
    )


consumers = Consumers()
consumers.on("customer.CalendarChanged.v1", CalendarChanged, on_calendar_changed)
consumers.on("customer.StaffChanged.v1", StaffChanged, keep_person)
consumers.on("customer.DelegationChanged.v1", DelegationChanged, keep_delegation)
