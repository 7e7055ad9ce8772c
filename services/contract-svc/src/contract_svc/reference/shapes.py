"""Reference data as the API shows them."""

from pydantic import BaseModel

from fangxing.terms import TermsKind


class TermsOut(BaseModel):
    """Payment terms: `days` of credit, 0 for the other kinds."""

    kind: TermsKind
    days: int
