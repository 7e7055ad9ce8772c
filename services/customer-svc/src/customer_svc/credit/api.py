"""HTTP of the credit feature."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Select, or_, select
from sqlalchemy.engine import RowMapping

from customer_svc.credit import service
from customer_svc.credit.policies import DECIDERS
from customer_svc.credit.position import ACCOUNT_NOT_FOUND
from customer_svc.credit.store import CreditAccount, CreditApplication
from customer_svc.customers.store import Customer
from fangxing import approvals
from fangxing.approvals import Decide
from fangxing.auth import Principal
from fangxing.money import Currency, PositiveYuan, Yuan
from fangxing.roles import Role
from fangxing.text import Line, Paragraph
from fangxing.web.access import allow
from fangxing.web.edge import Caller, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page
from fangxing.work import Work

router = edge_router("credit")

FINANCE = (Role.ACCOUNTANT, Role.FINANCE_MANAGER)
READERS = (*FINANCE, Role.SALES_REP, Role.SALES_MANAGER, Role.GENERAL_MANAGER, Role.AUDIT_MANAGER)


class ApplyForCredit(BaseModel):
    """An application for a grade and a limit; a limit goes with grade B alone."""

    model_config = ConfigDict(extra="forbid")
    customer_id: UUID
    grade: Literal["A", "B", "C", "D", "ungraded"]
    limit: PositiveYuan | None = None
    currency: Currency = "CNY"
    reasons: Paragraph


class ApplicationOut(BaseModel):
    """An application with its approval."""

    id: UUID
    customer_id: UUID
    account_id: UUID
    grade: str
    limit: Yuan | None
    reasons: str
    applied_by: str
    applied_at: datetime
    status: str
    decided_on: date | None
    entered_by: str | None
    entered_on: date | None
    approval: dict[str, Any]


class ApplicationLine(BaseModel):
    """An application in a list."""

    id: UUID
    customer_id: UUID
    grade: str
    limit: Yuan | None
    applied_by: str
    applied_at: datetime
    status: str


class AccountOut(BaseModel):
    """A credit account: exposure 欠款额度 and everything it is made of, in yuan; `limit` null means no cap.

    `in_force_at_shipping` tells whether shipping has seen this position: decided and in force are one.
    `shipping_unreadable`: shipping's figures are stale, its newest could not be read.
    """

    id: UUID
    grade: str
    limit: Yuan | None
    grade_until: date | None
    exposure: Yuan
    receivable: Yuan
    written_off: Yuan
    settled_total: Yuan
    prepaid_total: Yuan
    released: Yuan
    shipped_total: Yuan
    prepaid_used_total: Yuan
    next_due: date | None
    overdue_amount: Yuan
    overdue_since: date | None
    epoch: int
    version: int
    in_force_at_shipping: bool
    shipping_unreadable: bool


class MasterLine(AccountOut):
    """A line of the credit master 客户信用额度总表."""

    customer_id: UUID
    customer_number: str
    customer_name: str
    rep: str


async def _out(work: Work, application: CreditApplication) -> ApplicationOut:
    await work.tx.flush()
    found = await approvals.latest(work.tx, [application.document])
    plain = {name: getattr(application, name) for name in ApplicationOut.model_fields if name != "approval"}
    return ApplicationOut(approval=found[application.document], **plain)


def _applications(caller: Principal) -> Select[Any]:
    """The applications that `caller` may see: a rep those of his customers."""
    table = CreditApplication.__table__
    columns = [CreditApplication.limit.label("limit") if c.name == "limit_amount" else c for c in table.c]
    statement = select(*columns)
    if caller.only_own_customers:
        statement = statement.join(Customer, Customer.id == CreditApplication.customer_id).where(
            Customer.rep == caller.id
        )
    return statement


@router.post("/credit-applications", status_code=201)
@allow(Role.SALES_REP)
async def apply_for_credit(body: ApplyForCredit, work: CurrentWork) -> ApplicationOut:
    """Apply for a grade and a limit (2-5.4.1, 2-5.4.2)."""
    application = await service.apply(
        work, customer_id=body.customer_id, grade=body.grade, limit=body.limit, reasons=body.reasons
    )
    return await _out(work, application)


@router.get("/credit-applications")
@allow(*READERS)
async def list_applications(
    reader: CurrentReader,
    caller: Caller,
    status: Literal["pending", "rejected", "returned", "approved", "in_force", "lapsed"] | None = None,
    customer_id: UUID | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ApplicationLine]:
    """Applications, newest first; a rep sees those of his customers."""
    statement = _applications(caller)
    if status is not None:
        statement = statement.where(CreditApplication.status == status)
    if customer_id is not None:
        statement = statement.where(CreditApplication.customer_id == customer_id)
    return await page(
        reader,
        statement,
        lambda row: ApplicationLine.model_validate(dict(row)),
        sorts={"applied_at": CreditApplication.applied_at},
        id=CreditApplication.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.get("/credit-applications/{application_id}")
@allow(*READERS)
async def get_application(application_id: UUID, reader: CurrentReader, caller: Caller) -> ApplicationOut:
    """One application with its approval; a rep sees those of his customers."""
    statement = _applications(caller).where(CreditApplication.id == application_id)
    row = (await reader.execute(statement)).mappings().first()
    if row is None:
        raise service.APPLICATION_NOT_FOUND(application=application_id)
    document = f"credit-application/{application_id}"
    found = await approvals.read_latest(reader, [document])
    return ApplicationOut(approval=found[document], **row)


@router.post("/credit-applications/{application_id}/decisions")
@allow(*DECIDERS)
async def decide(application_id: UUID, body: Decide, work: CurrentWork) -> ApplicationOut:
    """Approve, reject or return the current step."""
    application = await service.decide(
        work, application_id, body.decision, seen_hash=body.seen_hash, comment=body.comment
    )
    return await _out(work, application)


@router.post("/credit-applications/{application_id}/entry")
@allow(*FINANCE)
async def enter(application_id: UUID, work: CurrentWork) -> ApplicationOut:
    """Enter an approved application in the master (2-5.4.4)."""
    return await _out(work, await service.enter(work, application_id))


_ACCOUNT = [
    CreditAccount.id.label("id"),
    *(
        getattr(CreditAccount, name).label(name)
        for name in AccountOut.model_fields
        if hasattr(CreditAccount, name) and name != "id"
    ),
    CreditAccount.shipping_seen_epoch,
    CreditAccount.shipping_seen_version,
]


def _account(row: RowMapping) -> dict[str, Any]:
    seen = (row["shipping_seen_epoch"], row["shipping_seen_version"])
    return {**row, "in_force_at_shipping": seen >= (row["epoch"], row["version"])}


@router.get("/credit-accounts/{account_id}")
@allow(*READERS, Role.ADMINISTRATOR)
async def get_account(account_id: UUID, reader: CurrentReader, caller: Caller) -> AccountOut:
    """One credit account; a rep sees those of his customers."""
    statement = select(*_ACCOUNT).where(CreditAccount.id == account_id)
    if caller.only_own_customers:
        statement = statement.where(
            select(Customer.id).where(Customer.account_id == account_id, Customer.rep == caller.id).exists()
        )
    row = (await reader.execute(statement)).mappings().first()
    if row is None:
        raise ACCOUNT_NOT_FOUND(account=account_id)
    return AccountOut.model_validate(_account(row))


@router.get("/credit-master")
@allow(*READERS)
async def credit_master(
    reader: CurrentReader,
    caller: Caller,
    grade: Literal["A", "B", "C", "D", "ungraded"] | None = None,
    overdue: bool | None = None,
    search: Line | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[MasterLine]:
    """The credit master 客户信用额度总表: per customer what is decided, and whether shipping has it in force."""
    statement = select(
        *[column for column in _ACCOUNT if column.name != "id"],
        CreditAccount.id.label("id"),
        Customer.id.label("customer_id"),
        Customer.number.label("customer_number"),
        Customer.name.label("customer_name"),
        Customer.rep,
    ).join_from(Customer, CreditAccount, Customer.account_id == CreditAccount.id)
    if caller.only_own_customers:
        statement = statement.where(Customer.rep == caller.id)
    if grade is not None:
        statement = statement.where(CreditAccount.grade == grade)
    if overdue is not None:
        statement = statement.where(CreditAccount.overdue_amount > 0 if overdue else CreditAccount.overdue_amount == 0)
    if search is not None:
        statement = statement.where(
            or_(Customer.name.contains(search, autoescape=True), Customer.number.contains(search, autoescape=True))
        )
    return await page(
        reader,
        statement,
        lambda row: MasterLine.model_validate(_account(row)),
        sorts={"exposure": CreditAccount.exposure, "customer_name": Customer.name, "customer_number": Customer.number},
        id=Customer.id,
        sort=sort,
        after=after,
        limit=limit,
    )
