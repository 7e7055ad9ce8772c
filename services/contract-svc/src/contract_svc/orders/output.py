"""Orders as the API shows them."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.engine import RowMapping

from contract_svc.contracts.events import Terms
from contract_svc.contracts.store import Contract, ContractLine
from contract_svc.orders.progress import Progress, of_order_lines
from contract_svc.orders.store import Order, OrderLine
from contract_svc.reference.store import Customer
from fangxing.database import Tx
from fangxing.money import ZERO, Tons, Yuan, value_of


class OrderLineOut(BaseModel):
    """An order line. Tons and yuan incl. tax; `released` is released and not yet shipped."""

    order_line_id: UUID
    number: int
    contract_line_id: UUID
    product_id: UUID
    product_name: str | None
    tons: Tons
    price_per_ton: Yuan
    value: Yuan
    ordered: Tons
    released: Tons
    shipped: Tons
    returned: Tons


class OrderSummary(BaseModel):
    """An order in a list."""

    id: UUID
    number: str
    contract_id: UUID
    contract_number: str
    customer_id: UUID
    customer_name: str
    account_id: UUID
    rep: str
    deliver_on: date
    terms: Terms


class OrderOut(OrderSummary):
    """An order with its lines and how far each has come."""

    total: Yuan
    lines: list[OrderLineOut]


class CallOffOut(BaseModel):
    """The answer to a call-off: the order, or null with a verdict that names what is left."""

    allowed: bool
    order: OrderOut | None
    verdict: dict[str, Any]


def summary_of_row(row: RowMapping) -> OrderSummary:
    """A row of the list as an `OrderSummary`."""
    plain = {name: row[name] for name in OrderSummary.model_fields if name != "terms"}
    return OrderSummary(**plain, terms=Terms.model_validate({"kind": row["terms_kind"], "days": row["terms_days"]}))


async def order_out(tx: Tx, order: Order) -> OrderOut:
    """The whole of `order`."""
    await tx.flush()
    contract = await tx.get_one(Contract, order.contract_id)
    customer = await tx.get_one(Customer, order.customer_id)
    by_id = {line.id: line for line in contract.lines}
    progress = await of_order_lines(tx, [line.id for line in order.lines])
    lines = [_line(line, by_id[line.contract_line_id], progress[line.id]) for line in order.lines]
    return OrderOut(
        id=order.id,
        number=order.number,
        contract_id=contract.id,
        contract_number=contract.number,
        customer_id=customer.id,
        customer_name=customer.name,
        account_id=customer.account_id,
        rep=customer.rep,
        deliver_on=order.deliver_on,
        terms=Terms.model_validate({"kind": contract.terms_kind, "days": contract.terms_days}),
        total=sum((line.value for line in lines), start=ZERO),
        lines=lines,
    )


def _line(line: OrderLine, contract_line: ContractLine, progress: Progress) -> OrderLineOut:
    return OrderLineOut(
        order_line_id=line.id,
        number=line.number,
        contract_line_id=contract_line.id,
        product_id=contract_line.product_id,
        product_name=contract_line.product_name,
        tons=line.tons,
        price_per_ton=contract_line.price_per_ton,
        value=value_of(line.tons, contract_line.price_per_ton),
        ordered=progress.ordered,
        released=progress.released,
        shipped=progress.shipped,
        returned=progress.returned,
    )
