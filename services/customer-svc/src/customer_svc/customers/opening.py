"""A customer is opened, with a credit account of his own."""

from customer_svc.accounts.advancing import publish, take_next_position
from customer_svc.accounts.store import CreditAccount
from customer_svc.customers.errors import NUMBER_TAKEN, TERMS_DAYS
from customer_svc.customers.events import CustomerOpened
from customer_svc.customers.rules import days_fit_terms
from customer_svc.customers.shapes import OpenCustomer
from customer_svc.customers.store import Customer
from fangxing.database import flush_unique
from fangxing.ids import new_id
from fangxing.work import Work


async def open_customer(work: Work, body: OpenCustomer) -> Customer:
    """Open a customer for the acting rep, or the one he stands in for, ungraded with limit 0 (2-5.2).

    It has a credit account of its own (2-5.1). Raises `terms-days` or `customer-number-taken`.
    """
    if not days_fit_terms(body.terms.kind, body.terms.days):
        raise TERMS_DAYS()
    account = CreditAccount.opened()
    work.tx.add(account)
    await work.tx.flush()
    customer = Customer(
        id=new_id(),
        number=body.number,
        name=body.name,
        account_id=account.id,
        rep=work.actor.on_behalf_of or work.actor.id,
        address=body.address,
        contact=body.contact,
        terms_kind=body.terms.kind,
        terms_days=body.terms.days,
        created_on=work.today,
    )
    work.tx.add(customer)
    await flush_unique(work.tx, {"uq_customers_number": NUMBER_TAKEN(number=body.number)})
    publish(work, CustomerOpened.of(customer, take_next_position(account)), about=customer)
    return customer
