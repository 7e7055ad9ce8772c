"""What the organisation publishes."""

from datetime import date
from typing import ClassVar, Self
from uuid import UUID

from pydantic import BaseModel

from customer_svc.organisation.rules import DelegationStatus, StaffStatus
from customer_svc.organisation.store import Delegation, Staff
from fangxing.organisation.people import RoleTerm
from fangxing.outbox import Event
from fangxing.roles import Role


class CalendarDay(BaseModel):
    """A day as it is from now on; `working` is null where it is as the nation has it again."""

    day: date
    working: bool | None


class CalendarChanged(Event):
    """Days of the factory's calendar changed, or with a `place` those of one warehouse alone."""

    event_type: ClassVar[str] = "customer.CalendarChanged.v1"
    place: str | None
    days: list[CalendarDay]


class StaffChanged(Event):
    """A member of the staff was entered, changed, switched off or on; the event carries all but the telephone number.

    `person` is the subject of the identity provider.
    """

    event_type: ClassVar[str] = "customer.StaffChanged.v1"
    person: str
    name: str
    department: str | None
    place: str | None
    superior: str | None
    roles: list[RoleTerm]
    active: bool

    @classmethod
    def of(cls, staff: Staff) -> Self:
        """The event about `staff` as he is now."""
        return cls(
            person=staff.person,
            name=staff.name,
            department=staff.department,
            place=staff.place,
            superior=staff.superior,
            roles=staff.terms,
            active=staff.status is StaffStatus.ACTIVE,
        )


class DelegationChanged(Event):
    """A role was lent to a deputy, or is so no longer; it counts from `since` to the end of the day `until`."""

    event_type: ClassVar[str] = "customer.DelegationChanged.v1"
    delegation_id: UUID
    role: Role
    holder: str
    deputy: str
    since: date
    until: date
    in_force: bool

    @classmethod
    def of(cls, delegation: Delegation) -> Self:
        """The event about `delegation` as it is now."""
        return cls(
            delegation_id=delegation.id,
            role=delegation.role,
            holder=delegation.holder,
            deputy=delegation.deputy,
            since=delegation.since,
            until=delegation.until,
            in_force=delegation.status is DelegationStatus.IN_FORCE,
        )
