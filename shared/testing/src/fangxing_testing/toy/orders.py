"""The toy writer's orders: a list with a scope, a search and fields not everybody sees."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import select

from fangxing.errors import ErrorType, Kind
from fangxing.money import Tons, Yuan
from fangxing.roles import Role
from fangxing.sight import SeenBy
from fangxing.text import Line, Text
from fangxing.web.access import allow
from fangxing.web.edge import CurrentLook, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.listing import By, File, From, Has, Is, Listing, ListQuery, Page, To, Where
from fangxing.work import Work
from fangxing_testing.toy.access import CUSTOMERS, MONEY, ORDER_READERS
from fangxing_testing.toy.tables import CustomerRow, OrderRow, Status

router = edge_router("orders", "/orders")

ORDER_NOT_FOUND = ErrorType("order-not-found", Kind.NOT_FOUND, "没有订单 {order}", "There is no order {order}")


class OrderOut(BaseModel):
    """An order; `value` in yuan is for those who may see money."""

    id: UUID
    number: Annotated[str, Text("订单编号", "order")]
    customer_name: Annotated[str, Text("客户", "customer")]
    status: Status
    tons: Tons
    value: Annotated[Yuan | None, SeenBy(MONEY)]
    deliver_on: date | None
    ordered_at: datetime


class OrderQuery(ListQuery):
    """What the list of orders can be asked."""

    sort: Annotated[str, By(OrderRow.number, OrderRow.value, OrderRow.deliver_on)] = "-id"
    status: Annotated[Status | None, Is(OrderRow.status)] = None
    deliver_from: Annotated[date | None, From(OrderRow.deliver_on)] = None
    deliver_to: Annotated[date | None, To(OrderRow.deliver_on)] = None
    ordered_from: Annotated[date | None, From(OrderRow.ordered_at)] = None
    ordered_to: Annotated[date | None, To(OrderRow.ordered_at)] = None
    large: Annotated[bool | None, Where(lambda large: (OrderRow.value >= 1000) == large)] = None
    search: Annotated[Line | None, Has(number=OrderRow.number, customer=OrderRow.customer_id)] = None


ORDERS = Listing(
    OrderOut,
    OrderQuery,
    select(OrderRow.__table__, CustomerRow.name.label("customer_name")).join_from(OrderRow, CustomerRow),
    id=OrderRow.id,
    scope=CUSTOMERS,
)


@router.get("")
@allow(*ORDER_READERS)
async def list_orders(look: CurrentLook, query: Annotated[OrderQuery, Query()]) -> Page[OrderOut] | File:
    """Orders, newest first; a rep sees those of his customers."""
    return await ORDERS.page(look, query)


@router.get("/{order_id}")
@allow(*ORDER_READERS)
async def get_order(order_id: UUID, look: CurrentLook) -> OrderOut:
    """One order; that of a colleague's customer does not exist for a rep."""
    return await ORDERS.one(look, order_id, ORDER_NOT_FOUND(order=order_id))


@router.post("/{order_id}/completion")
@allow(Role.SALES_REP, Role.WAREHOUSE_KEEPER)
async def complete_order(order_id: UUID, work: CurrentWork) -> OrderOut:
    """Say that an order is done: the rep of its customer, or a keeper."""
    return await _move(work, order_id, Status.DONE)


@router.post("/{order_id}/reopening")
@allow(Role.SALES_REP)
async def reopen_order(order_id: UUID, work: CurrentWork) -> OrderOut:
    """Take an order up again: the rep of its customer alone."""
    return await _move(work, order_id, Status.OPEN)


async def _move(work: Work, order_id: UUID, status: Status) -> OrderOut:
    order = await work.tx.get(OrderRow, order_id, with_for_update=True)
    customer = await work.tx.get(CustomerRow, order.customer_id) if order else None
    if order is None or customer is None or not CUSTOMERS.sees(work.actor, customer.rep):
        raise ORDER_NOT_FOUND(order=order_id)
    order.status = status
    return await ORDERS.one(await work.look(), order_id, ORDER_NOT_FOUND(order=order_id))
