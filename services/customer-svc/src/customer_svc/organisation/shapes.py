"""What is asked and answered about the organisation."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from fangxing.text import Code, Line, Text
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
