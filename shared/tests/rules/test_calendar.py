"""Months clip at the month's end, and working days are the nation's, shifted ones included, and then the factory's."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangxing.calendar import WorkingDays, add_months

days = st.dates(date(2000, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 1), -1, date(2025, 12, 1)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_are_added_by_the_calendar_and_clipped(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


@given(days, st.integers(-60, 60))
def test_the_day_of_the_month_is_kept_or_is_the_last(day: date, months: int) -> None:
    then = add_months(day, months)
    assert (then.year * 12 + then.month) - (day.year * 12 + day.month) == months
    assert then.day == day.day or (then.day < day.day and (then + timedelta(days=1)).day == 1)


def test_the_national_calendar_has_its_holidays_and_its_shifted_workdays() -> None:
    nation = WorkingDays()
    # National Day 2025: 1 to 8 October off, Sunday 28 September and Saturday 11 October worked
    assert [day for day in range(1, 13) if nation.is_working(date(2025, 10, day))] == [9, 10, 11]
    assert nation.is_working(date(2025, 9, 28))
    assert not nation.is_working(date(2025, 9, 27))


def test_the_factorys_own_days_override_the_nation() -> None:
    closed, open_day = date(2025, 10, 9), date(2025, 10, 12)
    own = WorkingDays({closed: False, open_day: True})
    assert (own.is_working(closed), own.is_working(open_day)) == (False, True)


@pytest.mark.parametrize(
    ("event", "count", "last"),
    [
        (date(2025, 9, 29), 0, date(2025, 9, 29)),
        (date(2025, 9, 29), 1, date(2025, 9, 30)),
        (date(2025, 9, 30), 1, date(2025, 10, 9)),
        (date(2025, 9, 30), 3, date(2025, 10, 11)),
        (date(2025, 10, 3), 1, date(2025, 10, 9)),
    ],
)
def test_the_day_of_the_event_is_day_zero(event: date, count: int, last: date) -> None:
    assert WorkingDays().after(event, count) == last


@given(st.dates(date(2024, 1, 1), date(2026, 6, 30)), st.integers(0, 30), st.sets(st.integers(0, 40), max_size=10))
def test_a_clock_of_n_days_holds_n_working_days(event: date, count: int, closed: set[int]) -> None:
    calendar = WorkingDays({event + timedelta(days=offset): False for offset in closed})
    last = calendar.after(event, count)
    worked = [event + timedelta(days=offset) for offset in range(1, (last - event).days + 1)]
    assert sum(calendar.is_working(day) for day in worked) == count
    assert count == 0 or calendar.is_working(last)
