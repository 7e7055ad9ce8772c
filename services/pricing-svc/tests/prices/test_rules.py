"""3-5 to 3-7: what a proposal needs, who decides, and from when the price is in force."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangxing.approvals import Route
from fangxing.errors import DomainError
from fangxing.policies import check_value
from fangxing.roles import Role
from pricing_svc.authority.policies import AUTHORITY_ROUTES
from pricing_svc.prices import rules
from pricing_svc.prices.policies import COMMITTEE, NEW_PRODUCT_ROUTES, PRICE_CHANGE_ROUTES
from pricing_svc.routes import without_own_step

TODAY = date(2026, 3, 2)
ROUTE = Route("with_committee", (Role.SALES_MANAGER, Role.PRICE_COMMITTEE, Role.GENERAL_MANAGER), "1-3.8", "r", 1)


def version(price: str, status: rules.Status = "standard", *, days: int = 0) -> rules.Version:
    """A version in force from `days` after today."""
    return rules.Version(1, Decimal(price), status, TODAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("committee", "latest", "band"),
    [
        (True, None, "with_committee"),
        (False, None, "without_committee"),
        (False, version("1.00"), "without_committee"),
        # an initial price becomes standard through the committee alone (3-6)
        (False, version("1.00", "initial"), "with_committee"),
        # a policy without a value fails closed
        (None, version("1.00"), "with_committee"),
    ],
)
def test_1_3_8_the_committee_band(committee: bool | None, latest: rules.Version | None, band: rules.Band) -> None:
    assert rules.band_of(committee, latest) == band


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


@pytest.mark.parametrize(
    ("price", "reason", "evidence", "missing"),
    [
        (Decimal(1), "strategy", "seen", None),
        (None, "strategy", "seen", "base_price"),
        (Decimal(1), None, "seen", "reason"),
        (Decimal(1), "strategy", None, "evidence"),
    ],
)
def test_3_7_1_1_a_change_needs_price_reason_and_evidence(
    price: Decimal | None, reason: rules.Reason | None, evidence: str | None, missing: str | None
) -> None:
    assert rules.missing_in_change(price, reason, evidence) == missing


@pytest.mark.parametrize(
    ("price", "status", "latest", "changes"),
    [
        ("100.00", "standard", None, True),
        ("100.00", "standard", version("100.00"), False),
        ("100.01", "standard", version("100.00"), True),
        ("100.00", "standard", version("100.00", "initial"), True),
        # in force from tomorrow only: the same price today is a change
        ("100.00", "standard", version("100.00", days=1), True),
    ],
)
def test_3_7_1_2_the_same_price_is_no_change(
    price: str, status: rules.Status, latest: rules.Version | None, changes: bool
) -> None:
    assert rules.changes_something(Decimal(price), status, latest, TODAY) is changes


def test_3_7_2_never_in_force_before_the_gm() -> None:
    tomorrow, yesterday = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
    assert rules.takes_effect(None, TODAY) == TODAY
    assert rules.takes_effect(TODAY, TODAY) == TODAY
    assert rules.takes_effect(yesterday, TODAY) == TODAY
    assert rules.takes_effect(tomorrow, TODAY) == tomorrow


def test_3_6_who_starts_what() -> None:
    assert rules.started_as("adjustment", {Role.ACCOUNTANT}) is Role.ACCOUNTANT
    assert rules.started_as("new_product", {Role.ACCOUNTANT}) is None
    assert rules.started_as("new_product", {Role.PRODUCTION}) is None
    assert rules.started_as("new_product", {Role.SALES_REP, Role.SALES_MANAGER}) is Role.SALES_MANAGER
    assert rules.started_as("adjustment", {Role.QUALITY}) is None


def test_3_6_both_opinions_and_the_status_that_follows() -> None:
    assert rules.missing_opinions([]) == ["finance", "production"]
    assert rules.missing_opinions(["production"]) == ["finance"]
    assert rules.missing_opinions(["production", "finance"]) == []
    assert rules.status_after("new_product") == "initial"
    assert rules.status_after("adjustment") == "standard"


def test_3_7_1_2_difference() -> None:
    assert rules.difference(Decimal("8000.00"), Decimal("7999.20")) == rules.Difference(
        Decimal("-0.80"), Decimal("-0.01")
    )
    assert rules.difference(Decimal("8000.00"), Decimal("8000.39")).percent == Decimal("0.00")
    assert rules.difference(Decimal("8000.00"), Decimal("8000.40")).percent == Decimal("0.01")


@given(st.decimals("0.01", "99999.99", places=2), st.decimals("0.01", "99999.99", places=2))
def test_3_7_1_2_difference_adds_up(old: Decimal, new: Decimal) -> None:
    assert old + rules.difference(old, new).amount == new
