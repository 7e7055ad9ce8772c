"""Who sees which customer, and so what is about him; and who sees money (1-3)."""

from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.roles import MONEY_ROLES, Role
from fangxing.scope import own_customers
from fangxing.sight import Group
from shipping_svc.reference.store import Customer

MONEY = Group("money", MONEY_ROLES)
"""Who sees prices, values, limits and exposure, and what was judged by them; yard, gate and quality see goods."""

CUSTOMERS = own_customers(Customer.rep, all_for=(Role.GATE_GUARD,))
"""The scope of rows that join their customer: a rep sees his own customers', the guard what comes to the gate."""


async def customer_for(tx: Tx, customer_id: UUID, actor: Principal) -> Customer | None:
    """The customer, where he exists for `actor`."""
    return await tx.scalar(select(Customer).where(Customer.id == customer_id, CUSTOMERS(actor)))


def of_customers_of(actor: Principal, customer_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """The scope of rows that do not join their customer, whose `customer_id` this is."""
    return customer_id.in_(select(Customer.id).where(CUSTOMERS(actor)))
