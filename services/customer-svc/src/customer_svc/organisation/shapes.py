"""What is asked and answered about the organisation."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from customer_svc.organisation.rules import DelegationAction, DelegationStatus, StaffAction, StaffStatus
from fangxing.organisation.people import RoleTerm
from fangxing.roles import Role
from fangxing.text import Code, Line, Reference, Text
from fangxing.validation import Body, Parameters

MOST_DAYS = 400
"""How many days are entered or shown at a time."""


class CalendarQuery(Parameters):
    """Which days are shown: from today on, for a month, unless said otherwise; of the factory, or of one warehouse."""

    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="until")
    place: Code | None = None


class DayIn(Body):
    """A day of the factory's own: worked, or not; null takes it back, so that the day is as the nation has it."""

    day: date
    working: bool | None
    name: Line


class EnterDays(Body):
    """Days of the factory, or of one warehouse `place`."""

    place: Code | None = None
    days: list[DayIn] = Field(min_length=1, max_length=MOST_DAYS)


class DayBy(StrEnum):
    """Whose word decides whether a day is worked."""

    NATION = "nation"
    FACTORY = "factory"
    PLACE = "place"


class DayOut(BaseModel):
    """A day of the calendar: whether it is worked, who says so, and what it is called where it is somebody's own."""

    day: Annotated[date, Text("日期", "day")]
    working: Annotated[bool, Text("上班", "worked")]
    by: Annotated[DayBy, Text("依据", "by")]
    name: Annotated[str | None, Text("说明", "name")]


class CalendarOut(BaseModel):
    """Days of the factory's calendar, or of one place."""

    place: str | None
    days: list[DayOut]


class YearOut(BaseModel):
    """A year whose calendar is complete, and who said so."""

    year: int
    confirmed_by: str
    confirmed_on: date


Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 -]{2,38}$")]
"""A telephone number."""


class TermIn(Body):
    """A role with the first day and, unless it is for good, the last day on which it is held."""

    role: Role
    since: date
    until: date | None = None


class ChangeStaff(Body):
    """A staff record as it shall be."""

    name: Reference
    phone: Phone | None = None
    department: Reference | None = None
    place: Code | None = None
    superior: Reference | None = None
    roles: list[TermIn] = Field(max_length=40)


class EnterStaff(ChangeStaff):
    """A new staff record; `person` is the subject of the identity provider."""

    person: Reference


class SwitchOff(Body):
    """Why somebody can do nothing here any more."""

    reason: Line


class StaffLine(BaseModel):
    """A member of the staff in a list."""

    id: UUID
    person: Annotated[str, Text("登录名", "person")]
    name: Annotated[str, Text("姓名", "name")]
    phone: Annotated[str | None, Text("电话", "phone")]
    department: Annotated[str | None, Text("部门", "department")]
    place: Annotated[str | None, Text("仓库或大门", "place")]
    superior: Annotated[str | None, Text("上级", "superior")]
    superior_name: Annotated[str | None, Text("上级姓名", "superior's name")]
    roles: list[RoleTerm]
    status: Annotated[StaffStatus, Text("状态", "status")]
    off_because: Annotated[str | None, Text("停用原因", "switched off because")]


class StaffOut(StaffLine):
    """A member of the staff, and what the caller may try with his record."""

    actions: list[StaffAction]

    @classmethod
    def show(cls, line: StaffLine, actions: list[str]) -> Self:
        """The `line` with what the caller may try."""
        return cls(**dict(line), actions=[StaffAction(action) for action in actions])


class DirectoryLine(BaseModel):
    """Who is who."""

    id: UUID
    person: Annotated[str, Text("登录名", "person")]
    name: Annotated[str, Text("姓名", "name")]
    department: Annotated[str | None, Text("部门", "department")]


class Lend(Body):
    """A role of the caller's own for a `deputy`, both days included."""

    role: Role
    deputy: Reference
    since: date
    until: date
    reason: Line


class ProposeDelegation(Lend):
    """A role of `holder`, who cannot say so himself, for a deputy."""

    holder: Reference


class DelegationLine(BaseModel):
    """A delegation in a list."""

    id: UUID
    role: Annotated[Role, Text("岗位", "role")]
    holder: Annotated[str, Text("委托人", "holder")]
    holder_name: Annotated[str | None, Text("委托人姓名", "holder's name")]
    deputy: Annotated[str, Text("代理人", "deputy")]
    deputy_name: Annotated[str | None, Text("代理人姓名", "deputy's name")]
    since: Annotated[date, Text("开始日", "since")]
    until: Annotated[date, Text("到期日", "until")]
    reason: Annotated[str, Text("原因", "reason")]
    author: Annotated[str, Text("提出人", "author")]
    status: Annotated[DelegationStatus, Text("状态", "status")]


class DelegationOut(DelegationLine):
    """A delegation, and what the caller may try with it."""

    actions: list[DelegationAction]

    @classmethod
    def show(cls, line: DelegationLine, actions: list[str]) -> Self:
        """The `line` with what the caller may try."""
        return cls(**dict(line), actions=[DelegationAction(action) for action in actions])
