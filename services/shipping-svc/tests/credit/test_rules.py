"""The rules of credit, each on its boundary; and what must hold for whatever figures."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shipping_svc.credit import rules
from shipping_svc.credit.rules import Approval, Figures, Road

TODAY = date(2026, 3, 2)
ZERO = Decimal("0.00")
CENT = Decimal("0.01")
CLEAN = Figures(ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, "B", Decimal("100.00"), None, None, False)
Strategy = st.SearchStrategy


def yuan(text: str) -> Decimal:
    return Decimal(text)


def slugs(figures: Figures, on_credit: str, on_prepayment: str = "0.00") -> list[str]:
    found = rules.reasons(figures, yuan(on_credit), yuan(on_prepayment), TODAY)
    return [reason.type.slug for reason in found]


def test_5_4_2_1_b_exposure_is_receivables_and_shipped_not_invoiced_and_released_not_shipped() -> None:
    figures = replace(
        CLEAN,
        receivable=yuan("10.00"),
        written_off=yuan("0.20"),
        released=yuan("3.00"),
        shipped_total=yuan("50.00"),
        settled_total=yuan("49.00"),
    )
    assert rules.exposure(figures) == yuan("14.20")


@pytest.mark.parametrize(("used", "more"), [("59.99", "0.00"), ("60.00", "0.00"), ("60.01", "0.01")])
def test_5_4_2_2_b_prepaid_goods_count_only_where_the_money_went_back(used: str, more: str) -> None:
    figures = replace(CLEAN, prepaid_total=yuan("60.00"), prepaid_used_total=yuan(used))
    assert rules.exposure(figures) == yuan(more)


@pytest.mark.parametrize("grade", ["A", "B"])
def test_2_5_3_1_c_a_grade_holds_on_its_last_day_and_is_c_the_day_after(grade: str) -> None:
    figures = replace(CLEAN, grade=grade, grade_until=TODAY)
    assert rules.effective_grade(figures, TODAY) == grade
    assert rules.effective_grade(figures, TODAY + timedelta(days=1)) == "C"
    assert rules.effective_limit(figures, TODAY + timedelta(days=1)) == ZERO


@pytest.mark.parametrize("grade", ["C", "D", "ungraded"])
def test_2_5_3_1_c_the_lower_grades_do_not_run_out(grade: str) -> None:
    assert rules.effective_grade(replace(CLEAN, grade=grade, grade_until=date(2020, 1, 1)), TODAY) == grade


@pytest.mark.parametrize(
    ("grade", "limit", "effective"),
    [
        ("A", "100.00", None),
        ("B", "100.00", "100.00"),
        ("B", None, "0.00"),
        ("C", "100.00", "0.00"),
        ("D", "100.00", "0.00"),
        ("ungraded", "100.00", "0.00"),
    ],
)
def test_2_5_3_2_the_limit_of_each_grade(grade: str, limit: str | None, effective: str | None) -> None:
    figures = replace(CLEAN, grade=grade, limit=yuan(limit) if limit else None)
    assert rules.effective_limit(figures, TODAY) == (yuan(effective) if effective else None)


@pytest.mark.parametrize(("due", "overdue"), [(None, False), (TODAY, False), (TODAY - timedelta(days=1), True)])
def test_5_4_2_1_b_nothing_is_overdue_on_the_due_date_itself(due: date | None, overdue: bool) -> None:
    assert rules.is_overdue(replace(CLEAN, next_due=due), TODAY) is overdue


LATE = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("changes", "on_credit", "road"),
    [
        ({}, "100.00", "within"),
        ({}, "100.01", "over"),
        ({"receivable": CENT}, "100.00", "over"),
        ({"next_due": LATE}, "100.00", "overdue"),
        ({"next_due": LATE}, "100.01", "over"),
        ({"grade": "A", "limit": None}, "99999999.99", "within"),
        ({"grade": "A", "limit": None, "next_due": LATE}, "0.01", "overdue"),
        ({"grade": "ungraded", "limit": ZERO}, "0.01", "over"),
        ({"grade": "C"}, "0.01", "cash_only"),
        ({"grade": "D"}, "0.01", "cash_only"),
        ({"grade": "D", "receivable": CENT}, "0.01", "debt_first"),
        ({"grade": "A", "hold": True}, "0.01", "hold"),
    ],
)
def test_5_4_2_1_c_and_5_2_5_3_2_the_roads(changes: dict[str, object], on_credit: str, road: Road) -> None:
    assert rules.road(replace(CLEAN, **changes), yuan(on_credit), TODAY) == road  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "value", "road"),
    [
        ({}, "60.00", "prepaid"),
        ({}, "60.01", "over"),
        ({"prepaid_used_total": CENT}, "60.00", "over"),
        ({"grade": "C"}, "60.00", "prepaid"),
        ({"grade": "D"}, "60.00", "prepaid"),
        ({"grade": "D", "receivable": CENT}, "60.00", "debt_first"),
        ({"hold": True}, "60.00", "hold"),
    ],
)
def test_5_4_2_2_b_each_prepaid_yuan_covers_once(changes: dict[str, object], value: str, road: Road) -> None:
    figures = replace(CLEAN, prepaid_total=yuan("60.00"), **changes)  # type: ignore[arg-type]
    assert rules.prepaid_road(figures, yuan(value)) == road


@pytest.mark.parametrize(
    ("changes", "approval", "allowed"),
    [
        ({}, Approval("within"), True),
        ({}, Approval("overdue", overdue=True), True),
        ({"next_due": LATE}, Approval("within"), False),
        ({"next_due": LATE}, Approval("overdue", overdue=True), True),
        ({"limit": yuan("59.99")}, Approval("within"), False),
        ({"limit": yuan("59.99")}, Approval("over", yuan("60.00")), True),
        ({"limit": yuan("59.99")}, Approval("over", yuan("59.99")), False),
        # over and overdue: reason and GM; his yes to the amount alone is no reason
        ({"limit": yuan("59.99"), "next_due": LATE}, Approval("over", yuan("60.00")), False),
        ({"limit": yuan("59.99"), "next_due": LATE}, Approval("over", yuan("60.00"), overdue=True), True),
        ({"limit": yuan("59.99"), "next_due": LATE}, Approval("over", yuan("59.99"), overdue=True), False),
        ({"limit": yuan("59.99"), "next_due": LATE}, Approval("over", yuan("60.00"), in_writing=True), True),
        ({"hold": True}, Approval("over", yuan("999.00"), in_writing=True), False),
    ],
)
def test_5_4_2_1_c_an_approval_covers_what_its_decider_saw_and_no_more(
    changes: dict[str, object], approval: Approval, allowed: bool
) -> None:
    figures = replace(CLEAN, **changes)  # type: ignore[arg-type]
    assert rules.may_release(figures, yuan("60.00"), approval, TODAY) is allowed


@pytest.mark.parametrize(
    ("value", "approval", "allowed"),
    [
        ("60.00", Approval("over", yuan("0.01"), in_writing=True), True),
        ("60.00", Approval("over", yuan("0.00"), in_writing=True), False),
        ("60.00", Approval("over", yuan("0.01")), False),
        ("60.01", Approval("over", yuan("0.01"), in_writing=True), False),
    ],
)
def test_2_5_3_2_d_with_debt_is_refused_unless_the_gms_written_exception_covers_the_debt(
    value: str, approval: Approval, allowed: bool
) -> None:
    figures = replace(CLEAN, grade="D", receivable=CENT, prepaid_total=yuan("60.00"))
    assert rules.may_release_prepaid(figures, yuan(value), approval) is allowed


@pytest.mark.parametrize("changes", [{"grade": "C"}, {"grade": "D"}, {"grade": "D", "receivable": CENT}])
def test_5_2_5_3_2_a_grade_that_fell_takes_the_gms_exception_in_writing(changes: dict[str, object]) -> None:
    figures = replace(CLEAN, **changes)  # type: ignore[arg-type]
    seen = rules.exposure(figures) + yuan("60.00")
    assert not rules.may_release(figures, yuan("60.00"), Approval("over", seen), TODAY)
    assert rules.may_release(figures, yuan("60.00"), Approval("over", seen, in_writing=True), TODAY)
    assert not rules.may_release(figures, yuan("60.00"), Approval("over", seen - CENT, in_writing=True), TODAY)


def test_5_4_2_1_c_the_reasons_name_everything_that_stands_in_the_way() -> None:
    assert slugs(CLEAN, "100.00") == ["within-limit"]
    assert slugs(replace(CLEAN, next_due=LATE), "100.01") == ["over-limit", "overdue"]
    assert slugs(replace(CLEAN, grade="C", next_due=LATE), "1.00") == ["grade-cash-only"]
    assert slugs(replace(CLEAN, grade="D", receivable=CENT), "1.00") == ["debt-first"]
    assert slugs(replace(CLEAN, hold=True), "1.00") == ["position-missing"]
    assert slugs(CLEAN, "0.00", "60.00") == ["prepayment-missing"]
    assert slugs(replace(CLEAN, prepaid_total=yuan("60.00")), "0.00", "60.00") == ["prepaid"]


def test_5_4_2_1_c_an_overdue_reason_counts_the_days() -> None:
    (reason,) = rules.reasons(replace(CLEAN, next_due=date(2026, 2, 1)), yuan("1.00"), ZERO, TODAY)
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
    if rules.may_release(owing, value, approval, today):
        assert rules.may_release(owing_less, value, approval, today)
        assert rules.may_release(owing, min(less, value), approval, today)
    if rules.may_release_prepaid(owing, value, approval):
        assert rules.may_release_prepaid(owing_less, value, approval)
    if rules.prepaid_road(owing, value) == "prepaid":
        assert rules.prepaid_road(owing_less, value) == "prepaid"


@given(data=st.data())
def test_the_reasons_are_never_empty_and_fit_the_road(
    data: st.DataObject, figures: Strategy[Figures], amounts: Strategy[Decimal], days: Strategy[date]
) -> None:
    drawn, value, today = data.draw(figures), data.draw(amounts), data.draw(days)
    first = {
        "hold": "position-missing",
        "debt_first": "debt-first",
        "cash_only": "grade-cash-only",
        "over": "over-limit",
        "overdue": "overdue",
        "within": "within-limit",
    }
    on_credit = [reason.type.slug for reason in rules.reasons(drawn, value, ZERO, today)]
    assert on_credit[0] == first[rules.road(drawn, value, today)]
    if value > 0:
        prepaid = [reason.type.slug for reason in rules.reasons(drawn, ZERO, value, today)]
        first |= {"over": "prepayment-missing", "prepaid": "prepaid"}
        assert prepaid[0] == first[rules.prepaid_road(drawn, value)]


@given(data=st.data())
def test_what_would_pass_passes(
    data: st.DataObject, figures: Strategy[Figures], amounts: Strategy[Decimal], days: Strategy[date]
) -> None:
    """Each remedy that a reason names is carried out, and the shipment then passes."""
    drawn, value, today = data.draw(figures), data.draw(amounts), data.draw(days)
    assume(value > 0)
    road = rules.road(drawn, value, today)
    seen = Approval("over", rules.exposure(drawn) + value, overdue=True)
    for reason in rules.reasons(drawn, value, ZERO, today):
        if reason.type.slug == "over-limit":
            room = Decimal(str(reason.params["room"]))
            if reason.type is rules.OVER_LIMIT:
                assert rules.road(drawn, room, today) in ("within", "overdue")
                assert rules.road(drawn, room + CENT, today) == "over"
            assert rules.may_release(drawn, value, seen, today)
            collected = replace(drawn, receivable=drawn.receivable - Decimal(str(reason.params["over_by"])))
            assert rules.road(collected, value, today) in ("within", "overdue")
        elif reason.type.slug == "overdue":
            assert rules.road(replace(drawn, next_due=None), value, today) == ("within" if road == "overdue" else road)
        elif reason.type.slug == "debt-first":
            cleared = replace(drawn, receivable=drawn.receivable - rules.exposure(drawn))
            assert rules.road(cleared, value, today) == "cash_only"
        if road in ("debt_first", "cash_only"):
            assert rules.may_release(drawn, value, replace(seen, in_writing=True), today)
        if road in ("over", "cash_only"):
            paid = replace(drawn, prepaid_total=max(drawn.prepaid_total, drawn.prepaid_used_total) + value)
            assert rules.prepaid_road(paid, value) == "prepaid"
