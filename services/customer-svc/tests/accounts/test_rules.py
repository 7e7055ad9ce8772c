"""The pure rules of an account on their bounds (2-5.2 to 2-5.4.4): limits by grade, when it falls, what is overdue."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_svc.accounts.rules import (
    Credit,
    Owed,
    Share,
    allocation_fault,
    c_from,
    credit_on,
    due,
    is_more_credit,
    overdue,
)
from fangxing.positions import Grade, effective_limit

CENT, NOTHING = Decimal("0.01"), Decimal("0.00")
DAY = date(2026, 3, 2)


def test_2_5_3_2_a_has_no_cap_b_its_own_and_the_others_nothing() -> None:
    limit = Decimal("500000.00")
    assert [effective_limit(grade, limit) for grade in Grade] == [None, limit, NOTHING, NOTHING, NOTHING]
    assert effective_limit(Grade.B, None) == NOTHING


@pytest.mark.parametrize("grade", [Grade.A, Grade.B])
def test_2_5_3_1_c_from_its_day_on_the_grade_is_c_whether_or_not_a_night_has_passed(grade: Grade) -> None:
    limit = effective_limit(grade, Decimal("500000.00"))

    def credit(day: date, *, d_from: date | None = None) -> Credit:
        return credit_on(day, grade=grade, limit=limit, c_from=DAY, d_from=d_from)

    assert credit(DAY - timedelta(days=1)) == (grade, limit)
    assert credit(DAY) == (Grade.C, NOTHING)
    assert credit(DAY, d_from=DAY) == (Grade.D, NOTHING)


def credit(grade: Grade, limit: Decimal | None) -> Credit:
    return Credit(grade, effective_limit(grade, limit))


@pytest.mark.parametrize(
    ("old", "new", "more"),
    [
        ((Grade.UNGRADED, NOTHING), (Grade.B, CENT), True),
        ((Grade.B, CENT), (Grade.B, Decimal("0.02")), True),
        ((Grade.B, CENT), (Grade.B, CENT), False),
        ((Grade.B, Decimal("0.02")), (Grade.B, CENT), False),
        ((Grade.B, CENT), (Grade.A, None), True),
        ((Grade.A, None), (Grade.A, None), False),
        ((Grade.A, None), (Grade.B, Decimal("999999999999.99")), False),
        ((Grade.B, CENT), (Grade.C, None), False),
        ((Grade.D, NOTHING), (Grade.C, None), True),
        ((Grade.C, NOTHING), (Grade.D, None), False),
        ((Grade.C, NOTHING), (Grade.UNGRADED, None), True),
        ((Grade.UNGRADED, NOTHING), (Grade.C, None), False),
        ((Grade.C, NOTHING), (Grade.C, None), False),
    ],
)
def test_2_5_4_4_what_is_more_credit(
    old: tuple[Grade, Decimal | None], new: tuple[Grade, Decimal | None], more: bool
) -> None:
    assert is_more_credit(credit(*old), credit(*new)) is more


credits = st.builds(credit, st.sampled_from(Grade), st.integers(1, 5).map(Decimal))


@given(credits, credits)
def test_2_5_4_4_of_two_different_credits_one_is_more(one: Credit, other: Credit) -> None:
    assert is_more_credit(one, other) + is_more_credit(other, one) == (one != other)


def test_5_4_2_1_b_on_the_due_date_nothing_is_overdue_and_the_day_after_it_is() -> None:
    items = [Owed(date(2026, 3, 2), CENT), Owed(date(2026, 3, 4), Decimal("1.00"))]
    assert overdue(items, date(2026, 3, 2)).amount == 0
    late = overdue(items, date(2026, 3, 3))
    assert (late.amount, late.since, late.days(date(2026, 3, 3))) == (CENT, date(2026, 3, 2), 1)
    assert overdue(items, date(2026, 3, 4)).amount == CENT
    late = overdue(items, date(2026, 3, 5))
    assert (late.amount, late.since, late.days(date(2026, 3, 5))) == (Decimal("1.01"), date(2026, 3, 2), 3)


def test_2_5_3_1_c_the_day_from_which_on_a_grade_is_c() -> None:
    due = date(2026, 3, 2)
    assert c_from(Grade.B, due, 30) == date(2026, 4, 2)
    assert c_from(Grade.A, due, 1) == date(2026, 3, 4)
    assert c_from(Grade.B, due, 0) == c_from(Grade.B, due, None) == date(2026, 3, 3)
    assert c_from(Grade.B, None, 30) is None
    assert {c_from(grade, due, 30) for grade in (Grade.C, Grade.D, Grade.UNGRADED)} == {None}


def test_2_5_3_1_c_the_oldest_item_says_when_the_grade_falls_and_only_what_is_late_is_overdue() -> None:
    items = [Owed(date(2026, 3, 4), Decimal("1.00")), Owed(date(2026, 3, 2), CENT)]
    found = due(items, date(2026, 3, 3), Grade.B, 30)
    assert (found.next_due, found.c_from) == (date(2026, 3, 2), date(2026, 4, 2))
    assert (found.overdue.amount, found.overdue.since) == (CENT, date(2026, 3, 2))
    nothing = due([], date(2026, 3, 3), Grade.B, 30)
    assert (nothing.next_due, nothing.overdue.amount, nothing.overdue.since, nothing.c_from) == (
        None,
        NOTHING,
        None,
        None,
    )


def test_allocation_faults() -> None:
    x, y, z = uuid4(), uuid4(), uuid4()
    items = {x: Decimal("60.00"), y: Decimal("0.01")}

    def fault(*parts: tuple[UUID, str]) -> UUID | str | None:
        return allocation_fault(Decimal("60.00"), [Share(of, Decimal(part)) for of, part in parts], items)

    assert fault() is None
    assert fault((x, "60.00")) is None
    assert fault((x, "59.99"), (y, "0.01")) is None
    assert fault((x, "60.01")) == x
    assert fault((x, "1.00"), (x, "1.00")) == x
    assert fault((z, "1.00")) == z
    assert fault((x, "60.00"), (y, "0.01")) == "total"
