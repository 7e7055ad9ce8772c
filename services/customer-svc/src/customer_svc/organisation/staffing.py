"""The administrator keeps the staff records, by which all five services know who holds which role."""

from uuid import UUID

from customer_svc.organisation.errors import OWN_ROLES, PERSON_RESERVED, PERSON_TAKEN, SUPERIOR_UNFIT, TERMS_CLASH
from customer_svc.organisation.events import StaffChanged
from customer_svc.organisation.rules import StaffAction, StaffStatus, Term, gained, is_below_himself, terms_clash
from customer_svc.organisation.shapes import ChangeStaff, EnterStaff, SwitchOff
from customer_svc.organisation.store import Staff, staff_of, superiors
from fangxing.auth import is_reserved
from fangxing.database import flush_unique
from fangxing.documents import born, lock_for
from fangxing.ids import new_id
from fangxing.outbox import record_fact
from fangxing.roles import ROLE_NAMES, Role, spoken_roles
from fangxing.text import Text
from fangxing.work import Work


async def enter_staff(work: Work, body: EnterStaff) -> Staff:
    """Enter somebody as staff.

    Raises `staff-person-taken`, `staff-person-reserved`, `staff-roles-clash`, `staff-own-roles` or
    `staff-superior-unfit`.
    """
    if is_reserved(body.person):
        raise PERSON_RESERVED(person=body.person)
    await _check(work, body.person, body, before=[])
    staff = Staff(
        id=new_id(), person=body.person, status=StaffStatus.ACTIVE, author=work.actor.id, facts=0, off_because=None
    )
    _fill(staff, body)
    work.tx.add(staff)
    await born(work, staff, StaffAction.ENTER)
    await flush_unique(work.tx, {"uq_staff_person": PERSON_TAKEN(person=body.person)})
    _publish(work, staff)
    return staff


async def change_staff(work: Work, staff_id: UUID, body: ChangeStaff) -> Staff:
    """Put the record as it shall be. Raises `staff-not-found`, `wrong-state` and what entering raises."""
    staff = await lock_for(work, Staff, staff_id, StaffAction.CHANGE)
    await _check(work, staff.person, body, before=staff.plain_terms)
    _fill(staff, body)
    _publish(work, staff)
    return staff


async def switch_off(work: Work, staff_id: UUID, body: SwitchOff) -> Staff:
    """From now on this person can do nothing, whatever his token says. Raises `staff-not-found` or `wrong-state`."""
    staff = await lock_for(work, Staff, staff_id, StaffAction.SWITCH_OFF)
    staff.status, staff.off_because = StaffStatus.OFF, body.reason
    _publish(work, staff)
    return staff


async def switch_on(work: Work, staff_id: UUID) -> Staff:
    """This person is with us again, in the roles of his record. Raises `staff-not-found` or `wrong-state`."""
    staff = await lock_for(work, Staff, staff_id, StaffAction.SWITCH_ON)
    staff.status, staff.off_because = StaffStatus.ACTIVE, None
    _publish(work, staff)
    return staff


def _fill(staff: Staff, body: ChangeStaff) -> None:
    staff.name, staff.phone, staff.department = body.name, body.phone, body.department
    staff.place, staff.superior = body.place, body.superior
    staff.roles = [term.model_dump(mode="json") for term in body.roles]


async def _check(work: Work, person: str, body: ChangeStaff, *, before: list[Term]) -> None:
    terms = [(term.role, term.since, term.until) for term in body.roles]
    if role := terms_clash(terms):
        raise TERMS_CLASH(role=Text(*ROLE_NAMES[role]))
    if person in work.actor.persons:
        # the first administrator of all has nobody who could enter him
        more = gained(before, terms) - (frozenset() if before else {Role.ADMINISTRATOR})
        if more:
            raise OWN_ROLES(roles=spoken_roles(more))
    if body.superior is not None:
        superior = await staff_of(work.tx, body.superior)
        unfit = superior is None or superior.status is StaffStatus.OFF
        if unfit or is_below_himself(person, body.superior, await superiors(work.tx)):
            raise SUPERIOR_UNFIT()


def _publish(work: Work, staff: Staff) -> None:
    record_fact(work, StaffChanged.of(staff), about=staff, key=staff.document)
