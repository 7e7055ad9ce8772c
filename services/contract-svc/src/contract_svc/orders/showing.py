"""Showing an order whole: its lines, and how far each has come."""

from contract_svc.contracts.store import Contract
from contract_svc.orders.shapes import OrderLineOut, OrderOut
from contract_svc.orders.store import ORDER_ROWS, Order
from contract_svc.progress.store import of_order_lines
from fangxing.database import Tx
from fangxing.money import ZERO


async def show_order(tx: Tx, order: Order) -> OrderOut:
    """The whole of `order`."""
    await tx.flush()
    row = (await tx.execute(ORDER_ROWS.where(Order.id == order.id))).mappings().one()
    contract = await tx.get_one(Contract, order.contract_id)
    by_id = {line.id: line for line in contract.lines}
    progress = await of_order_lines(tx, [line.id for line in order.lines])
    lines = [OrderLineOut.show(line, by_id[line.contract_line_id], progress[line.id]) for line in order.lines]
    return OrderOut.show(row, total=sum((line.value for line in lines), start=ZERO), lines=lines)
