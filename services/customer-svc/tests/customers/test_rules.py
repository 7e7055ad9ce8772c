"""The pure rules of a customer's file."""

import pytest

from customer_svc.customers.rules import days_fit_terms
from fangxing.terms import TermsKind


@pytest.mark.parametrize("kind", TermsKind)
def test_2_4_2_3_days_go_with_credit_and_with_credit_alone(kind: TermsKind) -> None:
    assert days_fit_terms(kind, 1) is (kind is TermsKind.CREDIT)
    assert days_fit_terms(kind, 0) is (kind is not TermsKind.CREDIT)
