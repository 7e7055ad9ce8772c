"""The rules of call-offs on their boundaries."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_svc.contracts.rules import ContractStatus, left_of
from contract_svc.orders import rules

D = Decimal
TODAY = date(2026, 3, 2)


def slugs(
    *,
    asked: str = "1.000",
    ordered: str = "0.000",
    status: ContractStatus = ContractStatus.APPROVED,
    deliver_on: date = date(2026, 3, 20),
    today: date = TODAY,
    tolerance: str | None = "0.00",
) -> list[str]:
    line = rules.AskedLine(1, "DTY", D("10.000"), D(ordered), D(asked))
    facts = rules.CallOffFacts("HT-1", status, date(2026, 3, 1), date(2026, 3, 31), deliver_on, [line])
    return [reason.type.slug for reason in rules.refusals(facts, today, D(tolerance) if tolerance else None)]


def test_never_beyond_the_line_4_orders() -> None:
    """4-orders: exactly what is left passes, a kilogram more does not."""
    assert slugs(asked="10.000") == []
    assert slugs(asked="10.001") == ["beyond-contract"]
    assert slugs(asked="4.000", ordered="6.000") == []
    assert slugs(asked="4.001", ordered="6.000") == ["beyond-contract"]
    assert slugs(asked="0.001", ordered="10.000") == ["beyond-contract"]


def test_tolerance_4_orders() -> None:
    """4-orders: within its tolerance, the edge included; without a policy there is none."""
    assert slugs(asked="10.500", tolerance="5.00") == []
    assert slugs(asked="10.501", tolerance="5.00") == ["beyond-contract"]
    assert slugs(asked="10.001", tolerance=None) == ["beyond-contract"]


@pytest.mark.parametrize(
    ("deliver_on", "today", "found"),
    [
        (date(2026, 3, 31), TODAY, []),  # the last day
        (date(2026, 4, 1), TODAY, ["outside-contract-dates"]),
        (date(2026, 3, 1), date(2026, 2, 20), []),  # the first day
        (date(2026, 2, 28), date(2026, 2, 20), ["outside-contract-dates"]),
        (TODAY, TODAY, []),
        (date(2026, 3, 1), TODAY, ["delivery-date-passed"]),
    ],
)
def test_within_the_contracts_dates_4_orders(deliver_on: date, today: date, found: list[str]) -> None:
    """4-orders: both end dates are within; an order is not delivered before it is made."""
    assert slugs(deliver_on=deliver_on, today=today) == found


@pytest.mark.parametrize("status", [status for status in ContractStatus if status is not ContractStatus.APPROVED])
def test_only_a_signed_contract_4_4_2_1(status: ContractStatus) -> None:
    """4-4.2.1: a contract is in force once signed."""
    assert slugs(status=status) == ["contract-not-approved"]


@given(lines=st.lists(st.integers(0, 5), max_size=8))
def test_each_line_is_named_once_4_orders(lines: list[int]) -> None:
    """4-orders: the first repetition is found, and only a repetition."""
    place = rules.named_again([UUID(int=line) for line in lines])
    assert (place is None) is (len(set(lines)) == len(lines))
    if place is not None:
        assert lines[place] in lines[:place]
        assert len(set(lines[:place])) == place


@given(
    tons=st.decimals("0.001", "1000", places=3),
    tolerance=st.none() | st.decimals(0, 20, places=2),
    wanted=st.lists(st.decimals("0.001", "600", places=3), max_size=30),
)
def test_call_offs_never_exceed_the_contract_4_orders(
    tons: Decimal, tolerance: Decimal | None, wanted: list[Decimal]
) -> None:
    """4-orders: whatever is asked in whatever order, what is confirmed stays within the line and its tolerance."""
    ordered = D("0.000")
    for asked in wanted:
        before = left_of(tons, ordered, tolerance)
        line = rules.AskedLine(1, "p", tons, ordered, asked)
        facts = rules.CallOffFacts("c", ContractStatus.APPROVED, TODAY, TODAY, TODAY, [line])
        refused = rules.refusals(facts, TODAY, tolerance)
        assert bool(refused) is (asked > before)
        if refused:
            assert refused[0].params["left"] == before
        else:
            ordered += asked
        assert ordered <= tons * (100 + (tolerance or 0)) / 100
