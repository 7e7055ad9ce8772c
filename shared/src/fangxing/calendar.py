"""Calendar arithmetic of the manual: calendar months clipped at the month's end, and working days 工作日.

Working days are the national calendar (weekends, public holidays, and the shifted workdays 调休 that go with them)
overridden by the factory's own days, which are data.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays


def add_months(day: date, months: int) -> date:
    """`day` plus calendar months, the end of the month clipped: 31 August + 6 months is 28 or 29 February."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=32)
def _national(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=year)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a clock of `count` working days that started on `since`, so that it can be counted anew."""

    on: date
    since: date
    count: int


class WorkingDays:
    """The factory's working days.

    `own_days` maps a date to True (a working day here, whatever the nation does) or False (closed).
    """

    def __init__(self, own_days: Mapping[date, bool] | None = None) -> None:
        self._own_days = dict(own_days or {})

    def is_working(self, day: date) -> bool:
        """Whether the factory works on `day`."""
        own = self._own_days.get(day)
        return _national(day.year).is_working_day(day) if own is None else own

    def after(self, day: date, count: int) -> date:
        """The last day of a clock of `count` working days started by an event on `day`, which is day 0."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_working(day)
        return day

    def deadline(self, since: date, count: int) -> Deadline:
        """The deadline `after` gives, with what it was counted from."""
        return Deadline(self.after(since, count), since, count)
