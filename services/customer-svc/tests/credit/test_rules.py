"""The pure rules of 2-5.2 to 2-5.4.4 on their bounds."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_svc.credit.rules import (
    Grade,
    OpenItem,
    effective_limit,
    grade_until,
    is_more_credit,
    limit_fits_grade,
    overdue,
)

GRADES: list[Grade] = ["A", "B", "C", "D", "ungraded"]
CENT, NOTHING = Decimal("0.01"), Decimal("0.00")


def test_2_5_3_2_a_has_no_cap_b_its_own_and_the_others_nothing() -> None:
    limit = Decimal("500000.00")
    assert [effective_limit(grade, limit) for grade in GRADES] == [None, limit, NOTHING, NOTHING, NOTHING]
    assert effective_limit("B", None) == NOTHING


@pytest.mark.parametrize("grade", GRADES)
def test_2_5_3_1_b_a_limit_of_a_cent_or_more_goes_with_b_alone(grade: Grade) -> None:
    assert limit_fits_grade(grade, CENT) == (grade == "B")
    assert limit_fits_grade(grade, None) == (grade != "B")
    assert not limit_fits_grade(grade, NOTHING)


@pytest.mark.parametrize(
    ("old", "new", "more"),
    [
        (("ungraded", NOTHING), ("B", CENT), True),
        (("B", CENT), ("B", Decimal("0.02")), True),
        (("B", CENT), ("B", CENT), False),
        (("B", Decimal("0.02")), ("B", CENT), False),
        (("B", CENT), ("A", None), True),
        (("A", None), ("A", None), False),
        (("A", None), ("B", Decimal("999999999999.99")), False),
        (("B", CENT), ("C", None), False),
        (("D", NOTHING), ("C", None), True),
        (("C", NOTHING), ("D", None), False),
        (("C", NOTHING), ("ungraded", None), True),
        (("ungraded", NOTHING), ("C", None), False),
        (("C", NOTHING), ("C", None), False),
    ],
)
def test_2_5_4_4_what_is_more_credit(
    old: tuple[Grade, Decimal | None], new: tuple[Grade, Decimal | None], more: bool
) -> None:
    assert is_more_credit(*old, *new) is more


credit = st.sampled_from(GRADES).flatmap(
    lambda grade: st.tuples(
        st.just(grade), st.integers(1, 5).map(Decimal) if grade == "B" else st.just(effective_limit(grade, None))
    )
)


@given(credit, credit)
def test_2_5_4_4_of_two_different_credits_one_is_more(
    one: tuple[Grade, Decimal | None], other: tuple[Grade, Decimal | None]
) -> None:
    assert is_more_credit(*one, *other) + is_more_credit(*other, *one) == (one != other)


def test_5_4_2_1_b_on_the_due_date_nothing_is_overdue_and_the_day_after_it_is() -> None:
    items = [OpenItem(date(2026, 3, 2), CENT), OpenItem(date(2026, 3, 4), Decimal("1.00"))]
    assert overdue(items, date(2026, 3, 2)).amount == 0
    late = overdue(items, date(2026, 3, 3))
    assert (late.amount, late.since, late.days(date(2026, 3, 3))) == (CENT, date(2026, 3, 2), 1)
    assert overdue(items, date(2026, 3, 4)).amount == CENT
    late = overdue(items, date(2026, 3, 5))
    assert (late.amount, late.since, late.days(date(2026, 3, 5))) == (Decimal("1.01"), date(2026, 3, 2), 3)


def test_2_5_3_1_c_the_last_day_of_a_grade() -> None:
    due = date(2026, 3, 2)
    assert grade_until("B", due, 30) == date(2026, 4, 1)
    assert grade_until("A", due, 1) == date(2026, 3, 3)
    assert grade_until("B", due, 0) == grade_until("B", due, None) == due
    assert grade_until("B", None, 30) is None
    assert {grade_until(grade, due, 30) for grade in ("C", "D", "ungraded")} == {None}
