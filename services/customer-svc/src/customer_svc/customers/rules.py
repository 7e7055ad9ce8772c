"""The rules of a customer's file (chapter 2)."""

from fangxing.clauses import clause
from fangxing.terms import TermsKind

MOST_DAYS = 180
"""The longest term of credit, in days after the invoice."""


@clause("2-4.2.3")
def days_fit_terms(kind: TermsKind, days: int) -> bool:
    """Settlement terms are complete: days with credit, and with credit alone."""
    return (days > 0) == (kind is TermsKind.CREDIT)
