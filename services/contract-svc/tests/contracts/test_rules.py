"""The rules of contracts on their boundaries."""

from datetime import date
from decimal import Decimal

import pytest

from contract_svc.contracts import rules
from contract_svc.contracts.rules import ContractStatus, Duration
from contract_svc.contracts.words import WORDS
from contract_svc.reference.rules import Terms
from fangxing.terms import TermsKind

D = Decimal


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "term"),
    [
        (date(2026, 1, 1), date(2026, 6, 30), Duration.LONG),  # six months to the day
        (date(2026, 1, 1), date(2026, 6, 29), Duration.SHORT),  # a day short
        (date(2026, 1, 15), date(2026, 7, 14), Duration.LONG),
        (date(2026, 1, 15), date(2026, 7, 13), Duration.SHORT),
        (date(2025, 8, 31), date(2026, 2, 27), Duration.LONG),  # 31 August + 6 months is clipped to 28 February
        (date(2025, 8, 31), date(2026, 2, 26), Duration.SHORT),
        (date(2026, 1, 1), date(2026, 1, 1), Duration.SHORT),
    ],
)
def test_long_or_short_4_4_1_1_1(starts_on: date, ends_on: date, term: Duration) -> None:
    """4-4.1.1-1: six months or more is long."""
    assert rules.duration(starts_on, ends_on) is term


def test_total_rounds_each_line_to_the_cent_4_4_2_1() -> None:
    """4-4.2.1: 0.333 t at 10.01 is 3.33333, so 3.33; the total adds what the lines show."""
    assert rules.total_of([(D("0.333"), D("10.01"))] * 3) == D("9.99")


@pytest.mark.parametrize(
    ("kind", "days", "whole"),
    [
        (TermsKind.CREDIT, 1, True),
        (TermsKind.CREDIT, 0, False),
        (TermsKind.PREPAID, 0, True),
        (TermsKind.PREPAID, 1, False),
        (TermsKind.CASH_ON_DELIVERY, 0, True),
        (TermsKind.CASH_ON_DELIVERY, 1, False),
    ],
)
def test_days_go_with_credit_alone_4_4_2_4(kind: TermsKind, days: int, whole: bool) -> None:
    """4-4.2.4: a term of credit has days; cash on the spot and cash on delivery have none."""
    assert rules.are_whole(Terms(kind, days)) is whole


def test_left_of_a_line_4_orders() -> None:
    """4-orders: the tolerance to the kilogram below; never less than nothing."""
    assert rules.left_of(D("0.333"), D("0"), D("1.00")) == D("0.336")  # 0.33633, to the kilogram below
    assert rules.left_of(D("10.000"), D("10.500"), D("0.00")) == D("0.000")  # a tolerance taken back


def test_every_state_has_a_name() -> None:
    assert WORDS.states.keys() == set(ContractStatus)
