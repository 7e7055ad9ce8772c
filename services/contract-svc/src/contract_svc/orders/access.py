"""Who sees orders (1-3.9)."""

from uuid import UUID

from sqlalchemy import select

from contract_svc.contracts import access as contracts
from contract_svc.orders.store import Order
from contract_svc.reference.access import customers_of
from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.roles import Role

READERS = (*contracts.READERS, Role.WAREHOUSE_KEEPER, Role.WAREHOUSE_SUPERVISOR)
"""The warehouse sees orders too: it has to prepare them."""


async def order_for(tx: Tx, order_id: UUID, actor: Principal) -> Order:
    """The order, if `actor` may see it; raises `order-not-found`, also for an order of a colleague's customer."""
    order = await tx.scalar(select(Order).where(Order.id == order_id, Order.customer_id.in_(customers_of(actor))))
    if order is None:
        raise Order.not_found(order_id)
    return order
