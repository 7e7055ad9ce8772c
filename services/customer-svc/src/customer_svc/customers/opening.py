"""A customer is opened, with a credit account of his own."""

from collections.abc import Sequence

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
    (customer,) = await open_files(work, [(body, work.actor.on_behalf_of or work.actor.id)])
    await flush_unique(work.tx, {"uq_customers_number": NUMBER_TAKEN(number=body.number)})
    return customer


async def open_files(work: Work, files: Sequence[tuple[OpenCustomer, str]]) -> list[Customer]:
    """Open the customers of several files at once, each for the rep beside it, as `open_customer` opens one.

    The terms are complete and the numbers free: whoever calls this flushes and says which number was not.
    """
    accounts = [CreditAccount.opened() for _ in files]
    positions = [take_next_position(account) for account in accounts]
    work.tx.add_all(accounts)
    await work.tx.flush()
    customers = [
        Customer(
            id=new_id(),
            number=body.number,
            name=body.name,
            account_id=account.id,
            rep=rep,
            address=body.address,
            contact=body.contact,
            terms_kind=body.terms.kind,
            terms_days=body.terms.days,
            created_on=work.today,
        )
        for account, (body, rep) in zip(accounts, files, strict=True)
    ]
    work.tx.add_all(customers)
    for customer, position in zip(customers, positions, strict=True):
        publish(work, CustomerOpened.of(customer, position), about=customer)
    return customers
