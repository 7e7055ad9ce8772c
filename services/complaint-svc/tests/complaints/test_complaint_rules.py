"""The rules of chapter 6 on their boundaries."""

from datetime import date

import pytest

from complaint_svc.complaints import rules
from complaint_svc.complaints.policies import GRUMBLE_DECIDER
from complaint_svc.complaints.rules import ComplaintKind, Road
from fangxing.errors import DomainError
from fangxing.policies import check_value
from fangxing.roles import Role

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("road", "role"),
    [
        ("quality", Role.QUALITY),
        ("technique", Role.PRODUCTION),
        ("sales", Role.SALES_MANAGER),
        ("usage", Role.SALES_REP),
        ("carrier", Role.SALES_REP),
    ],
)
def test_6_5_1_2_each_road_has_its_responsible_party(road: Road, role: Role) -> None:
    assert rules.responsible_role(road) is role


def test_6_5_2_3_the_customers_own_date_wins_and_no_policy_means_today() -> None:
    assert rules.answer_due(MONDAY, date(2026, 3, 4), 7) == date(2026, 3, 4)
    assert rules.answer_due(MONDAY, None, 7) == date(2026, 3, 9)
    assert rules.answer_due(MONDAY, None, None) == MONDAY


def test_6_5_2_2_only_quality_owes_the_analysis() -> None:
    assert rules.missing_analysis("quality", None, "x") == "secondary_causes"
    assert rules.missing_analysis("quality", "x", None) == "improvement"
    assert rules.missing_analysis("quality", "x", "x") is None
    assert rules.missing_analysis("carrier", None, None) is None


@pytest.mark.parametrize(
    ("kind", "with_returns", "responsible", "band"),
    [
        ("grumble", False, Role.QUALITY, "plain_grumble"),
        ("grumble", True, Role.QUALITY, "other"),
        ("grumble", False, Role.SALES_MANAGER, "other"),
        ("complaint", False, Role.QUALITY, "other"),
        ("return", False, Role.QUALITY, "other"),
        ("claim", False, Role.QUALITY, "other"),
    ],
)
def test_6_5_2_1_only_a_plain_grumble_passes_by_the_general_manager(
    kind: ComplaintKind, with_returns: bool, responsible: Role, band: str
) -> None:
    decided = rules.decision_band(
        kind, with_returns=with_returns, responsible=responsible, grumble_deciders=[Role.SALES_MANAGER]
    )
    assert decided == band


def test_6_5_2_1_no_policy_takes_the_last_word_from_the_general_manager() -> None:
    longer = {"plain_grumble": ["quality"], "other": ["sales_manager", "general_manager"]}
    assert check_value(GRUMBLE_DECIDER, longer) == longer
    for wrong in (
        {"plain_grumble": ["sales_manager"], "other": ["sales_manager"]},
        {"plain_grumble": [], "other": ["general_manager"]},
        {"plain_grumble": ["gate_guard"], "other": ["general_manager"]},
        {"other": ["general_manager"]},
    ):
        with pytest.raises(DomainError, match="policy-value-invalid"):
            check_value(GRUMBLE_DECIDER, wrong)


def test_6_5_3_closes_on_the_day_of_the_approval_and_not_the_day_before() -> None:
    def allowed(told: date, approved: date | None = MONDAY, open_returns: tuple[str, ...] = ()) -> bool:
        return rules.closing_verdict(
            approved_on=approved, told_on=told, open_returns=open_returns, today=MONDAY
        ).allowed

    assert allowed(MONDAY)
    assert not allowed(date(2026, 3, 1))
    assert not allowed(MONDAY, approved=None)
    assert not allowed(MONDAY, open_returns=("KF-2026-00001-R1",))
