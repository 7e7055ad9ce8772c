"""Who decides about a breach, and how far a fine goes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangxing.breaches.rules import (
    COMPANY,
    MOVES,
    OPENERS,
    AppealOutcome,
    BreachAction,
    Finding,
    Fines,
    decider_of,
    decision_verdict,
    judge_of,
    judgement_verdict,
)
from fangxing.phone.rules import Bound, Closing, Word, WordStatus, channel_verdict, use_verdict
from fangxing.roles import Role

FINES = Fines(Decimal("50.00"), Decimal("500.00"))
SALES, GM, AUDIT, FINANCE = Role.SALES_MANAGER, Role.GENERAL_MANAGER, Role.AUDIT_MANAGER, Role.FINANCE_MANAGER


@pytest.mark.parametrize(
    ("acted_as", "opened_as", "decider", "judge"),
    [
        (Role.SALES_REP, (), SALES, GM),
        (SALES, (), GM, AUDIT),
        (GM, (), AUDIT, FINANCE),
        (AUDIT, (), GM, FINANCE),
        # who entered it does not decide, nor judge if another one is left
        (Role.SALES_REP, (SALES,), GM, AUDIT),
        (Role.SALES_REP, (GM,), SALES, AUDIT),
        (Role.SALES_REP, (SALES, GM), AUDIT, FINANCE),
    ],
)
def test_3_10_the_deciders_own_is_the_gms_and_the_gms_own_the_auditors(
    acted_as: Role, opened_as: tuple[Role, ...], decider: Role, judge: Role
) -> None:
    found = decider_of(SALES, acted_as, opened_as)
    assert (found, judge_of(found, acted_as, opened_as)) == (decider, judge)


@given(
    named=st.sampled_from([SALES, GM]),
    acted_as=st.sampled_from(Role),
    opened_as=st.frozensets(st.sampled_from(sorted(OPENERS))),
)
def test_3_10_nobody_decides_or_judges_in_his_own_role_and_the_judge_is_another(
    named: Role, acted_as: Role, opened_as: frozenset[Role]
) -> None:
    decider = decider_of(named, acted_as, opened_as)
    judge = judge_of(decider, acted_as, opened_as)
    assert acted_as not in (decider, judge)
    assert judge is not decider
    assert decider in MOVES[BreachAction.DECIDE].roles
    assert judge in COMPANY


@pytest.mark.parametrize(("fine", "allowed"), [("49.99", False), ("50.00", True), ("500.00", True), ("500.01", False)])
def test_3_10_a_fine_is_within_the_clauses_range_both_ends_included(fine: str, allowed: bool) -> None:
    verdict = decision_verdict("3-10", FINES, Finding.FINE, Decimal(fine))
    assert (verdict.allowed, verdict.clauses) == (allowed, ["3-10"])
    assert verdict.outcome == ("fined" if allowed else "refused")


@pytest.mark.parametrize(
    ("fines", "finding", "outcome", "slug"),
    [
        (None, Finding.FINE, "refused", "fine-not-named"),
        (None, Finding.CONFIRM, "confirmed", "breach-confirmed"),
        (None, Finding.WAIVE, "waived", "breach-waived"),
        (FINES, Finding.CONFIRM, "refused", "fine-or-waive"),
        (FINES, Finding.WAIVE, "waived", "breach-waived"),
    ],
)
def test_5_4_2_5_a_clause_without_a_range_is_decided_without_a_fine(
    fines: Fines | None, finding: Finding, outcome: str, slug: str
) -> None:
    verdict = decision_verdict("5-4.2.5", fines, finding, Decimal("60.00") if finding is Finding.FINE else None)
    assert (verdict.outcome, verdict.reasons[0].type.slug, verdict.clauses) == (outcome, slug, ["5-4.2.5"])


@pytest.mark.parametrize(
    ("fine", "slug"),
    [
        (None, "fine-upheld"),
        ("200.00", "fine-upheld"),
        ("50.00", "fine-upheld"),
        ("49.99", "fine-outside"),
        ("200.01", "fine-raised"),
    ],
)
def test_3_10_an_appeal_upholds_or_lowers_within_the_range_and_never_raises(fine: str | None, slug: str) -> None:
    asked = Decimal(fine) if fine else None
    verdict = judgement_verdict("3-10", FINES, AppealOutcome.UPHOLD, asked, Decimal("200.00"))
    assert verdict.reasons[0].type.slug == slug


NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def word(**more: object) -> Word:
    facts: dict[str, object] = {
        "name": "phone-word/1",
        "clause": "3-8.2-B",
        "author": "wang",
        "status": WordStatus.GIVEN,
        "papers_missed": False,
        "bound": Bound.MOST_TONS,
        "limit": Decimal("10.000"),
        "once": False,
        "about": None,
        "expires_at": NOON + timedelta(hours=1),
        "used": {},
        **more,
    }
    return Word(**facts)  # type: ignore[arg-type]


def used(given: Word, figure: str, *, document: str = "q/1", at: datetime = NOON, by: str = "wang") -> str:
    return use_verdict(given, {by}, document, Decimal(figure), at).reasons[0].type.slug


COVERED, BEYOND = "phone-word-covers", "phone-word-beyond"


def test_3_8_2_b_tons_and_yuan_are_bounded_together_a_price_from_below() -> None:
    others = {"q/2": Decimal("4.000")}
    assert used(word(used=others), "6.000") == COVERED
    assert used(word(used=others), "6.001") == BEYOND
    # asked again for the same document the new figure stands for the old one
    assert used(word(used={"q/1": Decimal("9.000")}), "10.000") == COVERED
    price = word(bound=Bound.LEAST_PRICE, limit=Decimal("9000.00"), used=others)
    assert used(price, "9000.00") == COVERED
    assert used(price, "8999.99") == BEYOND


@pytest.mark.parametrize(
    ("more", "asked", "slug"),
    [
        ({}, {"at": NOON + timedelta(minutes=59)}, COVERED),
        ({}, {"at": NOON + timedelta(hours=1)}, "phone-word-expired"),
        ({}, {"by": "zhao"}, "phone-word-not-yours"),
        ({"status": WordStatus.DENIED}, {}, "phone-word-ended"),
        ({"status": WordStatus.WITHDRAWN}, {}, "phone-word-ended"),
        ({"about": "q/2"}, {}, "phone-word-for-another"),
        ({"about": "q/1"}, {}, COVERED),
        ({"once": True, "used": {"q/2": Decimal("1.000")}}, {}, "phone-word-used"),
        ({"papers_missed": True}, {}, "phone-word-papers-missed"),
        ({"papers_missed": True, "status": WordStatus.SETTLED}, {}, COVERED),
    ],
)
def test_3_8_2_b_a_word_covers_its_person_its_document_once_and_until_it_expires(
    more: dict[str, object], asked: dict[str, object], slug: str
) -> None:
    assert used(word(**more), "1.000", **asked) == slug  # type: ignore[arg-type]


def test_5_4_2_5_a_closed_channel_says_which_breach_and_how_it_is_cured() -> None:
    closing = Closing("phone-word/1", "breach/2", "gm", denied=False)
    verdict = channel_verdict("5-4.2.5", "manager", closing)
    content = verdict.content()
    assert (verdict.allowed, verdict.clauses) == (False, ["5-4.2.5"])
    assert "breach/2" in str(content)
    assert "have gm confirm it in person" in str(content)
    assert channel_verdict("5-4.2.5", "manager", None).allowed
