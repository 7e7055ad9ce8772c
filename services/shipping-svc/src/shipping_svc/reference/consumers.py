"""What shipping takes in of customers and orders."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert as pg_insert

from fangxing.documents import Hands
from fangxing.inbox import Consumers, Incoming
from fangxing.money import ZERO, PositiveTons, YuanOrZero
from fangxing.terms import TermsKind
from fangxing.work import Work
from shipping_svc.reference.store import Customer, Order, OrderLine


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

    kind: TermsKind


class OrderConfirmed(Incoming):
    """An order was called off, through these hands."""

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


async def keep_customer(work: Work, event: CustomerFile) -> None:
    """Keep the customer's file."""
    values = event.model_dump(exclude={"customer_id"})
    await work.tx.execute(
        pg_insert(Customer)
        .values(id=event.customer_id, **values)
        .on_conflict_do_update(index_elements=["id"], set_=values)
    )


async def keep_order(work: Work, event: OrderConfirmed) -> None:
    """Keep the order and its lines."""
    plain = event.model_dump(exclude={"order_id", "terms", "lines"})
    work.tx.add(Order(id=event.order_id, terms_kind=event.terms.kind, **plain))
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


consumers = Consumers()
consumers.on("customer.CustomerOpened.v1", CustomerFile, keep_customer)
consumers.on("customer.CustomerChanged.v1", CustomerFile, keep_customer)
consumers.on("contract.OrderConfirmed.v1", OrderConfirmed, keep_order)
