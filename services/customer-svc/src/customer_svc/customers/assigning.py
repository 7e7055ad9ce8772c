"""A customer is given to another rep."""

from uuid import UUID

from customer_svc.accounts.advancing import publish, take_next_position
from customer_svc.accounts.store import lock_account
from customer_svc.customers.errors import CUSTOMER_NOT_FOUND
from customer_svc.customers.events import CustomerChanged
from customer_svc.customers.shapes import AssignRep
from customer_svc.customers.store import Customer
from fangxing.roles import Role
from fangxing.work import Work


async def assign_rep(work: Work, customer_id: UUID, body: AssignRep) -> Customer:
    """Give a customer to another rep. Raises `customer-not-found` or `staff-not-in-role`."""
    customer = await work.tx.get(Customer, customer_id, with_for_update={"key_share": True})
    if customer is None:
        raise CUSTOMER_NOT_FOUND(customer=customer_id)
    await work.check_in_role(body.rep, Role.SALES_REP)
    customer.rep = body.rep
    account = await lock_account(work.tx, customer.account_id)
    publish(work, CustomerChanged.of(customer, take_next_position(account)), about=customer)
    return customer
