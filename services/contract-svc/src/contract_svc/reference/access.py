"""Who sees which customer, and so whose contracts and orders: a rep his own customers' alone (1-3.9)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select

from contract_svc.reference.errors import CUSTOMER_NOT_FOUND
from contract_svc.reference.store import Customer
from fangxing.auth import Principal
from fangxing.database import Tx


def sees(actor: Principal, customer: Customer) -> bool:
    """Whether `customer` exists for `actor`."""
    return not actor.only_own_customers or customer.rep == actor.id


def seen_by(actor: Principal, rows: Select[Any]) -> Select[Any]:
    """Those of `rows`, which join the customer, that exist for `actor`."""
    return rows.where(Customer.rep == actor.id) if actor.only_own_customers else rows


async def customer_for(tx: Tx, customer_id: UUID, actor: Principal) -> Customer:
    """The customer, if `actor` may see him; raises `customer-not-found`, also for a colleague's customer."""
    customer = await tx.get(Customer, customer_id)
    if customer is None or not sees(actor, customer):
        raise CUSTOMER_NOT_FOUND(customer=customer_id)
    return customer
