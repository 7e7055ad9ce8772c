"""People 员工 as every service knows them: who somebody is, which roles he holds on a day, and whose deputy he is.

A role holds where the token names it and the staff record does not deny it. Deny by default: whoever cannot be looked
up is not let in.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, TypeAdapter
from sqlalchemy import Date, Index, ScalarSelect, String, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from fangxing.auth import Lent, Principal
from fangxing.database import Reader, Tx
from fangxing.database.tables import Table
from fangxing.database.types import one_of
from fangxing.errors import DomainError, ErrorType, Kind
from fangxing.roles import ROLE_NAMES, Role
from fangxing.text import Text

SWITCHED_OFF = ErrorType(
    "staff-switched-off",
    Kind.FORBIDDEN,
    "您的员工档案已停用，不能再办理任何业务；如有误请联系管理员",
    "Your staff record is switched off: nothing can be done with it. If that is wrong, ask the administrator",
    clause="1-3",
)
STAFF_UNKNOWN = ErrorType(
    "staff-unknown",
    Kind.FORBIDDEN,
    "系统中没有您的员工档案，所以您没有任何岗位；请管理员建档（POST /staff），登录名见 GET /me",
    "There is no staff record of you, so you hold no role: ask the administrator for one (POST /staff; GET /me)",
    clause="1-3",
)
NOT_IN_ROLE = ErrorType(
    "staff-not-in-role",
    Kind.CONFLICT,
    "此人今天不是在岗的{role}，请先在员工档案中登记",
    "This is nobody of the staff who is {role} today: see to the staff record first",
    clause="1-3",
)


class RoleTerm(BaseModel):
    """A role somebody holds from `since` on, until the end of the day `until`; for good where that is null."""

    model_config = ConfigDict(frozen=True)
    role: Role
    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the role is held on `day`; the first and the last day count."""
        return self.since <= day and (self.until is None or day <= self.until)


_TERMS: TypeAdapter[tuple[RoleTerm, ...]] = TypeAdapter(tuple[RoleTerm, ...])


class Person(Table):
    """A person as the newest `StaffChanged` had him; `place` is the code of his warehouse or gate."""

    __tablename__ = "people"
    __table_args__ = (Index("ix_people_superior", "superior"),)

    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    department: Mapped[str | None] = mapped_column(String(80))
    place: Mapped[str | None] = mapped_column(String(64))
    superior: Mapped[str | None] = mapped_column(String(80))
    roles: Mapped[list[Any]] = mapped_column(JSONB)
    active: Mapped[bool]

    @property
    def terms(self) -> tuple[RoleTerm, ...]:
        """His roles with their dates."""
        return _TERMS.validate_python(self.roles)


class Deputy(Table):
    """A delegation that was made: `deputy` acts in `role` of `holder`, from `since` to the end of the day `until`."""

    __tablename__ = "delegations"
    __table_args__ = (Index("ix_delegations_deputy", "deputy"), Index("ix_delegations_holder", "holder"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[Role] = mapped_column(one_of(Role))
    holder: Mapped[str] = mapped_column(String(80))
    deputy: Mapped[str] = mapped_column(String(80))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    in_force: Mapped[bool]


def held(terms: Sequence[RoleTerm], day: date) -> frozenset[Role]:
    """The roles of `terms` that are held on `day`."""
    return frozenset(term.role for term in terms if term.holds(day))


@dataclass(frozen=True, slots=True)
class Loan:
    """A role lent from one day to another, with the holder's own terms: it ends with them, too."""

    term: RoleTerm
    holder: str
    terms: tuple[RoleTerm, ...]

    def holds(self, day: date) -> bool:
        """Whether the role is lent on `day`, which its holder then holds himself."""
        return self.term.holds(day) and self.term.role in held(self.terms, day)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is on record about one subject; `active` is null where there is no record of him.

    `administered`: some record holds the role of the administrator today. `days_ahead` is how far business time is
    ahead of the system's.
    """

    active: bool | None
    terms: tuple[RoleTerm, ...]
    loans: tuple[Loan, ...]
    administered: bool
    days_ahead: int

    def principal(self, token: Principal, today: date, *, required: bool) -> Principal:
        """Who the bearer of `token` is `today`: his own roles, and those he is the deputy for.

        Without a record he holds what his token says, or nothing where a record is `required`, but for the first
        administrator, whom otherwise nobody could enter. Raises `staff-switched-off`.
        """
        if self.active is False:
            raise SWITCHED_OFF()
        if self.active is None:
            own = token.roles if not required else token.roles & self._first_administrator
            return token.standing_in(own, frozenset())
        lent = {Lent(loan.term.role, loan.holder) for loan in self.loans if loan.holds(today)}
        return token.standing_in(token.roles & held(self.terms, today), frozenset(lent))

    @property
    def _first_administrator(self) -> frozenset[Role]:
        return frozenset() if self.administered else frozenset({Role.ADMINISTRATOR})


STANDING = """
WITH clock AS (SELECT $2::date + days_ahead AS today, days_ahead FROM business_clock)
SELECT p.active, p.roles, c.days_ahead,
    EXISTS (
        SELECT FROM people a, jsonb_to_recordset(a.roles) AS t(role text, since date, until date)
        WHERE a.active AND t.role = 'administrator' AND c.today BETWEEN t.since AND coalesce(t.until, c.today)
    ) AS administered,
    (
        SELECT jsonb_agg(jsonb_build_object(
            'role', d.role, 'since', d.since, 'until', d.until, 'holder', d.holder, 'terms', h.roles))
        FROM delegations d JOIN people h ON h.subject = d.holder AND h.active
        WHERE d.deputy = $1 AND d.in_force AND d.until >= c.today
    ) AS loans
FROM clock c LEFT JOIN people p ON p.subject = $1
"""
"""What is on record about the subject $1, on the system's date $2, in one look; for `Database.look_up`."""


def standing(row: Mapping[str, Any]) -> Standing:
    """The standing in a row of `STANDING`."""
    return Standing(
        active=row["active"],
        terms=_TERMS.validate_json(row["roles"] or "[]"),
        loans=tuple(_loan(loan) for loan in orjson.loads(row["loans"] or "[]")),
        administered=row["administered"],
        days_ahead=row["days_ahead"],
    )


def _loan(loan: Mapping[str, Any]) -> Loan:
    return Loan(RoleTerm.model_validate(loan), loan["holder"], _TERMS.validate_python(loan["terms"]))


def name_of(subject: InstrumentedAttribute[Any]) -> ScalarSelect[str | None]:
    """The name of the person in a column, for a list that shows it: `name_of(Notice.author).label("author_name")`."""
    return select(Person.name).where(Person.subject == subject).scalar_subquery()


async def not_in_role(
    connection: Tx | Reader, subjects: Collection[str], role: Role, today: date, *, required: bool
) -> set[str]:
    """Those of `subjects` who are no active staff that holds `role` today.

    Where no record is `required`, whoever has none may be anybody.
    """
    found = await connection.execute(
        select(Person.subject, Person.active, Person.roles).where(Person.subject.in_(subjects))
    )
    people = {
        subject: active and role in held(_TERMS.validate_python(roles), today) for subject, active, roles in found
    }
    return {subject for subject in subjects if not people.get(subject, not required)}


def wrong_role(role: Role) -> DomainError:
    """`staff-not-in-role`: somebody named for what only `role` does."""
    return NOT_IN_ROLE(role=Text(*ROLE_NAMES[role]))
