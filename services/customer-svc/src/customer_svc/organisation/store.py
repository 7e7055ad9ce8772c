"""Tables of the organisation."""

from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Mapped, mapped_column

from customer_svc.organisation.rules import (
    DELEGATION_FINAL,
    DELEGATION_MOVES,
    OPEN,
    STAFF_MOVES,
    DelegationStatus,
    StaffStatus,
    Term,
)
from customer_svc.organisation.words import DELEGATION_WORDS, STAFF_WORDS
from customer_svc.tables import Table
from fangxing.database import Tx
from fangxing.database.types import one_of
from fangxing.documents import Documented
from fangxing.organisation.days import FACTORY
from fangxing.organisation.people import RoleTerm
from fangxing.outbox import Counted
from fangxing.roles import Role


class FactoryCalendar(Counted, Table):
    """The calendar of the factory, or of one warehouse `place`."""

    __tablename__ = "calendars"

    place: Mapped[str] = mapped_column(String(64), primary_key=True)

    @property
    def document(self) -> str:
        """The calendar's name as a document: "calendar/WH-1", that of the factory "calendar/"."""
        return f"calendar/{self.place}"


class FactoryDay(Table):
    """A day that is not as the nation has it, with what people call it."""

    __tablename__ = "factory_days"

    place: Mapped[str] = mapped_column(ForeignKey("calendars.place"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    working: Mapped[bool]
    name: Mapped[str] = mapped_column(String(200))
    author: Mapped[str] = mapped_column(String(80))


class CalendarYear(Table):
    """A year whose calendar somebody has said to be complete."""

    __tablename__ = "calendar_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    confirmed_by: Mapped[str] = mapped_column(String(80))
    confirmed_on: Mapped[date] = mapped_column(Date)

    @staticmethod
    def named(year: int) -> str:
        """The name of a year's calendar as a document."""
        return f"calendar-year/{year}"


async def lock_calendar(tx: Tx, place: str) -> FactoryCalendar:
    """The calendar of `place`, its row locked; begun where it is the first time."""
    await tx.execute(pg_insert(FactoryCalendar).values(place=place, facts=0).on_conflict_do_nothing())
    statement = select(FactoryCalendar).where(FactoryCalendar.place == place).with_for_update()
    return (await tx.scalars(statement.execution_options(populate_existing=True))).one()


async def own_days(connection: Any, place: str, first: date, last: date) -> dict[tuple[str, date], FactoryDay]:
    """The days from `first` to `last` that the factory or `place` has of its own, by place and day."""
    rows = await connection.execute(
        select(FactoryDay.__table__).where(FactoryDay.place.in_({FACTORY, place}), FactoryDay.day.between(first, last))
    )
    return {(row.place, row.day): row for row in rows}


class Staff(Documented, Table):
    """A member of the staff 员工档案: `person` is the subject of the identity provider, by which he signs in.

    `place` is the code of his warehouse or gate. The telephone number stays in this service.
    """

    __tablename__ = "staff"
    __table_args__ = (
        Index("uq_staff_person", "person", unique=True),
        Index("ix_staff_name", "name", "id"),
        Index("ix_staff_department", "department", "id"),
    )
    document_kind, moves, final, words = "staff", STAFF_MOVES, frozenset[StaffStatus](), STAFF_WORDS

    person: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(40))
    department: Mapped[str | None] = mapped_column(String(80))
    place: Mapped[str | None] = mapped_column(String(64))
    superior: Mapped[str | None] = mapped_column(String(80))
    roles: Mapped[list[Any]] = mapped_column(JSONB)
    status: Mapped[StaffStatus] = mapped_column(one_of(StaffStatus))
    off_because: Mapped[str | None] = mapped_column(String(200))

    @property
    def terms(self) -> list[RoleTerm]:
        """His roles with their days."""
        return [RoleTerm.model_validate(term) for term in self.roles]

    @property
    def plain_terms(self) -> list[Term]:
        """His roles with their days, as the rules take them."""
        return [(term.role, term.since, term.until) for term in self.terms]


class Delegation(Documented, Table):
    """A role lent by its `holder` to a `deputy` from `since` to the end of the day `until` 代理授权."""

    __tablename__ = "staff_delegations"
    __table_args__ = (
        Index("ix_staff_delegations_holder", "holder", "id"),
        Index("ix_staff_delegations_deputy", "deputy", "id"),
        Index("ix_staff_delegations_until", "until", postgresql_where="status IN ('proposed', 'in_force')"),
    )
    document_kind, moves, final, words = "delegation", DELEGATION_MOVES, DELEGATION_FINAL, DELEGATION_WORDS

    role: Mapped[Role] = mapped_column(one_of(Role))
    holder: Mapped[str] = mapped_column(String(80))
    deputy: Mapped[str] = mapped_column(String(80))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(200))
    status: Mapped[DelegationStatus] = mapped_column(one_of(DelegationStatus))


async def staff_of(tx: Tx, person: str, *, lock: bool = False) -> Staff | None:
    """The record of `person`, on request with its row locked."""
    statement = select(Staff).where(Staff.person == person)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return (await tx.scalars(statement)).first()


async def superiors(tx: Tx) -> dict[str, str | None]:
    """The superior of everybody on record."""
    return {person: superior for person, superior in await tx.execute(select(Staff.person, Staff.superior))}


async def stands_in_already(tx: Tx, deputy: str, role: Role, since: date, until: date) -> bool:
    """Whether `deputy` stands in for somebody as `role` on one of these days, or is proposed to."""
    overlapping = select(Delegation.id).where(
        Delegation.deputy == deputy,
        Delegation.role == role,
        Delegation.status.in_(OPEN),
        Delegation.since <= until,
        Delegation.until >= since,
    )
    return await tx.scalar(overlapping.limit(1)) is not None


async def lapsed_before(tx: Tx, day: date) -> list[Delegation]:
    """The delegations whose last day is before `day` and that nobody has ended, their rows locked."""
    over = select(Delegation).where(Delegation.status.in_(OPEN), Delegation.until < day).order_by(Delegation.id)
    return list(await tx.scalars(over.with_for_update()))
