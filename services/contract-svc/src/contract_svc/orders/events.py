"""What the orders feature publishes."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel

from contract_svc.contracts.store import Contract
from contract_svc.orders.store import Order
from contract_svc.reference.rules import Terms
from contract_svc.reference.store import Customer
from fangxing.documents import Hands
from fangxing.money import PositiveYuan, Tons
from fangxing.outbox import Event


class ConfirmedLine(BaseModel):
    """A line of an order; the price is the contract's, yuan per ton incl. tax."""

    order_line_id: UUID
    contract_line_id: UUID
    product_id: UUID
    product_name: str
    tons: Tons
    price_per_ton: PositiveYuan


class OrderConfirmed(Event):
    """A call-off on an approved contract was confirmed (4-orders).

    `hands` are the persons who did each action on the order and on its contract.
    """

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
    hands: Hands
    lines: list[ConfirmedLine]

    @classmethod
    def of(cls, order: Order, contract: Contract, customer: Customer) -> "OrderConfirmed":
        """The order, at the prices and on the terms of its contract."""
        by_id = {line.id: line for line in contract.lines}
        return cls(
            order_id=order.id,
            number=order.number,
            contract_id=contract.id,
            contract_number=contract.number,
            customer_id=customer.id,
            account_id=customer.account_id,
            rep=customer.rep,
            deliver_on=order.deliver_on,
            terms=contract.terms,
            hands=order.hands,
            lines=[
                ConfirmedLine(
                    order_line_id=line.id,
                    contract_line_id=line.contract_line_id,
                    product_id=by_id[line.contract_line_id].product_id,
                    product_name=by_id[line.contract_line_id].product_name or "",
                    tons=line.tons,
                    price_per_ton=by_id[line.contract_line_id].price_per_ton,
                )
                for line in order.lines
            ],
        )
