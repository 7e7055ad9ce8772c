"""The pure rules of an account on their bounds (2-5.2 to 2-5.3.2): limits by grade, when it falls, what is overdue."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from customer_svc.accounts.rules import (
    Credit,
    Owed,
    Share,
    allocation_fault,
    c_from,
    credit_on,
    effective_limit,
    overdue,
)
from fangxing.positions import Grade

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
