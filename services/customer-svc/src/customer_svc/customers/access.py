"""Who sees which customer, and with him his credit, invoices and payments: a rep his own, the others all."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from customer_svc.customers.errors import CUSTOMER_NOT_FOUND
from customer_svc.customers.store import Customer
from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.roles import Role

FINANCE = (Role.ACCOUNTANT, Role.FINANCE_MANAGER)
OVERSEERS = (*FINANCE, Role.SALES_MANAGER, Role.GENERAL_MANAGER, Role.AUDIT_MANAGER)
READERS = (*OVERSEERS, Role.SALES_REP)


def seen_by(caller: Principal, statement: Select[Any], customer_id: InstrumentedAttribute[UUID]) -> Select[Any]:
    """`statement` without the rows of customers that `caller` does not see; `customer_id` is whose row it is."""
    if not caller.only_own_customers:
        return statement
    return statement.join(Customer, Customer.id == customer_id).where(Customer.rep == caller.id)


async def customer_for(tx: Tx, customer_id: UUID, caller: Principal) -> Customer:
    """The customer, if `caller` sees him; raises `customer-not-found`, also for a colleague's customer."""
    customer = await tx.get(Customer, customer_id)
    if customer is None or (caller.only_own_customers and customer.rep != caller.id):
        raise CUSTOMER_NOT_FOUND(customer=customer_id)
    return customer
