"""The rules of credit, each on its boundary; and what must hold for whatever figures."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fangxing.ids import new_id
from fangxing.positions import Grade, exposure
from shipping_svc.credit import reasons, rules
from shipping_svc.credit.rules import Amounts, Approval, Figures, Road

TODAY = date(2026, 3, 2)
ZERO = Decimal("0.00")
CENT = Decimal("0.01")
CLEAN = Figures(
    id=new_id(),
    epoch=1,
    version=0,
    released=ZERO,
    shipped_total=ZERO,
    prepaid_used_total=ZERO,
    customer_epoch=1,
    customer_version=1,
    receivable=ZERO,
    written_off=ZERO,
    settled_total=ZERO,
    prepaid_total=ZERO,
    grade=Grade.B,
    limit=Decimal("100.00"),
    c_from=None,
    d_from=None,
    stopped=False,
    next_due=None,
    overdue_amount=ZERO,
    overdue_since=None,
    prepaid_by=(),
    hold=False,
)
Strategy = st.SearchStrategy


def yuan(text: str) -> Decimal:
    return Decimal(text)


def credit(value: Decimal | str) -> Amounts:
    return Amounts(on_credit=Decimal(value))


def prepayment(value: Decimal | str) -> Amounts:
    return Amounts(on_prepayment=Decimal(value))


def slugs(figures: Figures, amounts: Amounts) -> list[str]:
    return [reason.type.slug for reason in rules.why(figures, amounts, TODAY)]


def test_5_4_2_1_b_exposure_is_receivables_and_shipped_not_invoiced_and_released_not_shipped() -> None:
    figures = replace(
        CLEAN,
        receivable=yuan("10.00"),
        written_off=yuan("0.20"),
        released=yuan("3.00"),
        shipped_total=yuan("50.00"),
        settled_total=yuan("49.00"),
    )
    assert exposure(figures) == yuan("14.20")


@pytest.mark.parametrize(("used", "more"), [("59.99", "0.00"), ("60.00", "0.00"), ("60.01", "0.01")])
def test_5_4_2_2_b_prepaid_goods_count_only_where_the_money_went_back(used: str, more: str) -> None:
    figures = replace(CLEAN, prepaid_total=yuan("60.00"), prepaid_used_total=yuan(used))
    assert exposure(figures) == yuan(more)


TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


@pytest.mark.parametrize("grade", [Grade.A, Grade.B, Grade.UNGRADED])
def test_2_5_3_1_c_a_grade_holds_the_day_before_and_is_c_on_its_day(grade: Grade) -> None:
    figures = replace(CLEAN, grade=grade, c_from=TOMORROW)
    assert rules.effective_grade(figures, TODAY) is grade
    assert rules.effective_grade(figures, TOMORROW) is Grade.C
    assert rules.limit_on(figures, TOMORROW) == ZERO


@pytest.mark.parametrize("grade", [Grade.A, Grade.B, Grade.C, Grade.UNGRADED])
def test_2_5_3_1_d_a_grade_holds_the_day_before_and_is_d_on_its_day(grade: Grade) -> None:
    figures = replace(CLEAN, grade=grade, d_from=TOMORROW, receivable=CENT)
    assert rules.effective_grade(figures, TODAY) is grade
    assert rules.effective_grade(figures, TOMORROW) is Grade.D
    assert rules.road(figures, prepayment("0.01"), TOMORROW) is Road.DEBT_FIRST


@pytest.mark.parametrize(("c_from", "d_from"), [(TODAY, TODAY), (TODAY, YESTERDAY), (YESTERDAY, TODAY)])
def test_2_5_3_1_d_is_never_lifted_by_c(c_from: date, d_from: date) -> None:
    figures = replace(CLEAN, c_from=c_from, d_from=d_from)
    assert rules.effective_grade(figures, TODAY) is Grade.D
    assert rules.effective_grade(replace(CLEAN, grade=Grade.D, c_from=YESTERDAY), TODAY) is Grade.D


@pytest.mark.parametrize("grade", [Grade.C, Grade.D])
def test_2_5_3_1_c_c_and_d_stay_what_they_are_after_their_c_from(grade: Grade) -> None:
    assert rules.effective_grade(replace(CLEAN, grade=grade, c_from=date(2020, 1, 1)), TODAY) is grade


@pytest.mark.parametrize(
    ("grade", "limit", "effective"),
    [
        (Grade.A, "100.00", None),
        (Grade.B, "100.00", "100.00"),
        (Grade.B, None, "0.00"),
        (Grade.C, "100.00", "0.00"),
        (Grade.D, "100.00", "0.00"),
        (Grade.UNGRADED, "100.00", "0.00"),
    ],
)
def test_2_5_3_2_the_limit_of_each_grade(grade: Grade, limit: str | None, effective: str | None) -> None:
    figures = replace(CLEAN, grade=grade, limit=yuan(limit) if limit else None)
    assert rules.limit_on(figures, TODAY) == (yuan(effective) if effective else None)


@pytest.mark.parametrize(("due", "overdue"), [(None, False), (TODAY, False), (TODAY - timedelta(days=1), True)])
def test_5_4_2_1_b_nothing_is_overdue_on_the_due_date_itself(due: date | None, overdue: bool) -> None:
    assert rules.is_overdue(replace(CLEAN, next_due=due), TODAY) is overdue


LATE = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("changes", "on_credit", "road"),
    [
        ({}, "100.00", Road.WITHIN),
        ({}, "100.01", Road.OVER),
        ({"receivable": CENT}, "100.00", Road.OVER),
        ({"next_due": LATE}, "100.00", Road.OVERDUE),
        ({"next_due": LATE}, "100.01", Road.OVER),
        ({"grade": Grade.A, "limit": None}, "99999999.99", Road.WITHIN),
        ({"grade": Grade.A, "limit": None, "next_due": LATE}, "0.01", Road.OVERDUE),
        ({"grade": Grade.UNGRADED, "limit": ZERO}, "0.01", Road.OVER),
        ({"grade": Grade.C}, "0.01", Road.CASH_ONLY),
        ({"grade": Grade.D}, "0.01", Road.CASH_ONLY),
        ({"grade": Grade.D, "receivable": CENT}, "0.01", Road.DEBT_FIRST),
        ({"grade": Grade.A, "limit": None, "stopped": True}, "0.01", Road.STOPPED),
        ({"grade": Grade.C, "stopped": True}, "0.01", Road.STOPPED),
        ({"grade": Grade.D, "receivable": CENT, "stopped": True}, "0.01", Road.STOPPED),
        ({"grade": Grade.A, "hold": True}, "0.01", Road.HOLD),
        ({"stopped": True, "hold": True}, "0.01", Road.HOLD),
    ],
)
def test_5_4_2_1_c_and_5_2_5_3_2_the_roads(changes: dict[str, object], on_credit: str, road: Road) -> None:
    assert rules.road(replace(CLEAN, **changes), credit(on_credit), TODAY) == road  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "value", "road"),
    [
        ({}, "60.00", Road.PREPAID),
        ({}, "60.01", Road.OVER),
        ({"prepaid_used_total": CENT}, "60.00", Road.OVER),
        ({"grade": Grade.C}, "60.00", Road.PREPAID),
        ({"grade": Grade.D}, "60.00", Road.PREPAID),
        ({"grade": Grade.D, "receivable": CENT}, "60.00", Road.DEBT_FIRST),
        ({"stopped": True}, "60.00", Road.PREPAID),
        ({"stopped": True}, "60.01", Road.OVER),
        ({"grade": Grade.D, "receivable": CENT, "stopped": True}, "60.00", Road.DEBT_FIRST),
        ({"hold": True}, "60.00", Road.HOLD),
    ],
)
def test_5_4_2_2_b_each_prepaid_yuan_covers_once(changes: dict[str, object], value: str, road: Road) -> None:
    figures = replace(CLEAN, prepaid_total=yuan("60.00"), **changes)  # type: ignore[arg-type]
    assert rules.road(figures, prepayment(value), TODAY) == road


@pytest.mark.parametrize(
    ("changes", "approval", "allowed"),
    [
        ({}, Approval(Road.WITHIN), True),
        ({}, Approval(Road.OVERDUE, overdue=True), True),
        ({"next_due": LATE}, Approval(Road.WITHIN), False),
        ({"next_due": LATE}, Approval(Road.OVERDUE, overdue=True), True),
        ({"limit": yuan("59.99")}, Approval(Road.WITHIN), False),
        ({"limit": yuan("59.99")}, Approval(Road.OVER, yuan("60.00")), True),
        ({"limit": yuan("59.99")}, Approval(Road.OVER, yuan("59.99")), False),
        # over and overdue: reason and GM; his yes to the amount alone is no reason
        ({"limit": yuan("59.99"), "next_due": LATE}, Approval(Road.OVER, yuan("60.00")), False),
        ({"limit": yuan("59.99"), "next_due": LATE}, Approval(Road.OVER, yuan("60.00"), overdue=True), True),
        ({"limit": yuan("59.99"), "next_due": LATE}, Approval(Road.OVER, yuan("59.99"), overdue=True), False),
        ({"limit": yuan("59.99"), "next_due": LATE}, Approval(Road.OVER, yuan("60.00"), in_writing=True), True),
        ({"stopped": True}, Approval(Road.WITHIN), False),
        ({"stopped": True}, Approval(Road.OVER, yuan("999.00"), in_writing=True), False),
        ({"hold": True}, Approval(Road.OVER, yuan("999.00"), in_writing=True), False),
    ],
)
def test_5_4_2_1_c_an_approval_covers_what_its_decider_saw_and_no_more(
    changes: dict[str, object], approval: Approval, allowed: bool
) -> None:
    figures = replace(CLEAN, **changes)  # type: ignore[arg-type]
    assert rules.may_release(figures, credit("60.00"), approval, TODAY) is allowed


@pytest.mark.parametrize(
    ("value", "approval", "allowed"),
    [
        ("60.00", Approval(Road.OVER, yuan("0.01"), in_writing=True), True),
        ("60.00", Approval(Road.OVER, yuan("0.00"), in_writing=True), False),
        ("60.00", Approval(Road.OVER, yuan("0.01")), False),
        ("60.01", Approval(Road.OVER, yuan("0.01"), in_writing=True), False),
    ],
)
def test_2_5_3_2_d_with_debt_is_refused_unless_the_gms_written_exception_covers_the_debt(
    value: str, approval: Approval, allowed: bool
) -> None:
    figures = replace(CLEAN, grade=Grade.D, receivable=CENT, prepaid_total=yuan("60.00"))
    assert rules.may_release(figures, prepayment(value), approval, TODAY) is allowed


@pytest.mark.parametrize("changes", [{"grade": Grade.C}, {"grade": Grade.D}, {"grade": Grade.D, "receivable": CENT}])
def test_5_2_5_3_2_a_grade_that_fell_takes_the_gms_exception_in_writing(changes: dict[str, object]) -> None:
    figures = replace(CLEAN, **changes)  # type: ignore[arg-type]
    seen = exposure(figures) + yuan("60.00")
    assert not rules.may_release(figures, credit("60.00"), Approval(Road.OVER, seen), TODAY)
    assert rules.may_release(figures, credit("60.00"), Approval(Road.OVER, seen, in_writing=True), TODAY)
    assert not rules.may_release(figures, credit("60.00"), Approval(Road.OVER, seen - CENT, in_writing=True), TODAY)


def test_5_4_2_1_c_the_reasons_name_everything_that_stands_in_the_way() -> None:
    assert slugs(CLEAN, credit("100.00")) == ["within-limit"]
    assert slugs(replace(CLEAN, next_due=LATE), credit("100.01")) == ["over-limit", "overdue"]
    assert slugs(replace(CLEAN, grade=Grade.C, next_due=LATE), credit("1.00")) == ["grade-cash-only"]
    assert slugs(replace(CLEAN, grade=Grade.D, receivable=CENT), credit("1.00")) == ["debt-first"]
    assert slugs(replace(CLEAN, stopped=True, next_due=LATE), credit("100.01")) == ["credit-stopped"]
    indebted = replace(CLEAN, stopped=True, grade=Grade.D, receivable=CENT)
    assert slugs(indebted, credit("1.00")) == ["credit-stopped", "debt-first"]
    assert slugs(replace(CLEAN, hold=True), credit("1.00")) == ["position-missing"]
    assert slugs(CLEAN, prepayment("60.00")) == ["prepayment-missing"]
    assert slugs(replace(CLEAN, prepaid_total=yuan("60.00")), prepayment("60.00")) == ["prepaid"]


def test_5_4_2_1_c_an_overdue_reason_counts_the_days() -> None:
    (reason,) = rules.why(replace(CLEAN, next_due=date(2026, 2, 1)), credit("1.00"), TODAY)
    assert reason.content()["text"] == {
        "zh-CN": "有逾期款：2026-02-01 到期，已逾期 29 天",
        "en": "Payment is overdue: due 2026-02-01, 29 days late",
    }


@given(data=st.data())
def test_less_debt_never_closes_a_road(
    data: st.DataObject,
    figures: Strategy[Figures],
    approvals: Strategy[Approval],
    amounts: Strategy[Decimal],
    days: Strategy[date],
) -> None:
    owing, approval, today = data.draw(figures), data.draw(approvals), data.draw(days)
    value, paid, less = data.draw(amounts), data.draw(amounts), data.draw(amounts)
    owing_less = replace(owing, receivable=owing.receivable - paid)
    for amounts_of in (credit, prepayment):
        if rules.may_release(owing, amounts_of(value), approval, today):
            assert rules.may_release(owing_less, amounts_of(value), approval, today)
    if rules.may_release(owing, credit(value), approval, today):
        assert rules.may_release(owing, credit(min(less, value)), approval, today)
    if rules.road(owing, prepayment(value), today) is Road.PREPAID:
        assert rules.road(owing_less, prepayment(value), today) is Road.PREPAID


@given(data=st.data())
def test_the_reasons_are_never_empty_and_fit_the_road(
    data: st.DataObject, figures: Strategy[Figures], amounts: Strategy[Decimal], days: Strategy[date]
) -> None:
    drawn, value, today = data.draw(figures), data.draw(amounts), data.draw(days)
    first = {
        Road.HOLD: "position-missing",
        Road.STOPPED: "credit-stopped",
        Road.DEBT_FIRST: "debt-first",
        Road.CASH_ONLY: "grade-cash-only",
        Road.OVER: "over-limit",
        Road.OVERDUE: "overdue",
        Road.WITHIN: "within-limit",
    }
    on_credit = [reason.type.slug for reason in rules.why(drawn, credit(value), today)]
    assert on_credit[0] == first[rules.road(drawn, credit(value), today)]
    if value > 0:
        prepaid = [reason.type.slug for reason in rules.why(drawn, prepayment(value), today)]
        first |= {Road.OVER: "prepayment-missing", Road.PREPAID: "prepaid"}
        assert prepaid[0] == first[rules.road(drawn, prepayment(value), today)]


@given(data=st.data())
def test_what_would_pass_passes(
    data: st.DataObject, figures: Strategy[Figures], amounts: Strategy[Decimal], days: Strategy[date]
) -> None:
    """Each remedy that a reason names is carried out, and the shipment then passes."""
    drawn, value, today = data.draw(figures), data.draw(amounts), data.draw(days)
    assume(value > 0)
    asked = credit(value)
    road = rules.road(drawn, asked, today)
    seen = Approval(Road.OVER, exposure(drawn) + value, overdue=True)
    slugs_of = [reason.type.slug for reason in rules.why(drawn, asked, today)]
    for reason in rules.why(drawn, asked, today):
        if reason.type.slug == "over-limit":
            room = Decimal(str(reason.params["room"]))
            if reason.type is reasons.OVER_LIMIT:
                assert rules.road(drawn, credit(room), today) in (Road.WITHIN, Road.OVERDUE)
                assert rules.road(drawn, credit(room + CENT), today) is Road.OVER
            assert rules.may_release(drawn, asked, seen, today)
            collected = replace(drawn, receivable=drawn.receivable - Decimal(str(reason.params["over_by"])))
            assert rules.road(collected, asked, today) in (Road.WITHIN, Road.OVERDUE)
        elif reason.type.slug == "overdue":
            assert rules.road(replace(drawn, next_due=None), asked, today) == (
                Road.WITHIN if road is Road.OVERDUE else road
            )
        elif reason.type.slug == "credit-stopped":
            lifted = replace(drawn, stopped=False)
            assert rules.road(lifted, asked, today) not in (Road.STOPPED, Road.HOLD)
            assert rules.may_release(lifted, asked, replace(seen, in_writing=True), today)
        elif reason.type.slug == "debt-first":
            cleared = replace(drawn, receivable=drawn.receivable - exposure(drawn), stopped=False)
            assert rules.road(cleared, asked, today) is Road.CASH_ONLY
        if road in (Road.DEBT_FIRST, Road.CASH_ONLY):
            assert rules.may_release(drawn, asked, replace(seen, in_writing=True), today)
        if road in (Road.OVER, Road.CASH_ONLY) or slugs_of == ["credit-stopped"]:
            paid = replace(drawn, prepaid_total=max(drawn.prepaid_total, drawn.prepaid_used_total) + value)
            assert rules.road(paid, prepayment(value), today) is Road.PREPAID
