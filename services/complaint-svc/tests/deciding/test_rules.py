"""The rules on handling and closing on their boundaries."""

from datetime import date

import pytest

from complaint_svc.complaints.rules import ComplaintKind, Road
from complaint_svc.deciding import rules
from complaint_svc.deciding.policies import GRUMBLE_DECIDER
from fangxing.errors import DomainError
from fangxing.policies import check_value
from fangxing.roles import Role

MONDAY = date(2026, 3, 2)


def test_6_5_2_2_only_quality_owes_the_analysis() -> None:
    assert rules.missing_analysis(Road.QUALITY, None, "x") == "secondary_causes"
    assert rules.missing_analysis(Road.QUALITY, "x", None) == "improvement"
    assert rules.missing_analysis(Road.QUALITY, "x", "x") is None
    assert rules.missing_analysis(Road.CARRIER, None, None) is None


@pytest.mark.parametrize(
    ("kind", "with_returns", "responsible", "band"),
    [
        (ComplaintKind.GRUMBLE, False, Role.QUALITY, "plain_grumble"),
        (ComplaintKind.GRUMBLE, True, Role.QUALITY, "other"),
        (ComplaintKind.GRUMBLE, False, Role.SALES_MANAGER, "other"),
        (ComplaintKind.COMPLAINT, False, Role.QUALITY, "other"),
        (ComplaintKind.RETURN, False, Role.QUALITY, "other"),
        (ComplaintKind.CLAIM, False, Role.QUALITY, "other"),
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
    other = ["sales_manager", "quality", "general_manager"]
    for right in (
        {"plain_grumble": ["quality", "sales_manager"], "other": ["production", *other]},
        {"plain_grumble": ["sales_manager", "general_manager"], "other": other},
    ):
        assert check_value(GRUMBLE_DECIDER, right) == right
    for wrong in (
        {"plain_grumble": ["sales_manager"], "other": ["general_manager", "quality", "sales_manager"]},
        {"plain_grumble": [], "other": other},
        {"plain_grumble": ["quality"], "other": other},
        {"plain_grumble": ["gate_guard"], "other": other},
        {"other": other},
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
