"""HTTP of the credit feature: what shipping has in force, and the GM's exceptions in writing."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from fangxing.roles import Role
from fangxing.web.access import allow
from fangxing.web.edge import Caller, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page
from shipping_svc.credit import granting
from shipping_svc.credit.access import ACCOUNT_READERS, EXCEPTION_READERS, account_seen_by
from shipping_svc.credit.shapes import AccountOut, ExceptionOut, GrantException, RevokeException
from shipping_svc.credit.store import CreditException

router = edge_router("credit")


@router.get("/credit-accounts/{account_id}")
@allow(*ACCOUNT_READERS)
async def get_account(account_id: UUID, reader: CurrentReader, caller: Caller) -> AccountOut:
    """One credit account; a rep sees those of his customers."""
    return AccountOut.show(await account_seen_by(reader, caller, account_id))


@router.post("/credit-exceptions", status_code=201)
@allow(Role.GENERAL_MANAGER)
async def grant_exception(body: GrantException, work: CurrentWork) -> ExceptionOut:
    """Grant a written exception (2-5.3.2)."""
    return ExceptionOut.show(await granting.grant_exception(work, body))


@router.post("/credit-exceptions/{exception_id}/revocation")
@allow(Role.GENERAL_MANAGER)
async def revoke_exception(exception_id: UUID, body: RevokeException, work: CurrentWork) -> ExceptionOut:
    """Take a written exception back (2-5.3.2)."""
    return ExceptionOut.show(await granting.revoke_exception(work, exception_id, body))


@router.get("/credit-exceptions")
@allow(*EXCEPTION_READERS)
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
