"""What the organisation publishes."""

from datetime import date
from typing import ClassVar

from pydantic import BaseModel

from fangxing.outbox import Event


class CalendarDay(BaseModel):
    """A day as it is from now on; `working` is null where it is as the nation has it again."""

    day: date
    working: bool | None


class CalendarChanged(Event):
    """Days of the factory's calendar changed, or with a `place` those of one warehouse alone."""

    event_type: ClassVar[str] = "customer.CalendarChanged.v1"
    place: str | None
    days: list[CalendarDay]
