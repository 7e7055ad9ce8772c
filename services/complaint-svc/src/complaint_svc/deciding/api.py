"""HTTP of complaints as a whole: the list, each with its handlings, and what is decided about it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query

from complaint_svc.complaints.access import readable
from complaint_svc.complaints.rules import MOVES, ComplaintAction, ComplaintKind, ComplaintStatus, Road
from complaint_svc.complaints.shapes import ComplaintLine
from complaint_svc.complaints.store import COMPLAINTS, Complaint
from complaint_svc.deciding import closing, deciding, signing
from complaint_svc.deciding.reading import read_whole
from complaint_svc.deciding.shapes import CloseComplaint, ComplaintAnswer, SignHandling, WholeComplaint
from complaint_svc.reference.access import CUSTOMERS, LIST_READERS
from fangxing.answers import HistoryOut
from fangxing.approvals import Decide
from fangxing.text import Code, Line
from fangxing.web.access import allow, employees
from fangxing.web.attachments import attachment_routes
from fangxing.web.edge import CallerLanguage, CurrentLook, CurrentPolicies, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.history import history_of
from fangxing.web.listing import By, File, From, Has, Is, Listing, ListQuery, Page, To
from fangxing.work import Work

router = edge_router("complaints", "/complaints")


class ComplaintQuery(ListQuery):
    """What the register can be asked."""

    sort: Annotated[str, By(Complaint.number, Complaint.answer_due)] = "-id"
    kind: Annotated[ComplaintKind | None, Is(Complaint.kind)] = None
    status: Annotated[ComplaintStatus | None, Is(Complaint.status)] = None
    road: Annotated[Road | None, Is(Complaint.road)] = None
    customer_id: Annotated[UUID | None, Is(Complaint.customer_id)] = None
    lot: Annotated[Code | None, Is(Complaint.lot)] = None
    created_from: Annotated[date | None, From(Complaint.created_on)] = None
    created_to: Annotated[date | None, To(Complaint.created_on)] = None
    answer_due_to: Annotated[date | None, To(Complaint.answer_due)] = None
    search: Annotated[Line | None, Has(number=Complaint.number, customer=Complaint.customer_id)] = None


REGISTER = Listing(ComplaintLine, ComplaintQuery, COMPLAINTS, id=Complaint.id, scope=readable)


@router.get("")
@allow(*LIST_READERS)
async def list_complaints(look: CurrentLook, query: Annotated[ComplaintQuery, Query()]) -> Page[ComplaintLine] | File:
    """The register, newest first; a rep sees his customers' complaints."""
    return await REGISTER.page(look, query, CUSTOMERS(look.caller))


@router.get("/{complaint_id}")
@employees()
async def get_complaint(complaint_id: UUID, look: CurrentLook, policies: CurrentPolicies) -> WholeComplaint:
    """One complaint, for whoever may see its customer and for who took it in; it does not exist for anybody else."""
    await REGISTER.check(look, complaint_id, Complaint.not_found(complaint_id))
    return await read_whole(look, complaint_id, policies)


attachment_routes(router, "", Complaint, REGISTER, readers=employees(), writers=employees())


@router.get("/{complaint_id}/history")
@employees()
async def get_history(complaint_id: UUID, look: CurrentLook) -> list[HistoryOut]:
    """What was done with a complaint, and by whom, for whoever may read it; oldest first."""
    return await history_of(look, REGISTER, Complaint, complaint_id)


@router.post("/{complaint_id}/handling")
@allow(MOVES[ComplaintAction.SIGN])
async def sign_handling(
    complaint_id: UUID, body: SignHandling, work: CurrentWork, language: CallerLanguage
) -> ComplaintAnswer:
    """Sign cause and handling and submit them; for the responsible party alone (6-5.2.1)."""
    complaint, verdict = await signing.sign(work, complaint_id, body)
    return ComplaintAnswer.judged(await _shown(work, complaint), verdict, language)


@router.post("/{complaint_id}/decisions")
@allow(MOVES[ComplaintAction.DECIDE])
async def decide_handling(complaint_id: UUID, body: Decide, work: CurrentWork) -> WholeComplaint:
    """Decide the handling; with the last yes its returns are approved (6-5.2.1)."""
    return await _shown(work, await deciding.decide(work, complaint_id, body))


@router.post("/{complaint_id}/closing")
@allow(MOVES[ComplaintAction.CLOSE])
async def close_complaint(
    complaint_id: UUID, body: CloseComplaint, work: CurrentWork, language: CallerLanguage
) -> ComplaintAnswer:
    """Close a complaint whose customer was told and whose returns are done (6-5.3)."""
    complaint, verdict = await closing.close(work, complaint_id, body)
    return ComplaintAnswer.judged(await _shown(work, complaint), verdict, language)


async def _shown(work: Work, complaint: Complaint) -> WholeComplaint:
    return await read_whole(await work.look(), complaint.id, await work.policies())
