"""What is asked and answered about customers."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from customer_svc.accounts.shapes import shown_credit
from customer_svc.customers.events import Terms
from customer_svc.customers.rules import MOST_DAYS
from fangxing.money import Yuan, YuanOrZero
from fangxing.positions import Grade
from fangxing.terms import TermsKind
from fangxing.text import Code, Line
from fangxing.validation import Body


class TermsIn(Body):
    """Settlement terms: credit of 1 to 180 days, payment before shipping, or cash on delivery."""

    kind: TermsKind
    days: int = Field(default=0, ge=0, le=MOST_DAYS)


class OpenCustomer(Body):
    """A new customer's file 客户基本资料表."""

    number: Code
    name: Line
    address: Line
    contact: Line
    terms: TermsIn


class AssignRep(Body):
    """The rep who takes a customer over."""

    rep: Code


class CustomerOut(BaseModel):
    """A customer with the credit in force today."""

    id: UUID
    number: str
    name: str
    account_id: UUID
    rep: str
    address: str
    contact: str
    terms: Terms
    created_on: date
    grade: Grade
    limit: YuanOrZero | None = Field(description="yuan; null: no cap (grade A)")
    exposure: Yuan

    @classmethod
    def show(cls, row: RowMapping, day: date) -> Self:
        """The customer and account in `row` as they stand on `day`."""
        terms = Terms(kind=row["terms_kind"], days=row["terms_days"])
        return cls.model_validate({**row, **shown_credit(row, day)._asdict(), "terms": terms})
