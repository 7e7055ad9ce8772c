"""What shipping takes in of customers and orders."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert as pg_insert

from fangxing.inbox import Incoming
from fangxing.money import ZERO, PositiveTons, YuanOrZero
from fangxing.work import Work
from shipping_svc.orders.store import Customer, Order, OrderLine


class CustomerFile(Incoming):
    """A customer was opened or changed."""

    customer_id: UUID
    account_id: UUID
    number: str
    name: str
    rep: str


class ConfirmedLine(BaseModel):
    """A line of an order, price in yuan per ton."""

    order_line_id: UUID
    contract_line_id: UUID
    product_id: UUID
    product_name: str
    tons: PositiveTons
    price_per_ton: YuanOrZero


class Terms(BaseModel):
    """The contract's settlement terms, as far as they decide the kind of a shipment."""

    kind: Literal["credit", "prepaid", "cash_on_delivery"]


class OrderConfirmed(Incoming):
    """An order was called off."""

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


async def on_customer(work: Work, event: CustomerFile) -> None:
    """Keep the customer's file."""
    values = {"account_id": event.account_id, "number": event.number, "name": event.name, "rep": event.rep}
    await work.tx.execute(
        pg_insert(Customer)
        .values(id=event.customer_id, **values)
        .on_conflict_do_update(index_elements=["id"], set_=values)
    )


async def on_order_confirmed(work: Work, event: OrderConfirmed) -> None:
    """Keep the order and its lines."""
    plain = event.model_dump(include={"number", "contract_id", "contract_number", "customer_id", "account_id"})
    order = Order(id=event.order_id, rep=event.rep, deliver_on=event.deliver_on, terms_kind=event.terms.kind, **plain)
    work.tx.add(order)
    await work.tx.flush()
    work.tx.add_all(
        OrderLine(
            id=line.order_line_id,
            order_id=event.order_id,
            noticed_tons=ZERO,
            **line.model_dump(exclude={"order_line_id"}),
        )
        for line in event.lines
    )
