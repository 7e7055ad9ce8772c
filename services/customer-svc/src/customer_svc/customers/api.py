"""HTTP of the customers and of their credit accounts."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import RowMapping, select

from customer_svc.accounts.errors import ACCOUNT_NOT_FOUND
from customer_svc.accounts.shapes import AccountOut
from customer_svc.accounts.store import CreditAccount
from customer_svc.customers import assigning, opening
from customer_svc.customers.access import OWN_CUSTOMERS, READERS, accounts_of
from customer_svc.customers.errors import CUSTOMER_NOT_FOUND
from customer_svc.customers.importing import CUSTOMER_IMPORT
from customer_svc.customers.shapes import AssignRep, CustomerOut, OpenCustomer
from customer_svc.customers.store import CUSTOMER_ROWS, Customer
from customer_svc.tables import columns_of
from fangxing.database.credit import grade_on
from fangxing.positions import Grade
from fangxing.roles import Role
from fangxing.text import Code, Line
from fangxing.web.access import allow
from fangxing.web.edge import CurrentLook, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.imports import import_routes
from fangxing.web.listing import By, File, Given, Has, Is, Listing, ListQuery, Page, Where
from fangxing.work import Look

router = edge_router("customers")


class CustomerQuery(ListQuery):
    """What the list of customers can be asked; `grade` is today's."""

    sort: Annotated[str, By(Customer.name, Customer.number, CreditAccount.exposure)] = "-id"
    name: Annotated[Line | None, Where(lambda name: Customer.name.contains(name, autoescape=True))] = None
    grade: Annotated[Grade | None, Given()] = None
    rep: Annotated[Code | None, Is(Customer.rep)] = None
    search: Annotated[Line | None, Has(customer=Customer.id)] = None


async def _customers(look: Look, rows: Sequence[RowMapping]) -> list[CustomerOut]:
    return [CustomerOut.show(row, look.today) for row in rows]


async def _accounts(look: Look, rows: Sequence[RowMapping]) -> list[AccountOut]:
    return [AccountOut.show(row, look.today) for row in rows]


CUSTOMERS = Listing(CustomerOut, CustomerQuery, CUSTOMER_ROWS, id=Customer.id, scope=OWN_CUSTOMERS, shape=_customers)
ACCOUNTS = Listing(
    AccountOut,
    ListQuery,
    select(*columns_of(CreditAccount)),
    id=CreditAccount.id,
    scope=accounts_of,
    shape=_accounts,
)


async def _changed(work: CurrentWork, customer: Customer) -> CustomerOut:
    return await CUSTOMERS.one(await work.look(), customer.id, CUSTOMER_NOT_FOUND(customer=customer.id))


@router.post("/customers", status_code=201)
@allow(Role.SALES_REP)
async def open_customer(body: OpenCustomer, work: CurrentWork) -> CustomerOut:
    """Open a customer; it starts ungraded with limit 0 (2-5.2)."""
    return await _changed(work, await opening.open_customer(work, body))


@router.get("/customers")
@allow(*READERS, Role.ADMINISTRATOR)
async def list_customers(look: CurrentLook, query: Annotated[CustomerQuery, Query()]) -> Page[CustomerOut] | File:
    """Customers, newest first; a rep sees his own."""
    graded = [grade_on(CreditAccount, look.today) == query.grade] if query.grade else []
    return await CUSTOMERS.page(look, query, *graded)


@router.get("/customers/{customer_id}")
@allow(*READERS, Role.ADMINISTRATOR)
async def get_customer(customer_id: UUID, look: CurrentLook) -> CustomerOut:
    """One customer; a colleague's customer does not exist for a rep."""
    return await CUSTOMERS.one(look, customer_id, CUSTOMER_NOT_FOUND(customer=customer_id))


@router.put("/customers/{customer_id}/rep")
@allow(Role.SALES_MANAGER)
async def assign_rep(customer_id: UUID, body: AssignRep, work: CurrentWork) -> CustomerOut:
    """Give the customer to another rep."""
    return await _changed(work, await assigning.assign_rep(work, customer_id, body))


@router.get("/credit-accounts/{account_id}")
@allow(*READERS, Role.ADMINISTRATOR)
async def get_account(account_id: UUID, look: CurrentLook) -> AccountOut:
    """One credit account; a rep sees those of his customers."""
    return await ACCOUNTS.one(look, account_id, ACCOUNT_NOT_FOUND(account=account_id))


import_routes(router, CUSTOMER_IMPORT)
