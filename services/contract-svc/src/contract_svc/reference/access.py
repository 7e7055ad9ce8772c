"""Who sees which customer, and so whose contracts and orders: a rep his own customers' alone (1-3.9)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from contract_svc.reference.errors import CUSTOMER_NOT_FOUND
from contract_svc.reference.store import Customer
from fangxing.auth import Principal
from fangxing.database import Tx


def customers_of(actor: Principal) -> Select[UUID]:
    """The ids of the customers that exist for `actor`."""
    customers = select(Customer.id)
    return customers.where(Customer.rep == actor.id) if actor.only_own_customers else customers


def seen_by(actor: Principal, rows: Select[Any]) -> Select[Any]:
    """Those of `rows`, which join the customer, that exist for `actor`."""
    return rows.where(Customer.rep == actor.id) if actor.only_own_customers else rows


async def customer_for(tx: Tx, customer_id: UUID, actor: Principal) -> Customer:
    """The customer, if `actor` may see him; raises `customer-not-found`, also for a colleague's customer."""
    customer = await tx.scalar(select(Customer).where(Customer.id == customer_id, Customer.id.in_(customers_of(actor))))
    if customer is None:
        raise CUSTOMER_NOT_FOUND(customer=customer_id)
    return customer
