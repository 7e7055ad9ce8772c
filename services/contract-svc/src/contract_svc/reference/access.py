"""Who sees which customer, and so whose contracts and orders: a rep his own customers' alone (1-3.9)."""

from uuid import UUID

from sqlalchemy import Select, select

from contract_svc.reference.errors import CUSTOMER_NOT_FOUND
from contract_svc.reference.store import Customer
from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.scope import own_customers

CUSTOMERS = own_customers(Customer.rep)
"""The scope of rows that join their customer."""


def customers_of(actor: Principal) -> Select[UUID]:
    """The ids of the customers that exist for `actor`, for rows that do not join theirs."""
    return select(Customer.id).where(CUSTOMERS(actor))


async def customer_for(tx: Tx, customer_id: UUID, actor: Principal) -> Customer:
    """The customer, if `actor` may see him; raises `customer-not-found`, also for a colleague's customer."""
    customer = await tx.scalar(select(Customer).where(Customer.id == customer_id, CUSTOMERS(actor)))
    if customer is None:
        raise CUSTOMER_NOT_FOUND(customer=customer_id)
    return customer
