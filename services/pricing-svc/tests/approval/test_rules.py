"""3-7.2: the GM has the last word, and nothing is in force before it."""

from datetime import date, timedelta

import pytest

from fangxing.approvals import Route
from fangxing.errors import DomainError
from fangxing.policies import check_value
from fangxing.roles import Role
from pricing_svc.approval import rules
from pricing_svc.approval.routing import without_own_step
from pricing_svc.authority.policies import AUTHORITY_ROUTES
from pricing_svc.proposals.policies import COMMITTEE, NEW_PRODUCT_ROUTES, PRICE_CHANGE_ROUTES

TODAY = date(2026, 3, 2)
ROUTE = Route("with_committee", (Role.SALES_MANAGER, Role.PRICE_COMMITTEE, Role.GENERAL_MANAGER), "1-3.8", "r", 1)


def test_1_3_1_the_sales_managers_own_step_is_dropped_and_no_other() -> None:
    assert without_own_step(ROUTE, frozenset({Role.SALES_REP})) == ROUTE
    manager = frozenset({Role.SALES_MANAGER, Role.SALES_REP})
    assert without_own_step(ROUTE, manager).roles == (Role.PRICE_COMMITTEE, Role.GENERAL_MANAGER)
    both = frozenset({Role.SALES_MANAGER, Role.GENERAL_MANAGER, Role.PRICE_COMMITTEE})
    assert without_own_step(ROUTE, both).roles == (Role.PRICE_COMMITTEE, Role.GENERAL_MANAGER)


@pytest.mark.parametrize(
    ("policy", "value"),
    [
        (PRICE_CHANGE_ROUTES, {"without_committee": ["sales_manager"]}),
        (PRICE_CHANGE_ROUTES, {"without_committee": []}),
        (PRICE_CHANGE_ROUTES, {"without_committee": ["general_manager", "sales_manager"]}),
        (PRICE_CHANGE_ROUTES, {"without_committee": ["general_manager", "general_manager"]}),
        (PRICE_CHANGE_ROUTES, {"without_committee": ["gate_guard", "general_manager"]}),
        (PRICE_CHANGE_ROUTES, {"with_committee": ["sales_manager", "general_manager"]}),
        (PRICE_CHANGE_ROUTES, {"nobody": ["general_manager"]}),
        (NEW_PRODUCT_ROUTES, {"new_product": ["sales_manager"]}),
        (AUTHORITY_ROUTES, {"table": ["price_committee"]}),
        (COMMITTEE, "no"),
        (COMMITTEE, 0),
    ],
)
def test_3_7_2_no_policy_takes_the_gm_off_a_route(policy: object, value: object) -> None:
    with pytest.raises(DomainError, match="policy-value-invalid"):
        check_value(policy, value)  # type: ignore[arg-type]


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
