"""The pure rules of grades and limits on their bounds (2-5.3.1)."""

from decimal import Decimal

import pytest

from customer_svc.grading.rules import limit_fits_grade
from fangxing.positions import Grade

CENT, NOTHING = Decimal("0.01"), Decimal("0.00")


@pytest.mark.parametrize("grade", Grade)
def test_2_5_3_1_b_a_limit_of_a_cent_or_more_goes_with_b_alone(grade: Grade) -> None:
    assert limit_fits_grade(grade, CENT) == (grade is Grade.B)
    assert limit_fits_grade(grade, None) == (grade is not Grade.B)
    assert not limit_fits_grade(grade, NOTHING)
