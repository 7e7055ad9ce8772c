"""HTTP of the orders feature."""

from datetime import date
from uuid import UUID

from fastapi import Response

from contract_svc.orders import calling_off
from contract_svc.orders.access import READERS, order_for
from contract_svc.orders.shapes import CallOff, CallOffOut, OrderOut, OrderRow
from contract_svc.orders.showing import show_order
from contract_svc.orders.store import ORDER_ROWS, Order
from contract_svc.reference.access import seen_by
from contract_svc.reference.store import Customer
from fangxing.database import reading
from fangxing.roles import Role
from fangxing.text import Code
from fangxing.verdicts import localized
from fangxing.web.access import allow
from fangxing.web.edge import Caller, CallerLanguage, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page

router = edge_router("orders", "/orders")

_SORTS = {"number": Order.number, "deliver_on": Order.deliver_on}


@router.post("", status_code=201, responses={200: {"model": CallOffOut}})
@allow(Role.SALES_REP)
async def call_off(body: CallOff, work: CurrentWork, language: CallerLanguage, response: Response) -> CallOffOut:
    """Call an order off: 201 with the order, or 200 with the verdict that refuses it and names what is left."""
    order, verdict = await calling_off.call_off(work, body)
    if order is None:
        response.status_code = 200
    content = {**localized(verdict.content, language), "hash": verdict.hash}
    shown = await show_order(work.tx, order) if order else None
    return CallOffOut(allowed=verdict.allowed, order=shown, verdict=content)


@router.get("")
@allow(*READERS)
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
) -> Page[OrderRow]:
    """Orders, newest first, by delivery date from and to; a rep sees those of his own customers."""
    wanted = {
        Order.number: number,
        Order.contract_id: contract_id,
        Order.customer_id: customer_id,
        Customer.rep: rep,
    }
    rows = seen_by(caller, ORDER_ROWS)
    rows = rows.where(*(column == value for column, value in wanted.items() if value is not None))
    if deliver_from is not None:
        rows = rows.where(Order.deliver_on >= deliver_from)
    if deliver_to is not None:
        rows = rows.where(Order.deliver_on <= deliver_to)
    return await page(reader, rows, OrderRow.show, sorts=_SORTS, id=Order.id, sort=sort, after=after, limit=limit)


@router.get("/{order_id}")
@allow(*READERS)
async def get_order(order_id: UUID, reader: CurrentReader, caller: Caller) -> OrderOut:
    """One order with the progress of its lines; a colleague's order does not exist for a rep."""
    async with reading(reader) as tx:
        return await show_order(tx, await order_for(tx, order_id, caller))
