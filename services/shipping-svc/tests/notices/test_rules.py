"""The rules of notices, each on its boundary."""

from datetime import date, timedelta

import pytest

from fangxing.ids import new_id
from fangxing.terms import TermsKind
from shipping_svc.notices import rules
from shipping_svc.notices.rules import MOVES, Kind, NoticeStatus
from shipping_svc.notices.words import WORDS

TODAY = date(2026, 3, 2)
LATE, IN_TIME = TODAY + timedelta(days=2), TODAY + timedelta(days=3)


@pytest.mark.parametrize(
    ("ship_on", "lead_days", "strict", "has_reason", "slug"),
    [
        (IN_TIME, 3, True, False, None),
        (LATE, 3, False, False, "short-notice"),
        (LATE, 3, False, True, None),
        (LATE, 3, True, True, "short-notice"),
        (LATE, 3, None, True, "short-notice"),
        (IN_TIME, None, False, False, "lead-days-unset"),
        (IN_TIME, None, False, True, None),
        (IN_TIME, None, True, True, "lead-days-unset"),
    ],
)
def test_5_4_2_1_a_a_late_notice_needs_its_reason_and_the_policy_to_let_it_count(
    ship_on: date, lead_days: int | None, strict: bool | None, has_reason: bool, slug: str | None
) -> None:
    reason = rules.why_too_late(TODAY, ship_on, lead_days=lead_days, strict=strict, has_reason=has_reason)
    assert (reason.type.slug if reason else None) == slug


@pytest.mark.parametrize("terms", list(TermsKind))
def test_5_4_1_prepaid_is_never_looser_and_regular_only_fits_credit(terms: TermsKind) -> None:
    assert rules.why_too_loose(Kind.PREPAID, terms) is None
    assert (rules.why_too_loose(Kind.REGULAR, terms) is None) == (terms is TermsKind.CREDIT)


def test_4_orders_a_line_is_named_once() -> None:
    first, second = new_id(), new_id()
    assert rules.named_twice([first, second]) is None
    assert rules.named_twice([first, second, first]) == first


@pytest.mark.parametrize(
    ("kind", "prepaid_by", "own"),
    [
        (Kind.PREPAID, ["cashier"], True),
        (Kind.PREPAID, ["second", "principal"], True),
        (Kind.PREPAID, ["second"], False),
        (Kind.PREPAID, [], False),
        (Kind.REGULAR, ["cashier"], False),
    ],
)
def test_1_3_a_reviewer_or_whom_he_stands_in_for_entered_the_money(
    kind: Kind, prepaid_by: list[str], own: bool
) -> None:
    assert rules.is_own_prepayment(kind, prepaid_by, frozenset({"cashier", "principal"})) is own


def test_every_state_of_a_notice_has_its_words() -> None:
    assert WORDS.states.keys() == set(NoticeStatus)
    assert WORDS.actions.keys() == set(MOVES)
