"""HTTP of the credit feature: what shipping has in force, and the GM's exceptions in writing."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import select

from fangxing.answers import HistoryOut
from fangxing.offers import possible_actions
from fangxing.organisation.people import name_of
from fangxing.policies import PolicyBook
from fangxing.text import Line
from fangxing.web.access import allow
from fangxing.web.edge import CurrentLook, CurrentPolicies, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.history import history_of
from fangxing.web.listing import By, File, Has, Is, Listing, ListQuery, Page, Where
from fangxing.work import Look, Work
from shipping_svc.credit import granting
from shipping_svc.credit.access import ACCOUNT_READERS, EXCEPTION_READERS, account_seen_by
from shipping_svc.credit.rules import MOVES, ExceptionAction, ExceptionStatus
from shipping_svc.credit.shapes import AccountOut, ExceptionDetail, ExceptionOut, GrantException, RevokeException
from shipping_svc.credit.store import CreditException
from shipping_svc.reference.access import CUSTOMERS
from shipping_svc.reference.store import Customer

router = edge_router("credit")


class ExceptionQuery(ListQuery):
    """What the list of exceptions can be asked; `valid_on` keeps those that, as things stand, are in force on a day."""

    sort: Annotated[str, By(CreditException.valid_until)] = "-id"
    customer_id: Annotated[UUID | None, Is(CreditException.customer_id)] = None
    status: Annotated[ExceptionStatus | None, Is(CreditException.status)] = None
    valid_on: Annotated[
        date | None,
        Where(
            lambda day: (CreditException.valid_until >= day) & (CreditException.status == ExceptionStatus.GRANTED),
        ),
    ] = None
    search: Annotated[Line | None, Has(customer=CreditException.customer_id)] = None


EXCEPTIONS = Listing(
    ExceptionOut,
    ExceptionQuery,
    select(
        CreditException.__table__,
        Customer.name.label("customer_name"),
        name_of(CreditException.author).label("author_name"),
    ).join_from(CreditException, Customer, CreditException.customer_id == Customer.id),
    id=CreditException.id,
    scope=CUSTOMERS,
)


async def _show(look: Look, exception_id: UUID, book: PolicyBook) -> ExceptionDetail:
    row = await EXCEPTIONS.one(look, exception_id, CreditException.not_found(exception_id))
    possible = await possible_actions(look, CreditException, exception_id, book)
    return ExceptionDetail.model_validate({**dict(row), "actions": possible})


async def _done(work: Work, exception: CreditException) -> ExceptionDetail:
    return await _show(await work.look(), exception.id, await work.policies())


@router.get("/credit-accounts/{account_id}")
@allow(*ACCOUNT_READERS)
async def get_account(account_id: UUID, look: CurrentLook) -> AccountOut:
    """One credit account; a rep sees those of his customers."""
    return AccountOut.show(await account_seen_by(look.reader, look.caller, account_id))


@router.post("/credit-exceptions", status_code=201)
@allow(MOVES[ExceptionAction.GRANT])
async def grant_exception(body: GrantException, work: CurrentWork) -> ExceptionDetail:
    """Grant a written exception (2-5.3.2)."""
    return await _done(work, await granting.grant_exception(work, body))


@router.post("/credit-exceptions/{exception_id}/revocation")
@allow(MOVES[ExceptionAction.REVOKE])
async def revoke_exception(exception_id: UUID, body: RevokeException, work: CurrentWork) -> ExceptionDetail:
    """Take a written exception back (2-5.3.2)."""
    return await _done(work, await granting.revoke_exception(work, exception_id, body))


@router.get("/credit-exceptions")
@allow(*EXCEPTION_READERS)
async def list_exceptions(look: CurrentLook, query: Annotated[ExceptionQuery, Query()]) -> Page[ExceptionOut] | File:
    """Exceptions, newest first."""
    return await EXCEPTIONS.page(look, query)


@router.get("/credit-exceptions/{exception_id}")
@allow(*EXCEPTION_READERS)
async def get_exception(exception_id: UUID, look: CurrentLook, book: CurrentPolicies) -> ExceptionDetail:
    """One exception."""
    return await _show(look, exception_id, book)


@router.get("/credit-exceptions/{exception_id}/history")
@allow(*EXCEPTION_READERS)
async def get_exception_history(exception_id: UUID, look: CurrentLook) -> list[HistoryOut]:
    """What was done with an exception, by whom and when, oldest first."""
    return await history_of(look, EXCEPTIONS, CreditException, exception_id)
