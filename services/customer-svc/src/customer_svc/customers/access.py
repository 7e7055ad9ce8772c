"""Who sees which customer, and with him his credit, invoices and payments: a rep his own, the others all (1-3.9).

Whoever reads here works with money, so that no field is hidden from anybody who may call a route.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, select

from customer_svc.accounts.rules import FINANCE
from customer_svc.accounts.store import CreditAccount
from customer_svc.customers.errors import CUSTOMER_NOT_FOUND
from customer_svc.customers.store import Customer
from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.roles import Role
from fangxing.scope import own_customers

OVERSEERS = (*FINANCE, Role.SALES_MANAGER, Role.GENERAL_MANAGER, Role.AUDIT_MANAGER)
READERS = (*OVERSEERS, Role.SALES_REP)
OWN_CUSTOMERS = own_customers(Customer.rep)
"""The scope of rows that join their customer."""


def accounts_of(caller: Principal) -> ColumnElement[bool]:
    """The condition under which a credit account exists for `caller`: he sees a customer of it."""
    return select(Customer.id).where(Customer.account_id == CreditAccount.id, OWN_CUSTOMERS(caller)).exists()


async def customer_for(tx: Tx, customer_id: UUID, caller: Principal) -> Customer:
    """The customer, if `caller` sees him; raises `customer-not-found`, also for a colleague's customer."""
    customer = await tx.scalar(select(Customer).where(Customer.id == customer_id, OWN_CUSTOMERS(caller)))
    if customer is None:
        raise CUSTOMER_NOT_FOUND(customer=customer_id)
    return customer
