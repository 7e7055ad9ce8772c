"""Who sees orders (1-3.9)."""

from uuid import UUID

from contract_svc.contracts import access as contracts
from contract_svc.orders.errors import ORDER_NOT_FOUND
from contract_svc.orders.store import Order
from contract_svc.reference.access import sees
from contract_svc.reference.store import Customer
from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.roles import Role

READERS = (*contracts.READERS, Role.WAREHOUSE_KEEPER, Role.WAREHOUSE_SUPERVISOR)
"""The warehouse sees orders too: it has to prepare them."""


async def order_for(tx: Tx, order_id: UUID, actor: Principal) -> Order:
    """The order, if `actor` may see it; raises `order-not-found`, also for an order of a colleague's customer."""
    order = await tx.get(Order, order_id)
    if order is None or not sees(actor, await tx.get_one(Customer, order.customer_id)):
        raise ORDER_NOT_FOUND(order=order_id)
    return order
