"""HTTP of the customers feature."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from customer_svc.credit.store import CreditAccount
from customer_svc.customers import service
from customer_svc.customers.events import Terms
from customer_svc.customers.store import Customer
from fangxing.money import Yuan, YuanOrZero
from fangxing.roles import Role
from fangxing.text import Code, Line
from fangxing.web.access import allow
from fangxing.web.edge import Caller, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page

router = edge_router("customers", "/customers")

READERS = (
    Role.SALES_REP,
    Role.SALES_MANAGER,
    Role.GENERAL_MANAGER,
    Role.FINANCE_MANAGER,
    Role.ACCOUNTANT,
    Role.AUDIT_MANAGER,
    Role.ADMINISTRATOR,
)


class TermsIn(BaseModel):
    """Settlement terms: credit of 1 to 180 days, payment before shipping, or cash on delivery."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["credit", "prepaid", "cash_on_delivery"]
    days: int = Field(default=0, ge=0, le=180)


class OpenCustomer(BaseModel):
    """A new customer's file 客户基本资料表."""

    model_config = ConfigDict(extra="forbid")
    number: Code
    name: Line
    address: Line
    contact: Line
    terms: TermsIn


class AssignRep(BaseModel):
    """The rep who takes a customer over."""

    model_config = ConfigDict(extra="forbid")
    rep: Code


class CustomerOut(BaseModel):
    """A customer with the credit in force."""

    id: UUID
    number: str
    name: str
    account_id: UUID
    rep: str
    address: str
    contact: str
    terms: Terms
    opened_on: date
    grade: str
    limit: YuanOrZero | None = Field(description="yuan; null: no cap (grade A)")
    exposure: Yuan


_COLUMNS = select(
    Customer.__table__, CreditAccount.grade, CreditAccount.limit.label("limit"), CreditAccount.exposure
).join_from(Customer, CreditAccount, Customer.account_id == CreditAccount.id)


def _shape(row: RowMapping) -> CustomerOut:
    plain = {name: row[name] for name in CustomerOut.model_fields if name != "terms"}
    return CustomerOut(terms=Terms(kind=row["terms_kind"], days=row["terms_days"]), **plain)


@router.post("", status_code=201)
@allow(Role.SALES_REP)
async def open_customer(body: OpenCustomer, work: CurrentWork) -> CustomerOut:
    """Open a customer; it starts ungraded with limit 0 (2-5.2)."""
    terms = Terms(kind=body.terms.kind, days=body.terms.days)
    customer = await service.open_customer(
        work, number=body.number, name=body.name, address=body.address, contact=body.contact, terms=terms
    )
    return await _one(work, customer.id)


@router.get("")
@allow(*READERS)
async def list_customers(
    reader: CurrentReader,
    caller: Caller,
    name: Line | None = None,
    grade: Literal["A", "B", "C", "D", "ungraded"] | None = None,
    rep: Code | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[CustomerOut]:
    """Customers, newest first; a rep sees his own."""
    statement = _COLUMNS
    if caller.only_own_customers:
        statement = statement.where(Customer.rep == caller.id)
    if rep is not None:
        statement = statement.where(Customer.rep == rep)
    if name is not None:
        statement = statement.where(Customer.name.contains(name, autoescape=True))
    if grade is not None:
        statement = statement.where(CreditAccount.grade == grade)
    return await page(
        reader,
        statement,
        _shape,
        sorts={"name": Customer.name, "number": Customer.number, "exposure": CreditAccount.exposure},
        id=Customer.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.get("/{customer_id}")
@allow(*READERS)
async def get_customer(customer_id: UUID, reader: CurrentReader, caller: Caller) -> CustomerOut:
    """One customer; a colleague's customer does not exist for a rep."""
    row = (await reader.execute(_COLUMNS.where(Customer.id == customer_id))).mappings().first()
    if row is None or (caller.only_own_customers and row["rep"] != caller.id):
        raise service.CUSTOMER_NOT_FOUND(customer=customer_id)
    return _shape(row)


@router.put("/{customer_id}/rep")
@allow(Role.SALES_MANAGER)
async def assign_rep(customer_id: UUID, body: AssignRep, work: CurrentWork) -> CustomerOut:
    """Give the customer to another rep."""
    await service.assign_rep(work, customer_id, body.rep)
    return await _one(work, customer_id)


async def _one(work: CurrentWork, customer_id: UUID) -> CustomerOut:
    await work.tx.flush()
    return _shape((await work.tx.execute(_COLUMNS.where(Customer.id == customer_id))).mappings().one())
