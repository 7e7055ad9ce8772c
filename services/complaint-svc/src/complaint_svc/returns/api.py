"""HTTP of the returns feature."""

from uuid import UUID

from sqlalchemy import select

from complaint_svc.reference.access import LIST_READERS, in_scope
from complaint_svc.returns import cancelling, inspecting, receiving
from complaint_svc.returns.reading import read_return, read_returns
from complaint_svc.returns.rules import MOVES, ReturnAction, ReturnStatus
from complaint_svc.returns.shapes import CancelReturn, InspectReturn, ReceiveReturn, ReturnAnswer, ReturnOut
from complaint_svc.returns.store import RETURN_IDS, Return, ReturnLine
from fangxing.database import reading
from fangxing.text import Code
from fangxing.web.access import allow
from fangxing.web.edge import Caller, CallerLanguage, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page

router = edge_router("returns", "/returns")


@router.get("")
@allow(*LIST_READERS)
async def list_returns(
    reader: CurrentReader,
    caller: Caller,
    status: ReturnStatus | None = None,
    complaint_id: UUID | None = None,
    customer_id: UUID | None = None,
    delivery_note_id: UUID | None = None,
    lot: Code | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ReturnOut]:
    """Returns, newest first; a rep sees those of his customers."""
    statement = in_scope(RETURN_IDS, caller)
    wanted = {
        Return.status: status,
        Return.complaint_id: complaint_id,
        Return.customer_id: customer_id,
        Return.delivery_note_id: delivery_note_id,
    }
    for column, value in wanted.items():
        if value is not None:
            statement = statement.where(column == value)
    if lot is not None:
        statement = statement.where(Return.id.in_(select(ReturnLine.return_id).where(ReturnLine.lot == lot)))
    rows = await page(
        reader,
        statement,
        lambda row: row["id"],
        sorts={"value": Return.value, "number": Return.number},
        id=Return.id,
        sort=sort,
        after=after,
        limit=limit,
    )
    async with reading(reader) as tx:
        return Page(items=await read_returns(tx, rows.items), next=rows.next)


@router.get("/{return_id}")
@allow(*LIST_READERS)
async def get_return(return_id: UUID, reader: CurrentReader, caller: Caller) -> ReturnOut:
    """One return; that of a colleague's customer does not exist for a rep."""
    async with reading(reader) as tx:
        return await read_return(tx, return_id, caller)


@router.post("/{return_id}/receipt")
@allow(MOVES[ReturnAction.RECEIVE])
async def receive_return(
    return_id: UUID, body: ReceiveReturn, work: CurrentWork, language: CallerLanguage
) -> ReturnAnswer:
    """Receive an approved return (6-3); more than was approved is refused."""
    returned, verdict = await receiving.receive(work, return_id, body)
    return ReturnAnswer.judged(returned, verdict, language)


@router.post("/{return_id}/inspection")
@allow(MOVES[ReturnAction.INSPECT])
async def inspect_return(
    return_id: UUID, body: InspectReturn, work: CurrentWork, language: CallerLanguage
) -> ReturnAnswer:
    """Inspect a received return (6-3), once; more than was received is refused."""
    returned, verdict = await inspecting.inspect(work, return_id, body)
    return ReturnAnswer.judged(returned, verdict, language)


@router.post("/{return_id}/cancellation")
@allow(MOVES[ReturnAction.CANCEL])
async def cancel_return(return_id: UUID, body: CancelReturn, work: CurrentWork) -> ReturnOut:
    """Cancel an approved return that will not come."""
    return ReturnOut.show(await cancelling.cancel(work, return_id, body))
