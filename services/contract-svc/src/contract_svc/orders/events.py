"""What the orders feature publishes."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel

from contract_svc.contracts.events import Terms
from fangxing.money import Tons, Yuan
from fangxing.outbox import Event


class ConfirmedLine(BaseModel):
    """A line of an order; the price is the contract's, yuan per ton incl. tax."""

    order_line_id: UUID
    contract_line_id: UUID
    product_id: UUID
    product_name: str
    tons: Tons
    price_per_ton: Yuan


class OrderConfirmed(Event):
    """A call-off on an approved contract was confirmed (4-orders)."""

    event_type: ClassVar[str] = "contract.OrderConfirmed.v1"
    order_id: UUID
    number: str
    contract_id: UUID
    contract_number: str
    customer_id: UUID
    account_id: UUID
    rep: str
    deliver_on: date
    terms: Terms
    lines: list[ConfirmedLine]
