"""HTTP of the orders feature."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query

from contract_svc.orders import calling_off
from contract_svc.orders.access import READERS
from contract_svc.orders.reading import read_order
from contract_svc.orders.rules import MOVES, OrderAction
from contract_svc.orders.shapes import CallOff, CallOffOut, OrderOut, OrderRow
from contract_svc.orders.store import ORDER_ROWS, Order
from contract_svc.reference.access import CUSTOMERS
from contract_svc.reference.store import Customer
from fangxing.answers import HistoryOut, VerdictOut
from fangxing.policies import PolicyBook
from fangxing.text import Code, Line
from fangxing.web.access import allow
from fangxing.web.edge import CallerLanguage, CurrentLook, CurrentPolicies, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.history import history_of
from fangxing.web.listing import By, Called, File, From, Has, Is, Listing, ListQuery, Page, To
from fangxing.work import Look

router = edge_router("orders", "/orders")


class OrderQuery(ListQuery):
    """What the list of orders can be asked."""

    sort: Annotated[str, By(Order.number, Order.deliver_on)] = "-id"
    number: Annotated[Code | None, Called(Order.number)] = None
    contract_id: Annotated[UUID | None, Is(Order.contract_id)] = None
    customer_id: Annotated[UUID | None, Is(Order.customer_id)] = None
    rep: Annotated[Code | None, Is(Customer.rep)] = None
    deliver_from: Annotated[date | None, From(Order.deliver_on)] = None
    deliver_to: Annotated[date | None, To(Order.deliver_on)] = None
    search: Annotated[Line | None, Has(number=Order.number, customer=Order.customer_id)] = None


ORDERS = Listing(OrderRow, OrderQuery, ORDER_ROWS, id=Order.id, scope=CUSTOMERS)


async def _show(look: Look, order_id: UUID, book: PolicyBook) -> OrderOut:
    return await read_order(look, await ORDERS.one(look, order_id, Order.not_found(order_id)), book)


@router.post("", status_code=201)
@allow(MOVES[OrderAction.CALL_OFF])
async def call_off(body: CallOff, work: CurrentWork, language: CallerLanguage) -> CallOffOut:
    """Call an order off: 201 with the order, or 200 with the verdict that refuses it and names what is left."""
    order, verdict = await calling_off.call_off(work, body)
    shown = await _show(await work.look(language), order.id, await work.policies()) if order else None
    return CallOffOut(allowed=verdict.allowed, verdict=VerdictOut.show(verdict.content, language), order=shown)


@router.get("")
@allow(*READERS)
async def list_orders(look: CurrentLook, query: Annotated[OrderQuery, Query()]) -> Page[OrderRow] | File:
    """Orders, newest first, by delivery date from and to; a rep sees those of his own customers."""
    return await ORDERS.page(look, query)


@router.get("/{order_id}")
@allow(*READERS)
async def get_order(order_id: UUID, look: CurrentLook, book: CurrentPolicies) -> OrderOut:
    """One order with the progress of its lines; a colleague's order does not exist for a rep."""
    return await _show(look, order_id, book)


@router.get("/{order_id}/history")
@allow(*READERS)
async def get_order_history(order_id: UUID, look: CurrentLook) -> list[HistoryOut]:
    """What was done with an order, by whom and when, oldest first."""
    return await history_of(look, ORDERS, Order, order_id)
