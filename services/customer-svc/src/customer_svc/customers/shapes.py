"""What is asked and answered about customers."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from customer_svc.accounts.shapes import shown_credit
from customer_svc.customers.events import Terms
from customer_svc.customers.rules import MOST_DAYS
from fangxing.money import Yuan, YuanOrZero
from fangxing.positions import Grade
from fangxing.terms import TermsKind
from fangxing.text import Code, Line, Text
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
    number: Annotated[str, Text("客户编号", "number")]
    name: Annotated[str, Text("客户", "customer")]
    account_id: UUID
    rep: Annotated[str, Text("销售专员", "rep")]
    rep_name: Annotated[str | None, Text("销售专员姓名", "rep's name")]
    address: Annotated[str, Text("地址", "address")]
    contact: Annotated[str, Text("联系人", "contact")]
    terms: Annotated[Terms, Text("结算方式", "terms")]
    created_on: Annotated[date, Text("建档日", "created on")]
    grade: Annotated[Grade, Text("等级", "grade")]
    limit: Annotated[YuanOrZero | None, Text("信用额度（元）", "limit (yuan)")] = Field(
        description="yuan; null: no cap (grade A)"
    )
    exposure: Annotated[Yuan, Text("欠款额度（元）", "exposure (yuan)")]

    @classmethod
    def show(cls, row: RowMapping, day: date) -> Self:
        """The customer and account in `row` as they stand on `day`."""
        terms = Terms(kind=row["terms_kind"], days=row["terms_days"])
        return cls.model_validate({**row, **shown_credit(row, day)._asdict(), "terms": terms})
