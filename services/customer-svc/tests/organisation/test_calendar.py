"""The factory's calendar: entered once, counted by in every service; deadlines that move with it say so (2-5.4.4)."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_svc.organisation.rules import days_not_to_change, year_to_enter
from fangxing.calendar import WorkingDays

if TYPE_CHECKING:
    from conftest import Office

DAYS = "/calendar/days"


def day(on: str, working: bool | None, name: str = "厂庆") -> dict[str, Any]:
    """A day as the administrator enters it."""
    return {"day": on, "working": working, "name": name}


async def enter(office: "Office", *days: dict[str, Any], place: str | None = None) -> dict[str, Any]:
    """The administrator enters days, and the event comes around."""
    answer = await office.done("admin", DAYS, {"place": place, "days": list(days)})
    event = (await office.svc.published("customer.CalendarChanged.v1"))[-1]
    await office.svc.deliver(event.type, event.data, key=event.document, document=event.document, version=event.version)
    return answer


async def test_the_factorys_days_override_the_nation_and_a_warehouses_the_factory(office: "Office") -> None:
    await enter(office, day("2026-03-04", False), day("2026-03-07", True, "补班"))
    await enter(office, day("2026-03-04", True, "盘点"), place="WH-1")
    answer = await office.read("/calendar", **{"from": "2026-03-03", "until": "2026-03-07"})
    assert [(one["day"][-2:], one["working"], one["by"], one["name"]) for one in answer["days"]] == [
        ("03", True, "nation", None),
        ("04", False, "factory", "厂庆"),
        ("05", True, "nation", None),
        ("06", True, "nation", None),
        ("07", True, "factory", "补班"),
    ]
    at_place = await office.read("/calendar", **{"from": "2026-03-04", "until": "2026-03-07", "place": "WH-1"})
    assert [(one["working"], one["by"]) for one in at_place["days"]] == [
        (True, "place"),
        (True, "nation"),
        (True, "nation"),
        (True, "factory"),
    ]
    async with office.svc.runtime.unit_of_work() as unit:
        factory, warehouse = await unit.working_days(), await unit.working_days("WH-1")
    first = unit.today.replace(day=4)
    assert (factory.is_working(first), warehouse.is_working(first)) == (False, True)


async def test_2_5_4_4_a_changed_day_moves_an_open_deadline_and_says_so(office: "Office") -> None:
    # a Monday: entry is due on Tuesday
    await office.approved(await office.customer())
    (task,) = await office.tasks("accountant", "enter_credit")
    assert (task["due_on"], task["due_before"]) == ("2026-03-03", None)
    await enter(office, day("2026-03-03", False))
    (task,) = await office.tasks("accountant", "enter_credit")
    assert (task["due_on"], task["due_before"]) == ("2026-03-04", "2026-03-03")
    await enter(office, day("2026-03-03", None))
    (task,) = await office.tasks("accountant", "enter_credit")
    assert (task["due_on"], task["due_before"]) == ("2026-03-03", "2026-03-04")


async def test_2_5_4_4_a_deadline_counts_by_the_factorys_own_days(office: "Office") -> None:
    await enter(office, day("2026-03-03", False), day("2026-03-04", False))
    await office.approved(await office.customer())
    (task,) = await office.tasks("accountant", "enter_credit")
    assert (task["due_on"], task["due_before"]) == ("2026-03-05", None)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        # before the Spring Festival of 2026: Saturday 14 February is worked, 15 to 23 February are not
        (datetime(2026, 2, 13, 1, tzinfo=UTC), "2026-02-14"),
        (datetime(2026, 2, 14, 1, tzinfo=UTC), "2026-02-24"),
        # after it Saturday 28 February is worked, Sunday 1 March is not
        (datetime(2026, 2, 27, 1, tzinfo=UTC), "2026-02-28"),
        (datetime(2026, 2, 28, 1, tzinfo=UTC), "2026-03-02"),
        # before National Day: Sunday 20 September is worked, 1 to 7 October are not, Saturday 10 October is
        (datetime(2026, 9, 18, 1, tzinfo=UTC), "2026-09-20"),
        (datetime(2026, 9, 30, 1, tzinfo=UTC), "2026-10-08"),
        (datetime(2026, 10, 9, 1, tzinfo=UTC), "2026-10-10"),
        (datetime(2026, 10, 10, 1, tzinfo=UTC), "2026-10-12"),
    ],
)
async def test_2_5_4_4_festivals_and_the_sundays_worked_for_them(office: "Office", now: datetime, due: str) -> None:
    office.clock.set(now)
    await office.approved(await office.customer())
    (task,) = await office.tasks("accountant", "enter_credit")
    assert task["due_on"] == due


async def test_what_has_passed_or_is_far_ahead_is_not_entered(office: "Office") -> None:
    for wrong in ("2026-03-01", "2029-01-01"):
        refused = await office.refused("admin", DAYS, {"place": None, "days": [day(wrong, False)]})
        assert refused == (400, "calendar-days-not-to-change")
    await enter(office, day("2026-03-02", False), day("2028-12-31", False))
    twice = {"place": None, "days": [day("2026-03-05", False), day("2026-03-05", True)]}
    assert await office.refused("admin", DAYS, twice) == (400, "calendar-days-twice")
    assert (await office.refused("gm", DAYS, twice))[0] == 403


async def test_the_calendar_of_the_next_year_is_asked_for_until_it_is_confirmed(office: "Office") -> None:
    office.clock.set(datetime(2026, 11, 16, 1, tzinfo=UTC))
    await office.night()
    assert await office.tasks("admin", "enter_calendar") == []
    await office.pass_days(1)
    (task,) = await office.tasks("admin", "enter_calendar")
    assert (task["document"], task["due_on"]) == ("calendar-year/2027", "2026-12-31")
    await office.pass_days(3)
    assert len(await office.tasks("admin", "enter_calendar")) == 1
    assert await office.refused("admin", "/calendar/years/2028/confirmation") == (400, "calendar-year-not-to-confirm")
    confirmed = await office.done("admin", "/calendar/years/2027/confirmation")
    assert (confirmed["year"], confirmed["confirmed_by"], confirmed["confirmed_on"]) == (2027, "admin", "2026-11-20")
    await office.pass_days(2)
    assert await office.tasks("admin", "enter_calendar") == []


def test_days_from_today_to_the_year_after_next_are_entered() -> None:
    today = date(2026, 3, 2)
    assert days_not_to_change([today, today.replace(year=2028, month=12, day=31)], today) == []
    late, far = today.replace(day=1), today.replace(year=2029, month=1, day=1)
    assert days_not_to_change([far, late], today) == [late, far]


def test_a_year_is_asked_for_from_so_many_days_before_it_begins() -> None:
    november = date(2026, 11, 16)
    assert year_to_enter(november, 45) is None
    assert year_to_enter(november.replace(day=17), 45) == 2027


@given(
    since=st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    count=st.integers(1, 30),
    own=st.dictionaries(st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.booleans(), max_size=40),
)
def test_between_start_and_deadline_lie_exactly_so_many_working_days(
    since: date, count: int, own: dict[date, bool]
) -> None:
    days = WorkingDays(own)
    deadline = days.deadline(since, count)
    span = [since.fromordinal(number) for number in range(since.toordinal() + 1, deadline.on.toordinal() + 1)]
    assert sum(days.is_working(one) for one in span) == count
    assert days.is_working(deadline.on)
