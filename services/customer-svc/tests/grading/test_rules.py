"""The pure rules of grades and limits on their bounds (2-5.3.1, 2-5.4.4)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_svc.accounts.rules import Credit, effective_limit
from customer_svc.grading.rules import is_more_credit, limit_fits_grade
from fangxing.positions import Grade

CENT, NOTHING = Decimal("0.01"), Decimal("0.00")


def credit(grade: Grade, limit: Decimal | None) -> Credit:
    return Credit(grade, effective_limit(grade, limit))


@pytest.mark.parametrize("grade", Grade)
def test_2_5_3_1_b_a_limit_of_a_cent_or_more_goes_with_b_alone(grade: Grade) -> None:
    assert limit_fits_grade(grade, CENT) == (grade is Grade.B)
    assert limit_fits_grade(grade, None) == (grade is not Grade.B)
    assert not limit_fits_grade(grade, NOTHING)


@pytest.mark.parametrize(
    ("old", "new", "more"),
    [
        ((Grade.UNGRADED, NOTHING), (Grade.B, CENT), True),
        ((Grade.B, CENT), (Grade.B, Decimal("0.02")), True),
        ((Grade.B, CENT), (Grade.B, CENT), False),
        ((Grade.B, Decimal("0.02")), (Grade.B, CENT), False),
        ((Grade.B, CENT), (Grade.A, None), True),
        ((Grade.A, None), (Grade.A, None), False),
        ((Grade.A, None), (Grade.B, Decimal("999999999999.99")), False),
        ((Grade.B, CENT), (Grade.C, None), False),
        ((Grade.D, NOTHING), (Grade.C, None), True),
        ((Grade.C, NOTHING), (Grade.D, None), False),
        ((Grade.C, NOTHING), (Grade.UNGRADED, None), True),
        ((Grade.UNGRADED, NOTHING), (Grade.C, None), False),
        ((Grade.C, NOTHING), (Grade.C, None), False),
    ],
)
def test_2_5_4_4_what_is_more_credit(
    old: tuple[Grade, Decimal | None], new: tuple[Grade, Decimal | None], more: bool
) -> None:
    assert is_more_credit(credit(*old), credit(*new)) is more


credits = st.builds(credit, st.sampled_from(Grade), st.integers(1, 5).map(Decimal))


@given(credits, credits)
def test_2_5_4_4_of_two_different_credits_one_is_more(one: Credit, other: Credit) -> None:
    assert is_more_credit(one, other) + is_more_credit(other, one) == (one != other)
