"""The rules of the organisation."""

from collections.abc import Collection, Sequence
from datetime import date

from fangxing.clauses import clause

YEARS_AHEAD = 2
"""How far ahead of this year the calendar can be entered."""


@clause("1-3")
def days_not_to_change(days: Collection[date], today: date) -> Sequence[date]:
    """The days that cannot be entered any more, or not yet: what has passed stays as people worked by it."""
    return sorted(day for day in days if day < today or day.year > today.year + YEARS_AHEAD)


@clause("1-3")
def year_to_enter(today: date, days_ahead: int) -> int | None:
    """The year whose calendar has to be entered by now: the next one, from `days_ahead` days before it begins."""
    first = date(today.year + 1, 1, 1)
    return first.year if (first - today).days <= days_ahead else None
