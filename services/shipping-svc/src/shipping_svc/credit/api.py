"""HTTP of the credit feature: what shipping has in force."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from fangxing.errors import ErrorType, Kind
from fangxing.money import Currency, PositiveYuan, Yuan
from fangxing.roles import Role
from fangxing.text import Paragraph
from fangxing.web.access import allow
from fangxing.web.edge import Caller, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page
from shipping_svc.credit import exceptions
from shipping_svc.credit.audit import differences
from shipping_svc.credit.position import SNAPSHOT
from shipping_svc.credit.store import CreditAccount, CreditException
from shipping_svc.orders.store import Customer

router = edge_router("credit")

READERS = (
    Role.SALES_REP,
    Role.SALES_MANAGER,
    Role.GENERAL_MANAGER,
    Role.FINANCE_MANAGER,
    Role.ACCOUNTANT,
    Role.AUDIT_MANAGER,
    Role.ADMINISTRATOR,
)

ACCOUNT_NOT_FOUND = ErrorType(
    "credit-account-not-found", Kind.NOT_FOUND, "没有信用账户 {account}", "There is no credit account {account}"
)


class AccountOut(BaseModel):
    """A credit account as shipping decides on it; amounts in yuan, `limit` null for no cap. `hold`: no trust yet."""

    id: UUID
    exposure: Yuan
    grade: str
    limit: Yuan | None
    grade_until: date | None
    hold: bool
    released: Yuan
    shipped_total: Yuan
    prepaid_used_total: Yuan
    receivable: Yuan
    written_off: Yuan
    settled_total: Yuan
    prepaid_total: Yuan
    next_due: date | None
    overdue_amount: Yuan
    overdue_since: date | None
    epoch: int
    version: int
    customer_epoch: int
    customer_version: int


class DifferenceOut(BaseModel):
    """A stored figure that is not what the notices and delivery notes say."""

    account_id: UUID
    figure: str
    stored: Yuan
    documents: Yuan


class GrantException(BaseModel):
    """The GM's written exception: credit up to an exposure of `ceiling` yuan, until a date."""

    model_config = ConfigDict(extra="forbid")
    customer_id: UUID
    ceiling: PositiveYuan
    currency: Currency = "CNY"
    valid_until: date
    reason: Paragraph


class ExceptionOut(BaseModel):
    """An exception in writing; `ended_by` revoked it, or granted the one that replaced it."""

    id: UUID
    customer_id: UUID
    account_id: UUID
    ceiling: Yuan
    valid_until: date
    reason: str
    granted_by: str
    ended_by: str | None
    ended_because: str | None


class RevokeException(BaseModel):
    """Why the exception is taken back."""

    model_config = ConfigDict(extra="forbid")
    reason: Paragraph


@router.get("/position/differences")
@allow(Role.ACCOUNTANT, Role.FINANCE_MANAGER, Role.AUDIT_MANAGER, Role.ADMINISTRATOR)
async def position_differences(reader: CurrentReader) -> list[DifferenceOut]:
    """The stored positions held against the documents; empty when rebuilt = live."""
    return [DifferenceOut.model_validate(item, from_attributes=True) for item in await differences(reader)]


@router.get("/credit-accounts/{account_id}")
@allow(*READERS)
async def get_account(account_id: UUID, reader: CurrentReader, caller: Caller) -> AccountOut:
    """One credit account; a rep sees those of his customers."""
    statement = select(*SNAPSHOT).where(CreditAccount.id == account_id)
    if caller.only_own_customers:
        own = select(Customer.id).where(Customer.account_id == account_id, Customer.rep == caller.id)
        statement = statement.where(own.exists())
    row = (await reader.execute(statement)).mappings().first()
    if row is None:
        raise ACCOUNT_NOT_FOUND(account=account_id)
    return AccountOut.model_validate({**row})


@router.post("/credit-exceptions", status_code=201)
@allow(Role.GENERAL_MANAGER)
async def grant_exception(body: GrantException, work: CurrentWork) -> ExceptionOut:
    """Grant a written exception (2-5.3.2)."""
    exception = await exceptions.grant(
        work,
        customer_id=body.customer_id,
        ceiling=Decimal(body.ceiling),
        valid_until=body.valid_until,
        reason=body.reason,
    )
    return ExceptionOut.model_validate(exception, from_attributes=True)


@router.post("/credit-exceptions/{exception_id}/revocation")
@allow(Role.GENERAL_MANAGER)
async def revoke_exception(exception_id: UUID, body: RevokeException, work: CurrentWork) -> ExceptionOut:
    """Take a written exception back (2-5.3.2)."""
    exception = await exceptions.revoke(work, exception_id, body.reason)
    return ExceptionOut.model_validate(exception, from_attributes=True)


@router.get("/credit-exceptions")
@allow(*[role for role in READERS if role is not Role.SALES_REP])
async def list_exceptions(
    reader: CurrentReader,
    customer_id: UUID | None = None,
    valid_on: date | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ExceptionOut]:
    """Exceptions, newest first; `valid_on` keeps those that, as things stand, are in force on a day."""
    statement = select(CreditException.__table__)
    if customer_id is not None:
        statement = statement.where(CreditException.customer_id == customer_id)
    if valid_on is not None:
        statement = statement.where(CreditException.valid_until >= valid_on, CreditException.ended_at.is_(None))
    return await page(
        reader,
        statement,
        lambda row: ExceptionOut.model_validate(dict(row)),
        sorts={"valid_until": CreditException.valid_until},
        id=CreditException.id,
        sort=sort,
        after=after,
        limit=limit,
    )
