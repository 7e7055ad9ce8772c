"""HTTP of the returns feature."""

from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import Select, select

from complaint_svc.customers.scope import LIST_READERS, in_scope
from complaint_svc.customers.store import Customer
from complaint_svc.deliveries.lines import each_line_once
from complaint_svc.returns import service
from complaint_svc.returns.rules import Result
from complaint_svc.returns.store import Return, ReturnLine
from complaint_svc.returns.views import ReturnOut, returns_where, shape
from fangxing.database import reading
from fangxing.decision_log import VerdictRow
from fangxing.money import Tons
from fangxing.roles import Role
from fangxing.text import Code, Language, Paragraph
from fangxing.verdicts import localized
from fangxing.web.access import allow
from fangxing.web.edge import Caller, CallerLanguage, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page

router = edge_router("returns", "/returns")


class ReceivedLine(BaseModel):
    """Tons received of one line; 0.000 where nothing of it came."""

    model_config = ConfigDict(extra="forbid")
    line: int = Field(ge=1)
    received_tons: Tons


class ReceiveReturn(BaseModel):
    """The warehouse keeper's receipt of a return: every line once."""

    model_config = ConfigDict(extra="forbid")
    lines: list[ReceivedLine] = Field(min_length=1, max_length=200)
    note: Paragraph | None = None

    _once = field_validator("lines")(each_line_once)


class InspectedLine(BaseModel):
    """Tons accepted of one line; 0.000 rejects it."""

    model_config = ConfigDict(extra="forbid")
    line: int = Field(ge=1)
    accepted_tons: Tons


class InspectReturn(BaseModel):
    """Quality's inspection: every received line once. The verdict is derived; one that is given must agree."""

    model_config = ConfigDict(extra="forbid")
    lines: list[InspectedLine] = Field(min_length=1, max_length=200)
    findings: Paragraph | None = None
    verdict: Result | None = None

    _once = field_validator("lines")(each_line_once)


class CancelReturn(BaseModel):
    """Why an approved return will not come."""

    model_config = ConfigDict(extra="forbid")
    reason: Paragraph


class ReturnAnswer(ReturnOut):
    """A return after a step that rules may refuse; refused, it is unchanged and the verdict says why."""

    allowed: bool
    verdict: dict[str, Any]


@router.get("")
@allow(*LIST_READERS)
async def list_returns(
    reader: CurrentReader,
    caller: Caller,
    status: Literal["proposed", "refused", "approved", "cancelled", "received", "inspected"] | None = None,
    complaint_id: UUID | None = None,
    customer_id: UUID | None = None,
    delivery_note_id: UUID | None = None,
    lot: Code | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ReturnOut]:
    """Returns, newest first; a rep sees those of his customers."""
    statement = in_scope(_select(), caller)
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
        lambda row: UUID(str(row["id"])),
        sorts={"value": Return.value, "number": Return.number},
        id=Return.id,
        sort=sort,
        after=after,
        limit=limit,
    )
    async with reading(reader) as session:
        found = {returned.id: returned for returned in await returns_where(session, Return.id.in_(rows.items))}
    return Page(items=[found[return_id] for return_id in rows.items], next=rows.next)


def _select() -> Select[Any]:
    return select(Return.id).join(Customer, Customer.id == Return.customer_id)


@router.get("/{return_id}")
@allow(*LIST_READERS)
async def get_return(return_id: UUID, reader: CurrentReader, caller: Caller) -> ReturnOut:
    """One return; that of a colleague's customer does not exist for a rep."""
    seen = (await reader.execute(in_scope(_select().where(Return.id == return_id), caller))).first()
    if seen is None:
        raise service.RETURN_NOT_FOUND(returned=return_id)
    async with reading(reader) as session:
        return (await returns_where(session, Return.id == return_id))[0]


@router.post("/{return_id}/receipt")
@allow(Role.WAREHOUSE_KEEPER)
async def receive_return(
    return_id: UUID, body: ReceiveReturn, work: CurrentWork, language: CallerLanguage
) -> ReturnAnswer:
    """Receive an approved return (6-3); more than was approved is refused."""
    received: dict[int, Decimal] = {line.line: line.received_tons for line in body.lines}
    returned, verdict = await service.receive(work, return_id, received, body.note)
    return _answer(returned, verdict, language)


@router.post("/{return_id}/inspection")
@allow(Role.QUALITY)
async def inspect_return(
    return_id: UUID, body: InspectReturn, work: CurrentWork, language: CallerLanguage
) -> ReturnAnswer:
    """Inspect a received return (6-3), once; more than was received is refused."""
    accepted: dict[int, Decimal] = {line.line: line.accepted_tons for line in body.lines}
    returned, verdict = await service.inspect(work, return_id, accepted, body.findings, body.verdict)
    return _answer(returned, verdict, language)


@router.post("/{return_id}/cancellation")
@allow(Role.SALES_REP, Role.SALES_MANAGER)
async def cancel_return(return_id: UUID, body: CancelReturn, work: CurrentWork) -> ReturnOut:
    """Cancel an approved return that will not come."""
    return shape(await service.cancel(work, return_id, body.reason))


def _answer(returned: Return, verdict: VerdictRow, language: Language) -> ReturnAnswer:
    plain = {name: getattr(shape(returned), name) for name in ReturnOut.model_fields}
    return ReturnAnswer(allowed=verdict.allowed, verdict=localized(verdict.content, language), **plain)
