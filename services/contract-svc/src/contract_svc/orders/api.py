"""HTTP of the orders feature."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from contract_svc.access import ORDER_READERS
from contract_svc.contracts.store import Contract
from contract_svc.orders import service
from contract_svc.orders.output import CallOffOut, OrderOut, OrderSummary, order_out, summary_of_row
from contract_svc.orders.store import Order
from contract_svc.reference.store import Customer
from fangxing.database import reading
from fangxing.money import PositiveTons
from fangxing.roles import Role
from fangxing.text import Code
from fangxing.verdicts import localized
from fangxing.web.access import allow
from fangxing.web.edge import Caller, CallerLanguage, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page

router = edge_router("orders", "/orders")


class OrderLineIn(BaseModel):
    """Tons of a contract line."""

    model_config = ConfigDict(extra="forbid")
    contract_line_id: UUID
    tons: Annotated[PositiveTons, Field(le=Decimal("1000000.000"))]


class CallOffIn(BaseModel):
    """A call-off: what of an approved contract is to be delivered when."""

    model_config = ConfigDict(extra="forbid")
    contract_id: UUID
    deliver_on: date
    lines: list[OrderLineIn] = Field(min_length=1, max_length=100)


@router.post("", status_code=201, responses={200: {"model": CallOffOut}})
@allow(Role.SALES_REP)
async def call_off(body: CallOffIn, work: CurrentWork, language: CallerLanguage, response: Response) -> CallOffOut:
    """Call an order off: 201 with the order, or 200 with the verdict that refuses it and names what is left."""
    order, verdict = await service.call_off(
        work,
        contract_id=body.contract_id,
        deliver_on=body.deliver_on,
        wanted=[service.WantedLine(line.contract_line_id, line.tons) for line in body.lines],
    )
    if order is None:
        response.status_code = 200
    content = {**localized(verdict.content, language), "hash": verdict.hash}
    return CallOffOut(
        allowed=verdict.allowed, order=await order_out(work.tx, order) if order else None, verdict=content
    )


_ROWS = (
    select(
        Order.__table__,
        Contract.number.label("contract_number"),
        Contract.terms_kind,
        Contract.terms_days,
        Customer.name.label("customer_name"),
        Customer.account_id,
        Customer.rep,
    )
    .join_from(Order, Contract, Order.contract_id == Contract.id)
    .join(Customer, Order.customer_id == Customer.id)
)


@router.get("")
@allow(*ORDER_READERS)
async def list_orders(
    reader: CurrentReader,
    caller: Caller,
    number: Code | None = None,
    contract_id: UUID | None = None,
    customer_id: UUID | None = None,
    rep: Code | None = None,
    deliver_from: date | None = None,
    deliver_to: date | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[OrderSummary]:
    """Orders, newest first, by delivery date from and to; a rep sees those of his own customers."""
    wanted = {
        Order.number: number,
        Order.contract_id: contract_id,
        Order.customer_id: customer_id,
        Customer.rep: rep,
    }
    statement = _ROWS.where(*(column == value for column, value in wanted.items() if value is not None))
    if caller.only_own_customers:
        statement = statement.where(Customer.rep == caller.id)
    if deliver_from is not None:
        statement = statement.where(Order.deliver_on >= deliver_from)
    if deliver_to is not None:
        statement = statement.where(Order.deliver_on <= deliver_to)
    return await page(
        reader,
        statement,
        summary_of_row,
        sorts={"number": Order.number, "deliver_on": Order.deliver_on},
        id=Order.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.get("/{order_id}")
@allow(*ORDER_READERS)
async def get_order(order_id: UUID, reader: CurrentReader, caller: Caller) -> OrderOut:
    """One order with the progress of its lines; a colleague's order does not exist for a rep."""
    async with reading(reader) as tx:
        return await order_out(tx, await service.order_for(tx, order_id, caller))
