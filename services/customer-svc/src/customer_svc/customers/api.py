"""HTTP of the customers and of their credit accounts."""

from uuid import UUID

from sqlalchemy import select

from customer_svc.accounts.errors import ACCOUNT_NOT_FOUND
from customer_svc.accounts.shapes import AccountOut
from customer_svc.accounts.store import CreditAccount, grade_as_of
from customer_svc.customers import assigning, opening
from customer_svc.customers.access import READERS
from customer_svc.customers.errors import CUSTOMER_NOT_FOUND
from customer_svc.customers.shapes import AssignRep, CustomerOut, OpenCustomer
from customer_svc.customers.store import CUSTOMERS, Customer
from customer_svc.tables import columns_of
from fangxing.positions import Grade
from fangxing.roles import Role
from fangxing.text import Code, Line
from fangxing.web.access import allow
from fangxing.web.edge import Caller, CurrentReader, CurrentRuntime, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page

router = edge_router("customers")


@router.post("/customers", status_code=201)
@allow(Role.SALES_REP)
async def open_customer(body: OpenCustomer, work: CurrentWork) -> CustomerOut:
    """Open a customer; it starts ungraded with limit 0 (2-5.2)."""
    return await _shown(work, await opening.open_customer(work, body))


@router.get("/customers")
@allow(*READERS, Role.ADMINISTRATOR)
async def list_customers(
    reader: CurrentReader,
    caller: Caller,
    runtime: CurrentRuntime,
    name: Line | None = None,
    grade: Grade | None = None,
    rep: Code | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[CustomerOut]:
    """Customers, newest first; a rep sees his own."""
    today = (await runtime.clock.time(reader)).today
    statement = CUSTOMERS
    if caller.only_own_customers:
        statement = statement.where(Customer.rep == caller.id)
    if rep is not None:
        statement = statement.where(Customer.rep == rep)
    if name is not None:
        statement = statement.where(Customer.name.contains(name, autoescape=True))
    if grade is not None:
        statement = statement.where(grade_as_of(today) == grade)
    return await page(
        reader,
        statement,
        lambda row: CustomerOut.show(row, today),
        sorts={"name": Customer.name, "number": Customer.number, "exposure": CreditAccount.exposure},
        id=Customer.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.get("/customers/{customer_id}")
@allow(*READERS, Role.ADMINISTRATOR)
async def get_customer(
    customer_id: UUID, reader: CurrentReader, caller: Caller, runtime: CurrentRuntime
) -> CustomerOut:
    """One customer; a colleague's customer does not exist for a rep."""
    row = (await reader.execute(CUSTOMERS.where(Customer.id == customer_id))).mappings().first()
    if row is None or (caller.only_own_customers and row["rep"] != caller.id):
        raise CUSTOMER_NOT_FOUND(customer=customer_id)
    return CustomerOut.show(row, (await runtime.clock.time(reader)).today)


@router.put("/customers/{customer_id}/rep")
@allow(Role.SALES_MANAGER)
async def assign_rep(customer_id: UUID, body: AssignRep, work: CurrentWork) -> CustomerOut:
    """Give the customer to another rep."""
    return await _shown(work, await assigning.assign_rep(work, customer_id, body))


@router.get("/credit-accounts/{account_id}")
@allow(*READERS, Role.ADMINISTRATOR)
async def get_account(account_id: UUID, reader: CurrentReader, caller: Caller, runtime: CurrentRuntime) -> AccountOut:
    """One credit account; a rep sees those of his customers."""
    statement = select(*columns_of(CreditAccount)).where(CreditAccount.id == account_id)
    if caller.only_own_customers:
        own = select(Customer.id).where(Customer.account_id == account_id, Customer.rep == caller.id)
        statement = statement.where(own.exists())
    row = (await reader.execute(statement)).mappings().first()
    if row is None:
        raise ACCOUNT_NOT_FOUND(account=account_id)
    return AccountOut.show(row, (await runtime.clock.time(reader)).today)


async def _shown(work: CurrentWork, customer: Customer) -> CustomerOut:
    await work.tx.flush()
    row = (await work.tx.execute(CUSTOMERS.where(Customer.id == customer.id))).mappings().one()
    return CustomerOut.show(row, work.today)
