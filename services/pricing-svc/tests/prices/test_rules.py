"""3-7.1.2: the difference of two base prices."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pricing_svc.prices import rules


def test_3_7_1_2_difference() -> None:
    assert rules.difference(Decimal("8000.00"), Decimal("7999.20")) == rules.Difference(
        Decimal("-0.80"), Decimal("-0.01")
    )
    assert rules.difference(Decimal("8000.00"), Decimal("8000.39")).percent == Decimal("0.00")
    assert rules.difference(Decimal("8000.00"), Decimal("8000.40")).percent == Decimal("0.01")


@given(st.decimals("0.01", "99999.99", places=2), st.decimals("0.01", "99999.99", places=2))
def test_3_7_1_2_difference_adds_up(old: Decimal, new: Decimal) -> None:
    assert old + rules.difference(old, new).amount == new
