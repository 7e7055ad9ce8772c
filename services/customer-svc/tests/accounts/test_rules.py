"""The pure rules of an account on their bounds (2-5.2 to 2-5.4.4): limits by grade, when it falls, what is overdue."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_svc.accounts.rules import (
    Credit,
    Overdue,
    Owed,
    Share,
    Tolerance,
    allocation_fault,
    c_from,
    credit_on,
    due,
    due_after_bounce,
    in_order,
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


EXACTLY = Tolerance(grace_days=30)
YUAN = Decimal("1.00")


def test_5_4_2_1_b_on_the_due_date_nothing_is_overdue_and_the_day_after_it_is() -> None:
    items = [Owed(date(2026, 3, 2), CENT), Owed(date(2026, 3, 4), YUAN)]

    def late(day: int) -> tuple[Decimal, date | None, int]:
        found = overdue(items, NOTHING, date(2026, 3, day), EXACTLY)
        return found.amount, found.since, found.days(date(2026, 3, day))

    assert late(2) == (NOTHING, None, 0)
    assert late(3) == (CENT, date(2026, 3, 2), 1)
    assert late(4) == (CENT, date(2026, 3, 2), 2)
    assert late(5) == (Decimal("1.01"), date(2026, 3, 2), 3)


def test_5_4_2_1_b_what_is_not_allocated_covers_the_oldest_first() -> None:
    items = [Owed(date(2026, 3, 4), YUAN), Owed(date(2026, 3, 2), YUAN)]

    def at(credit: str, day: int) -> tuple[date | None, str, date | None]:
        found = due(items, Decimal(credit), date(2026, 3, day), Grade.B, EXACTLY)
        return found.next_due, str(found.overdue.amount), found.overdue.since

    assert at("0.99", 3) == (date(2026, 3, 2), "0.01", date(2026, 3, 2))
    assert at("1.00", 3) == (date(2026, 3, 4), "0.00", None)
    assert at("1.00", 5) == (date(2026, 3, 4), "1.00", date(2026, 3, 4))
    assert at("1.99", 5) == (date(2026, 3, 4), "0.01", date(2026, 3, 4))
    assert at("2.00", 5) == at("3.00", 5) == (None, "0.00", None)


def test_5_4_2_1_b_a_tolerance_in_amount_and_days() -> None:
    items = [Owed(date(2026, 3, 2), YUAN), Owed(date(2026, 3, 4), YUAN)]

    def at(amount: str, days: int, day: int) -> tuple[date | None, str]:
        found = due(items, NOTHING, date(2026, 3, day), Grade.B, Tolerance(Decimal(amount), days))
        return found.next_due, str(found.overdue.amount)

    assert at("0.99", 0, 3) == (date(2026, 3, 2), "1.00")
    assert at("1.00", 0, 3) == at("1.00", 0, 4) == (date(2026, 3, 4), "0.00")
    assert at("1.00", 0, 5) == (date(2026, 3, 4), "2.00")
    assert at("2.00", 0, 5) == (None, "0.00")
    assert at("0.00", 5, 7) == (date(2026, 3, 7), "0.00")
    assert at("0.00", 5, 8) == at("0.00", 5, 9) == (date(2026, 3, 7), "1.00")
    assert at("0.00", 5, 10) == (date(2026, 3, 7), "2.00")


def test_5_4_2_1_b_what_is_disputed_is_overdue_and_no_grade_falls_by_it() -> None:
    disputed, later = Owed(date(2026, 3, 2), YUAN, YUAN), Owed(date(2026, 3, 4), YUAN)
    found = due([disputed, later], NOTHING, date(2026, 3, 3), Grade.B, EXACTLY)
    assert (found.next_due, found.overdue.amount) == (date(2026, 3, 2), YUAN)
    assert (found.undisputed_due, found.c_from) == (date(2026, 3, 4), date(2026, 4, 4))
    # what is not allocated goes to what is not disputed first
    found = due([disputed, later], YUAN, date(2026, 3, 9), Grade.B, EXACTLY)
    assert (found.overdue.amount, found.undisputed_due, found.c_from) == (YUAN, None, None)


debts = st.lists(
    st.tuples(st.dates(DAY, DAY + timedelta(days=9)), st.integers(1, 99), st.integers(0, 99)).map(
        lambda it: Owed(it[0], CENT * it[1], CENT * min(it[1], it[2]))
    ),
    max_size=6,
)


@given(debts, st.integers(0, 300), st.integers(0, 20), st.integers(0, 99), st.integers(0, 5))
def test_5_4_2_1_b_the_date_alone_says_when_something_is_overdue(
    items: list[Owed], credit: int, after: int, amount: int, days: int
) -> None:
    today, paid = DAY + timedelta(days=after), CENT * credit
    found = due(items, paid, today, Grade.B, Tolerance(CENT * amount, days, 30))
    receivable = sum((item.open_amount for item in items), NOTHING) - paid
    assert 0 <= found.overdue.amount <= max(NOTHING, receivable)
    assert (found.overdue.amount > 0) == (found.next_due is not None and today > found.next_due)
    assert (found.overdue.since is None) == (found.overdue.amount == 0)
    assert found.undisputed_due is None or (found.next_due is not None and found.next_due <= found.undisputed_due)


def test_2_5_3_1_c_the_day_from_which_on_a_grade_is_c() -> None:
    due = date(2026, 3, 2)
    assert c_from(Grade.B, due, 30) == date(2026, 4, 2)
    assert c_from(Grade.A, due, 1) == date(2026, 3, 4)
    assert c_from(Grade.B, due, 0) == c_from(Grade.B, due, None) == date(2026, 3, 3)
    assert c_from(Grade.B, None, 30) is None
    assert {c_from(grade, due, 30) for grade in (Grade.C, Grade.D, Grade.UNGRADED)} == {None}


def test_2_5_3_1_c_the_oldest_item_says_when_the_grade_falls_and_only_what_is_late_is_overdue() -> None:
    items = [Owed(date(2026, 3, 4), YUAN), Owed(date(2026, 3, 2), CENT)]
    found = due(items, NOTHING, date(2026, 3, 3), Grade.B, EXACTLY)
    assert (found.next_due, found.c_from) == (date(2026, 3, 2), date(2026, 4, 2))
    assert (found.overdue.amount, found.overdue.since) == (CENT, date(2026, 3, 2))
    nothing = due([], NOTHING, date(2026, 3, 3), Grade.B, EXACTLY)
    assert (nothing.next_due, nothing.overdue, nothing.c_from) == (None, Overdue(NOTHING, None), None)


def test_a_credit_covers_items_in_order_and_what_is_disputed_last() -> None:
    x, y = uuid4(), uuid4()
    items = [(x, Decimal("5.00")), (y, Decimal("2.00")), (x, YUAN)]
    assert in_order(Decimal("6.50"), items) == [Share(x, Decimal("5.00")), Share(y, Decimal("1.50"))]
    assert in_order(Decimal("9.00"), items) == [Share(x, Decimal("6.00")), Share(y, Decimal("2.00"))]
    assert in_order(NOTHING, items) == []


def test_5_4_2_2_b_what_a_bounced_prepayment_had_paid_whole_is_due_on_the_day_it_bounced() -> None:
    assert due_after_bounce(DAY, NOTHING, DAY + timedelta(days=1)) == DAY + timedelta(days=1)
    assert due_after_bounce(DAY, NOTHING, DAY - timedelta(days=1)) == DAY
    assert due_after_bounce(DAY, CENT, DAY + timedelta(days=1)) == DAY


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
