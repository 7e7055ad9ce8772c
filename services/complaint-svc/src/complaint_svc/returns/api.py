"""HTTP of the returns feature."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import ColumnElement, select
from sqlalchemy.engine import RowMapping

from complaint_svc.reference.access import CUSTOMERS, LIST_READERS
from complaint_svc.reference.store import Customer
from complaint_svc.returns import cancelling, inspecting, receiving
from complaint_svc.returns.reading import read_return, read_returns
from complaint_svc.returns.rules import MOVES, ReturnAction, ReturnStatus
from complaint_svc.returns.shapes import (
    CancelReturn,
    InspectReturn,
    ReceiveReturn,
    ReturnAnswer,
    ReturnDetail,
    ReturnOut,
)
from complaint_svc.returns.store import Return, ReturnLine
from fangxing.answers import HistoryOut
from fangxing.text import Code, Line
from fangxing.web.access import allow
from fangxing.web.edge import CallerLanguage, CurrentLook, CurrentPolicies, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.history import history_of
from fangxing.web.listing import By, File, Has, Is, Listing, ListQuery, Page, Where
from fangxing.work import Look, Work

router = edge_router("returns", "/returns")


def _of_lot(lot: str) -> ColumnElement[bool]:
    return Return.id.in_(select(ReturnLine.return_id).where(ReturnLine.lot == lot))


class ReturnQuery(ListQuery):
    """What the list of returns can be asked."""

    sort: Annotated[str, By(Return.value, Return.number)] = "-id"
    status: Annotated[ReturnStatus | None, Is(Return.status)] = None
    complaint_id: Annotated[UUID | None, Is(Return.complaint_id)] = None
    customer_id: Annotated[UUID | None, Is(Return.customer_id)] = None
    delivery_note_id: Annotated[UUID | None, Is(Return.delivery_note_id)] = None
    lot: Annotated[Code | None, Where(_of_lot)] = None
    search: Annotated[Line | None, Has(number=Return.number, customer=Return.customer_id)] = None


async def _shape(look: Look, rows: Sequence[RowMapping]) -> list[ReturnOut]:
    return await read_returns(look, [row["id"] for row in rows])


RETURNS = Listing(
    ReturnOut,
    ReturnQuery,
    select(Return.id).join(Customer, Customer.id == Return.customer_id),
    id=Return.id,
    scope=CUSTOMERS,
    shape=_shape,
)


@router.get("")
@allow(*LIST_READERS)
async def list_returns(look: CurrentLook, query: Annotated[ReturnQuery, Query()]) -> Page[ReturnOut] | File:
    """Returns, newest first; a rep sees those of his customers."""
    return await RETURNS.page(look, query)


@router.get("/{return_id}")
@allow(*LIST_READERS)
async def get_return(return_id: UUID, look: CurrentLook, policies: CurrentPolicies) -> ReturnDetail:
    """One return; that of a colleague's customer does not exist for a rep."""
    await RETURNS.check(look, return_id, Return.not_found(return_id))
    return await read_return(look, return_id, policies)


@router.get("/{return_id}/history")
@allow(*LIST_READERS)
async def get_history(return_id: UUID, look: CurrentLook) -> list[HistoryOut]:
    """What was done with a return, and by whom; oldest first."""
    return await history_of(look, RETURNS, Return, return_id)


@router.post("/{return_id}/receipt")
@allow(MOVES[ReturnAction.RECEIVE])
async def receive_return(
    return_id: UUID, body: ReceiveReturn, work: CurrentWork, language: CallerLanguage
) -> ReturnAnswer:
    """Receive an approved return (6-3); more than was approved is refused."""
    returned, verdict = await receiving.receive(work, return_id, body)
    return ReturnAnswer.judged(await _shown(work, returned), verdict, language)


@router.post("/{return_id}/inspection")
@allow(MOVES[ReturnAction.INSPECT])
async def inspect_return(
    return_id: UUID, body: InspectReturn, work: CurrentWork, language: CallerLanguage
) -> ReturnAnswer:
    """Inspect a received return (6-3), once and by another than who received it; more than was received is refused."""
    returned, verdict = await inspecting.inspect(work, return_id, body)
    return ReturnAnswer.judged(await _shown(work, returned), verdict, language)


@router.post("/{return_id}/cancellation")
@allow(MOVES[ReturnAction.CANCEL])
async def cancel_return(return_id: UUID, body: CancelReturn, work: CurrentWork) -> ReturnDetail:
    """Cancel an approved return that will not come."""
    return await _shown(work, await cancelling.cancel(work, return_id, body))


async def _shown(work: Work, returned: Return) -> ReturnDetail:
    return await read_return(await work.look(), returned.id, await work.policies())
