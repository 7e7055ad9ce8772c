"""Reading an order whole: its lines, and how far each has come."""

from contract_svc.contracts.store import Contract
from contract_svc.orders.shapes import OrderLineOut, OrderOut, OrderRow
from contract_svc.orders.store import Order
from contract_svc.progress.store import of_order_lines
from fangxing.database import reading
from fangxing.money import ZERO, value_of
from fangxing.offers import actions
from fangxing.policies import PolicyBook
from fangxing.work import Look


async def read_order(look: Look, row: OrderRow, book: PolicyBook) -> OrderOut:
    """The whole of the order `row`."""
    async with reading(look.reader) as tx:
        order = await tx.get_one(Order, row.id)
        contract = await tx.get_one(Contract, order.contract_id)
        progress = await of_order_lines(tx, [line.id for line in order.lines])
        offered = await actions(tx, order, look.caller, book)
    by_id = {line.id: line for line in contract.lines}
    prices = {line.id: by_id[line.contract_line_id].price_per_ton for line in order.lines}
    return OrderOut.show(
        row,
        total=sum((value_of(line.tons, prices[line.id]) for line in order.lines), start=ZERO),
        lines=[OrderLineOut.show(line, by_id[line.contract_line_id], progress[line.id]) for line in order.lines],
        actions=offered,
    )
