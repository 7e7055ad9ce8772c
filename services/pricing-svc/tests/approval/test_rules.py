"""3-7.2: the GM has the last word, and nothing is in force before it."""

from datetime import date, timedelta

import pytest

from fangxing.errors import DomainError
from fangxing.policies import check_value
from pricing_svc.approval import rules
from pricing_svc.authority.policies import AUTHORITY_ROUTES
from pricing_svc.proposals.policies import COMMITTEE, NEW_PRODUCT_ROUTES, PRICE_CHANGE_ROUTES

TODAY = date(2026, 3, 2)
WITH = {"with_committee": ["sales_manager", "price_committee", "general_manager"]}
WITHOUT = {"without_committee": ["sales_manager", "general_manager"]}


@pytest.mark.parametrize(
    ("policy", "value"),
    [
        (PRICE_CHANGE_ROUTES, {**WITH, "without_committee": ["sales_manager"]}),
        (PRICE_CHANGE_ROUTES, {**WITH, "without_committee": []}),
        (PRICE_CHANGE_ROUTES, {**WITH, "without_committee": ["general_manager", "sales_manager"]}),
        (PRICE_CHANGE_ROUTES, {**WITH, "without_committee": ["general_manager", "general_manager"]}),
        (PRICE_CHANGE_ROUTES, {**WITH, "without_committee": ["gate_guard", "general_manager"]}),
        (PRICE_CHANGE_ROUTES, {**WITHOUT, "with_committee": ["sales_manager", "general_manager"]}),
        (PRICE_CHANGE_ROUTES, {**WITH, **WITHOUT, "nobody": ["general_manager"]}),
        (PRICE_CHANGE_ROUTES, WITH),
        # nor whom else the manual calls for
        (PRICE_CHANGE_ROUTES, {**WITH, "without_committee": ["general_manager"]}),
        (AUTHORITY_ROUTES, {"table": ["general_manager"]}),
        (NEW_PRODUCT_ROUTES, {"new_product": ["general_manager"]}),
        (NEW_PRODUCT_ROUTES, {"new_product": ["sales_manager"]}),
        (AUTHORITY_ROUTES, {"table": ["price_committee"]}),
        (COMMITTEE, "no"),
        (COMMITTEE, 0),
    ],
)
def test_3_7_2_no_policy_takes_the_gm_off_a_route(policy: object, value: object) -> None:
    with pytest.raises(DomainError, match="policy-value-invalid"):
        check_value(policy, value)  # type: ignore[arg-type]


def test_3_7_2_a_route_may_be_longer() -> None:
    longer = ["sales_manager", "finance_manager", "general_manager"]
    check_value(PRICE_CHANGE_ROUTES, {**WITH, "without_committee": longer})
    check_value(AUTHORITY_ROUTES, {"table": ["sales_manager", "price_committee", "general_manager"]})


def test_3_7_2_never_in_force_before_the_gm() -> None:
    tomorrow, yesterday = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
    assert rules.takes_effect(None, TODAY) == TODAY
    assert rules.takes_effect(TODAY, TODAY) == TODAY
    assert rules.takes_effect(yesterday, TODAY) == TODAY
    assert rules.takes_effect(tomorrow, TODAY) == tomorrow


def test_3_7_1_2_only_a_day_before_today_is_backdated() -> None:
    assert rules.backdated(TODAY - timedelta(days=1), TODAY)
    assert not rules.backdated(TODAY, TODAY)
    assert not rules.backdated(None, TODAY)
