"""3-5 to 3-7: who may propose, what a proposal needs, and which route it takes."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from fangxing.roles import Role
from pricing_svc.prices.rules import PriceStatus, Version
from pricing_svc.products.rules import Flow
from pricing_svc.proposals import rules
from pricing_svc.proposals.rules import MOVES, ProposalAction, ProposalStatus, Reason, RouteBand, Side

TODAY = date(2026, 3, 2)


def version(price: str, status: PriceStatus = PriceStatus.STANDARD, *, days: int = 0) -> Version:
    """A version in force from `days` after today."""
    return Version(1, Decimal(price), status, TODAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("committee", "latest", "band"),
    [
        (True, None, RouteBand.WITH_COMMITTEE),
        (False, None, RouteBand.WITHOUT_COMMITTEE),
        (False, version("1.00"), RouteBand.WITHOUT_COMMITTEE),
        # an initial price becomes standard through the committee alone (3-6)
        (False, version("1.00", PriceStatus.INITIAL), RouteBand.WITH_COMMITTEE),
        # a policy without a value fails closed
        (None, version("1.00"), RouteBand.WITH_COMMITTEE),
    ],
)
def test_1_3_8_the_committee_band(committee: bool | None, latest: Version | None, band: RouteBand) -> None:
    assert rules.band_of(committee, latest) == band


@pytest.mark.parametrize(
    ("price", "reason", "evidence", "missing"),
    [
        (Decimal(1), Reason.STRATEGY, "seen", None),
        (None, Reason.STRATEGY, "seen", "base_price"),
        (Decimal(1), None, "seen", "reason"),
        (Decimal(1), Reason.STRATEGY, None, "evidence"),
    ],
)
def test_3_7_1_1_a_change_needs_price_reason_and_evidence(
    price: Decimal | None, reason: Reason | None, evidence: str | None, missing: str | None
) -> None:
    assert rules.missing_in_change(price, reason, evidence) == missing


@pytest.mark.parametrize(
    ("price", "status", "latest", "changes"),
    [
        ("100.00", PriceStatus.STANDARD, None, True),
        ("100.00", PriceStatus.STANDARD, version("100.00"), False),
        ("100.01", PriceStatus.STANDARD, version("100.00"), True),
        ("100.00", PriceStatus.STANDARD, version("100.00", PriceStatus.INITIAL), True),
        # in force from tomorrow only: the same price today is a change
        ("100.00", PriceStatus.STANDARD, version("100.00", days=1), True),
    ],
)
def test_3_7_1_2_the_same_price_is_no_change(
    price: str, status: PriceStatus, latest: Version | None, changes: bool
) -> None:
    assert rules.changes_something(Decimal(price), status, latest, TODAY) is changes


def test_3_6_who_starts_what() -> None:
    assert rules.started_as(Flow.ADJUSTMENT, {Role.ACCOUNTANT}) is Role.ACCOUNTANT
    assert rules.started_as(Flow.NEW_PRODUCT, {Role.ACCOUNTANT}) is None
    assert rules.started_as(Flow.NEW_PRODUCT, {Role.PRODUCTION}) is None
    assert rules.started_as(Flow.NEW_PRODUCT, {Role.SALES_REP, Role.SALES_MANAGER}) is Role.SALES_MANAGER
    assert rules.started_as(Flow.ADJUSTMENT, {Role.QUALITY}) is None


def test_3_6_both_opinions_and_the_status_that_follows() -> None:
    assert rules.missing_opinions([]) == [Side.FINANCE, Side.PRODUCTION]
    assert rules.missing_opinions([Side.PRODUCTION]) == [Side.FINANCE]
    assert rules.missing_opinions([Side.PRODUCTION, Side.FINANCE]) == []
    assert rules.status_after(Flow.NEW_PRODUCT) is PriceStatus.INITIAL
    assert rules.status_after(Flow.ADJUSTMENT) is PriceStatus.STANDARD


def test_3_6_what_may_be_submitted_and_what_given_up() -> None:
    states = {action: [one for one in ProposalStatus if one in MOVES[action].from_] for action in ProposalAction}
    assert states[ProposalAction.SUBMIT] == [ProposalStatus.DRAFT, ProposalStatus.RETURNED]
    assert states[ProposalAction.WITHDRAW] == [ProposalStatus.OPINIONS, ProposalStatus.DRAFT, ProposalStatus.RETURNED]
