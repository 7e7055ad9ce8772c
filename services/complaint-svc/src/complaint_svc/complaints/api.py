"""HTTP of the complaints feature."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from complaint_svc.complaints import handling, service
from complaint_svc.complaints.policies import DECIDERS
from complaint_svc.complaints.rules import Channel, ComplaintKind, Road
from complaint_svc.complaints.store import Complaint
from complaint_svc.complaints.views import LINES, ComplaintLine, ComplaintOut, line, whole
from complaint_svc.customers.scope import LIST_READERS, in_scope
from complaint_svc.deliveries.lines import each_line_once
from fangxing.auth import Principal
from fangxing.database import Tx, reading
from fangxing.decision_log import VerdictRow
from fangxing.money import PositiveTons
from fangxing.roles import Role
from fangxing.text import Code, Language, Paragraph, Text
from fangxing.validation import invalid
from fangxing.verdicts import localized
from fangxing.web.access import allow, employees
from fangxing.web.deciding import Decide
from fangxing.web.edge import Caller, CallerLanguage, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page

router = edge_router("complaints", "/complaints")


class RegisterComplaint(BaseModel):
    """What a customer said, by whichever channel it came. `answer_by` is the date the customer named, if any."""

    model_config = ConfigDict(extra="forbid")
    customer_id: UUID
    kind: ComplaintKind
    channel: Channel
    text: Paragraph
    lot: Code | None = None
    delivery_note_id: UUID | None = None
    answer_by: date | None = None


class RouteComplaint(BaseModel):
    """The road a complaint takes and why; `block_lot` asks for the lot to be held back (quality alone)."""

    model_config = ConfigDict(extra="forbid")
    road: Road
    note: Paragraph
    block_lot: bool = False


class ProposedLine(BaseModel):
    """Tons to come back of one line of the delivery note."""

    model_config = ConfigDict(extra="forbid")
    line: int = Field(ge=1)
    tons: PositiveTons


class ProposedReturn(BaseModel):
    """A return against one delivery note."""

    model_config = ConfigDict(extra="forbid")
    delivery_note_id: UUID
    lines: list[ProposedLine] = Field(min_length=1, max_length=200)

    _once = field_validator("lines")(each_line_once)

    def tons(self) -> dict[int, Decimal]:
        """Tons by line."""
        return {line.line: line.tons for line in self.lines}


_TWICE = Text("同一送货单只能出现一次", "each delivery note once")


class SignHandling(BaseModel):
    """Cause and handling 原因调查及处理结果; on road quality with secondary causes and the improvement (6-5.2.2)."""

    model_config = ConfigDict(extra="forbid")
    cause: Paragraph
    secondary_causes: Paragraph | None = None
    improvement: Paragraph | None = None
    handling: Paragraph
    returns: list[ProposedReturn] = Field(default=[], max_length=50)

    @field_validator("returns")
    @classmethod
    def _once(cls, returns: list[ProposedReturn]) -> list[ProposedReturn]:
        if len({returned.delivery_note_id for returned in returns}) < len(returns):
            raise invalid("delivery-note-twice", _TWICE)
        return returns


class CloseComplaint(BaseModel):
    """The day the customer was told what was approved."""

    model_config = ConfigDict(extra="forbid")
    told_customer_on: date
    note: Paragraph


class ComplaintAnswer(ComplaintOut):
    """A complaint after a step that rules may refuse; refused, it is unchanged and the verdict says why."""

    allowed: bool
    verdict: dict[str, Any]


@router.post("", status_code=201)
@employees()
async def register_complaint(body: RegisterComplaint, work: CurrentWork) -> ComplaintOut:
    """Enter what a customer said in the register; open to everybody (6-5.1.1)."""
    complaint = await service.register(work, service.Feedback(**dict(body)))
    return await _one(work, complaint)


@router.get("")
@allow(*LIST_READERS)
async def list_complaints(
    reader: CurrentReader,
    caller: Caller,
    kind: ComplaintKind | None = None,
    status: Literal["registered", "routed", "handled", "approved", "closed"] | None = None,
    road: Road | None = None,
    customer_id: UUID | None = None,
    lot: Code | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ComplaintLine]:
    """The register, newest first; a rep sees his customers' complaints."""
    statement = in_scope(LINES, caller)
    wanted = {
        Complaint.kind: kind,
        Complaint.status: status,
        Complaint.road: road,
        Complaint.customer_id: customer_id,
        Complaint.lot: lot,
    }
    for column, value in wanted.items():
        if value is not None:
            statement = statement.where(column == value)
    return await page(
        reader,
        statement,
        line,
        sorts={"number": Complaint.number, "answer_due": Complaint.answer_due},
        id=Complaint.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.get("/{complaint_id}")
@employees()
async def get_complaint(complaint_id: UUID, reader: CurrentReader, caller: Caller) -> ComplaintOut:
    """One complaint, for whoever may see its customer and for who took it in; it does not exist for anybody else."""
    async with reading(reader) as session:
        return await _read(session, complaint_id, caller)


@router.post("/{complaint_id}/routing")
@allow(Role.SALES_REP)
async def route_complaint(complaint_id: UUID, body: RouteComplaint, work: CurrentWork) -> ComplaintOut:
    """Put a complaint on its road, or on another one (6-5.1.2)."""
    complaint = await service.route(work, complaint_id, body.road, body.note, block_lot=body.block_lot)
    return await _one(work, complaint)


@router.post("/{complaint_id}/handling")
@allow(Role.QUALITY, Role.PRODUCTION, Role.SALES_MANAGER, Role.SALES_REP)
async def sign_handling(
    complaint_id: UUID, body: SignHandling, work: CurrentWork, language: CallerLanguage
) -> ComplaintAnswer:
    """Sign cause and handling and submit them; for the responsible party alone (6-5.2.1)."""
    signed = handling.Signed(
        cause=body.cause,
        handling=body.handling,
        secondary_causes=body.secondary_causes,
        improvement=body.improvement,
        returns={returned.delivery_note_id: returned.tons() for returned in body.returns},
    )
    complaint, verdict = await handling.sign(work, complaint_id, signed)
    return await _answer(work, complaint, verdict, language)


@router.post("/{complaint_id}/decisions")
@allow(*DECIDERS)
async def decide_handling(complaint_id: UUID, body: Decide, work: CurrentWork) -> ComplaintOut:
    """Decide the handling; with the last yes its returns are approved (6-5.2.1)."""
    complaint = await handling.decide(work, complaint_id, body.decision, seen_hash=body.seen_hash, comment=body.comment)
    return await _one(work, complaint)


@router.post("/{complaint_id}/closing")
@allow(Role.SALES_REP)
async def close_complaint(
    complaint_id: UUID, body: CloseComplaint, work: CurrentWork, language: CallerLanguage
) -> ComplaintAnswer:
    """Close a complaint whose customer was told and whose returns are done (6-5.3)."""
    complaint, verdict = await handling.close(work, complaint_id, body.told_customer_on, body.note)
    return await _answer(work, complaint, verdict, language)


async def _read(session: Tx, complaint_id: UUID, caller: Principal) -> ComplaintOut:
    row = (await session.execute(LINES.where(Complaint.id == complaint_id))).mappings().first()
    if row is None or not service.may_read(caller, row["registered_by"], row["rep"]):
        raise service.COMPLAINT_NOT_FOUND(complaint=complaint_id)
    return await whole(session, row, caller)


async def _one(work: CurrentWork, complaint: Complaint) -> ComplaintOut:
    await work.tx.flush()
    return await _read(work.tx, complaint.id, work.actor)


async def _answer(work: CurrentWork, complaint: Complaint, verdict: VerdictRow, language: Language) -> ComplaintAnswer:
    read = await _one(work, complaint)
    plain = {name: getattr(read, name) for name in ComplaintOut.model_fields}
    return ComplaintAnswer(allowed=verdict.allowed, verdict=localized(verdict.content, language), **plain)
