"""What the contracts feature publishes."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel

from fangxing.money import Tons, Yuan
from fangxing.outbox import Event


class Terms(BaseModel):
    """Payment terms: `days` of credit, 0 for the other kinds."""

    kind: Literal["credit", "prepaid", "cash_on_delivery"]
    days: int


class ApprovedLine(BaseModel):
    """A line of an approved contract; the price is yuan per ton incl. tax."""

    contract_line_id: UUID
    product_id: UUID
    product_name: str
    tons: Tons
    price_per_ton: Yuan
    price_level: Literal["sales_rep", "sales_manager", "general_manager"]


class ContractApproved(Event):
    """The last signature is given: the contract is in force (4-4.2.1). `total` in yuan incl. tax."""

    event_type: ClassVar[str] = "contract.ContractApproved.v1"
    contract_id: UUID
    number: str
    customer_id: UUID
    account_id: UUID
    rep: str
    total: Yuan
    starts_on: date
    ends_on: date
    terms: Terms
    lines: list[ApprovedLine]
