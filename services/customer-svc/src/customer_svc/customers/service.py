"""Use cases of the customers feature."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError

from customer_svc.credit.events import CustomerPosition
from customer_svc.credit.position import lock_account
from customer_svc.credit.store import CreditAccount
from customer_svc.customers.events import CustomerChanged, CustomerOpened, Terms
from customer_svc.customers.store import Customer
from fangxing.auth import Principal
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.outbox import record_fact
from fangxing.work import Work

CUSTOMER_NOT_FOUND = ErrorType(
    "customer-not-found", Kind.NOT_FOUND, "没有客户 {customer}", "There is no customer {customer}"
)
NUMBER_TAKEN = ErrorType(
    "customer-number-taken",
    Kind.CONFLICT,
    "客户编号 {number} 已被使用",
    "The customer number {number} is taken",
    field="number",
)

TERMS_DAYS = ErrorType(
    "terms-days",
    Kind.INVALID,
    "赊销须有天数，其他结算方式为 0 天",
    "Give the days with credit, and with credit alone",
    field="terms",
)


async def open_customer(work: Work, *, number: str, name: str, address: str, contact: str, terms: Terms) -> Customer:
    """Open a customer for the acting rep, ungraded with limit 0 (2-5.2), with a credit account of its own (2-5.1).

    Raises `terms-days` or `customer-number-taken`.
    """
    if (terms.kind == "credit") != (terms.days > 0):
        raise TERMS_DAYS()
    account = CreditAccount.opened()
    customer = Customer(
        id=new_id(),
        number=number,
        name=name,
        account_id=account.id,
        rep=work.actor.id,
        address=address,
        contact=contact,
        terms_kind=terms.kind,
        terms_days=terms.days,
        opened_on=work.today,
    )
    work.tx.add(account)
    await work.tx.flush()
    work.tx.add(customer)
    try:
        await work.tx.flush()
    except IntegrityError as error:
        if "uq_customers_number" not in str(error.orig):
            raise
        raise NUMBER_TAKEN(number=number) from error
    _publish(work, customer, account, CustomerOpened)
    return customer


async def assign_rep(work: Work, customer_id: UUID, rep: str) -> Customer:
    """Give a customer to another rep. Raises `customer-not-found`."""
    customer = await work.tx.get(Customer, customer_id, with_for_update={"key_share": True})
    if customer is None:
        raise CUSTOMER_NOT_FOUND(customer=customer_id)
    customer.rep = rep
    account = await lock_account(work, customer.account_id)
    _publish(work, customer, account, CustomerChanged)
    return customer


async def customer_for(work: Work, customer_id: UUID, actor: Principal) -> Customer:
    """The customer, if `actor` may see it; raises `customer-not-found`, also for a colleague's customer."""
    customer = await work.tx.get(Customer, customer_id)
    if customer is None or not _sees(actor, customer):
        raise CUSTOMER_NOT_FOUND(customer=customer_id)
    return customer


def _sees(actor: Principal, customer: Customer) -> bool:
    return not actor.only_own_customers or customer.rep == actor.id


def _publish(work: Work, customer: Customer, account: CreditAccount, event_type: type[CustomerOpened]) -> None:
    account.version += 1
    event = event_type(
        account_id=account.id,
        position=CustomerPosition.of(account),
        customer_id=customer.id,
        number=customer.number,
        name=customer.name,
        rep=customer.rep,
        terms=Terms.model_validate({"kind": customer.terms_kind, "days": customer.terms_days}),
    )
    position = f"{account.epoch}.{account.version}"
    record_fact(work, event, about=customer, document=customer.document, key=str(account.id), position=position)
