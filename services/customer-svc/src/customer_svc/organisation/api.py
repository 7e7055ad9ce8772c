"""HTTP of the organisation."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query
from sqlalchemy import ColumnElement, or_, select

from customer_svc.organisation import deputising, entering, showing, staffing
from customer_svc.organisation.access import STAFF_READERS, those_concerned, those_here
from customer_svc.organisation.rules import (
    DELEGATION_MOVES,
    STAFF_MOVES,
    DelegationAction,
    DelegationStatus,
    StaffAction,
    StaffStatus,
)
from customer_svc.organisation.shapes import (
    CalendarOut,
    CalendarQuery,
    ChangeStaff,
    DelegationLine,
    DelegationOut,
    DirectoryLine,
    EnterDays,
    EnterStaff,
    Lend,
    ProposeDelegation,
    StaffLine,
    StaffOut,
    SwitchOff,
    YearOut,
)
from customer_svc.organisation.store import Delegation, Staff
from customer_svc.tables import columns_of
from fangxing.answers import HistoryOut
from fangxing.offers import possible_actions
from fangxing.organisation.people import name_of
from fangxing.policies import PolicyBook
from fangxing.roles import Role
from fangxing.scope import everyone
from fangxing.text import Code, Line, Search
from fangxing.web.access import allow, employees
from fangxing.web.edge import CurrentLook, CurrentPolicies, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.history import history_of
from fangxing.web.listing import By, Called, File, From, Is, Listing, ListQuery, Page, To, Where
from fangxing.work import Look, Work

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


def _called(text: str) -> ColumnElement[bool]:
    """Those whose name has the text, or whose name to sign in with begins with it."""
    return or_(Staff.name.icontains(text, autoescape=True), Staff.person.istartswith(text, autoescape=True))


class DirectoryQuery(ListQuery):
    """What the directory can be asked."""

    sort: Annotated[str, By(Staff.name, Staff.person)] = "-id"
    department: Annotated[Line | None, Is(Staff.department)] = None
    search: Annotated[Line | None, Where(_called)] = None


class StaffQuery(DirectoryQuery):
    """What the list of the staff can be asked; `role`: who has it on record, on whatever days."""

    status: Annotated[StaffStatus | None, Is(Staff.status)] = None
    role: Annotated[Role | None, Where(lambda role: Staff.roles.contains([{"role": role}]))] = None
    place: Annotated[Code | None, Called(Staff.place)] = None
    superior: Annotated[Search | None, Is(Staff.superior)] = None


class DelegationQuery(ListQuery):
    """What the list of delegations can be asked."""

    sort: Annotated[str, By(Delegation.since, Delegation.until)] = "-id"
    status: Annotated[DelegationStatus | None, Is(Delegation.status)] = None
    role: Annotated[Role | None, Is(Delegation.role)] = None
    holder: Annotated[Search | None, Is(Delegation.holder)] = None
    deputy: Annotated[Search | None, Is(Delegation.deputy)] = None
    until_from: Annotated[date | None, From(Delegation.until)] = None
    since_to: Annotated[date | None, To(Delegation.since)] = None


STAFF = Listing(
    StaffLine,
    StaffQuery,
    select(*columns_of(Staff), name_of(Staff.superior).label("superior_name")),
    id=Staff.id,
    scope=everyone,
)
DIRECTORY = Listing(
    DirectoryLine, DirectoryQuery, select(*columns_of(Staff)), id=Staff.id, scope=those_here, name="directory"
)
DELEGATIONS = Listing(
    DelegationLine,
    DelegationQuery,
    select(
        *columns_of(Delegation),
        name_of(Delegation.holder).label("holder_name"),
        name_of(Delegation.deputy).label("deputy_name"),
    ),
    id=Delegation.id,
    scope=those_concerned,
    name="delegations",
)


async def _staff(look: Look, staff_id: UUID, book: PolicyBook) -> StaffOut:
    line = await STAFF.one(look, staff_id, Staff.not_found(staff_id))
    return StaffOut.show(line, await possible_actions(look, Staff, staff_id, book))


async def _staff_changed(work: Work, staff: Staff) -> StaffOut:
    return await _staff(await work.look(), staff.id, await work.policies())


async def _delegation(look: Look, delegation_id: UUID, book: PolicyBook) -> DelegationOut:
    line = await DELEGATIONS.one(look, delegation_id, Delegation.not_found(delegation_id))
    return DelegationOut.show(line, await possible_actions(look, Delegation, delegation_id, book))


async def _delegation_changed(work: Work, delegation: Delegation) -> DelegationOut:
    return await _delegation(await work.look(), delegation.id, await work.policies())


@router.get("/directory")
@employees()
async def list_directory(look: CurrentLook, query: Annotated[DirectoryQuery, Query()]) -> Page[DirectoryLine] | File:
    """Who is who."""
    return await DIRECTORY.page(look, query)


@router.post("/staff", status_code=201)
@allow(STAFF_MOVES[StaffAction.ENTER])
async def enter_staff(body: EnterStaff, work: CurrentWork) -> StaffOut:
    """Enter somebody as staff, by the name he signs in with; nobody gives himself a role."""
    return await _staff_changed(work, await staffing.enter_staff(work, body))


@router.get("/staff")
@allow(*STAFF_READERS)
async def list_staff(look: CurrentLook, query: Annotated[StaffQuery, Query()]) -> Page[StaffLine] | File:
    """The staff."""
    return await STAFF.page(look, query)


@router.get("/staff/{staff_id}")
@allow(*STAFF_READERS)
async def get_staff(staff_id: UUID, look: CurrentLook, book: CurrentPolicies) -> StaffOut:
    """One member of the staff."""
    return await _staff(look, staff_id, book)


@router.get("/staff/{staff_id}/history")
@allow(*STAFF_READERS)
async def get_staff_history(staff_id: UUID, look: CurrentLook) -> list[HistoryOut]:
    """Who did what with a staff record, oldest first."""
    return await history_of(look, STAFF, Staff, staff_id)


@router.put("/staff/{staff_id}")
@allow(STAFF_MOVES[StaffAction.CHANGE])
async def change_staff(staff_id: UUID, body: ChangeStaff, work: CurrentWork) -> StaffOut:
    """Put a staff record as it shall be."""
    return await _staff_changed(work, await staffing.change_staff(work, staff_id, body))


@router.post("/staff/{staff_id}/switch-off")
@allow(STAFF_MOVES[StaffAction.SWITCH_OFF])
async def switch_off(staff_id: UUID, body: SwitchOff, work: CurrentWork) -> StaffOut:
    """Switch a person off: within a minute he can do nothing any more, in no service, whatever his token says."""
    return await _staff_changed(work, await staffing.switch_off(work, staff_id, body))


@router.post("/staff/{staff_id}/switch-on")
@allow(STAFF_MOVES[StaffAction.SWITCH_ON])
async def switch_on(staff_id: UUID, work: CurrentWork) -> StaffOut:
    """Let a person who was switched off act again."""
    return await _staff_changed(work, await staffing.switch_on(work, staff_id))


@router.post("/delegations", status_code=201)
@allow(DELEGATION_MOVES[DelegationAction.LEND])
async def lend(body: Lend, work: CurrentWork) -> DelegationOut:
    """Lend a role of one's own to a deputy, from one day to another."""
    return await _delegation_changed(work, await deputising.lend(work, body))


@router.post("/delegations/proposals", status_code=201)
@allow(DELEGATION_MOVES[DelegationAction.PROPOSE])
async def propose_delegation(body: ProposeDelegation, work: CurrentWork) -> DelegationOut:
    """Propose a deputy for somebody who cannot name one; the general manager confirms, for himself finance does."""
    return await _delegation_changed(work, await deputising.propose(work, body))


@router.get("/delegations")
@employees()
async def list_delegations(
    look: CurrentLook, query: Annotated[DelegationQuery, Query()]
) -> Page[DelegationLine] | File:
    """Delegations, newest first; whoever does not watch over the staff sees his own."""
    return await DELEGATIONS.page(look, query)


@router.get("/delegations/{delegation_id}")
@employees()
async def get_delegation(delegation_id: UUID, look: CurrentLook, book: CurrentPolicies) -> DelegationOut:
    """One delegation."""
    return await _delegation(look, delegation_id, book)


@router.get("/delegations/{delegation_id}/history")
@employees()
async def get_delegation_history(delegation_id: UUID, look: CurrentLook) -> list[HistoryOut]:
    """Who did what with a delegation, oldest first."""
    return await history_of(look, DELEGATIONS, Delegation, delegation_id)


@router.post("/delegations/{delegation_id}/confirmation")
@allow(DELEGATION_MOVES[DelegationAction.CONFIRM])
async def confirm_delegation(delegation_id: UUID, work: CurrentWork) -> DelegationOut:
    """Confirm what the administrator proposed."""
    return await _delegation_changed(work, await deputising.confirm(work, delegation_id))


@router.post("/delegations/{delegation_id}/refusal")
@allow(DELEGATION_MOVES[DelegationAction.REFUSE])
async def refuse_delegation(delegation_id: UUID, work: CurrentWork) -> DelegationOut:
    """Do not confirm what the administrator proposed."""
    return await _delegation_changed(work, await deputising.refuse(work, delegation_id))


@router.post("/delegations/{delegation_id}/withdrawal")
@allow(DELEGATION_MOVES[DelegationAction.WITHDRAW])
async def withdraw_delegation(delegation_id: UUID, work: CurrentWork) -> DelegationOut:
    """End a delegation at once: by its holder, its deputy or an administrator."""
    return await _delegation_changed(work, await deputising.withdraw(work, delegation_id))
