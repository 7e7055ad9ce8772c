"""HTTP of a complaint's handling, and of the whole complaint."""

from uuid import UUID

from complaint_svc.complaints.rules import MOVES, ComplaintAction
from complaint_svc.deciding import closing, deciding, signing
from complaint_svc.deciding.reading import read_whole
from complaint_svc.deciding.shapes import CloseComplaint, ComplaintAnswer, SignHandling, WholeComplaint
from fangxing.approvals import Decide
from fangxing.database import reading
from fangxing.web.access import allow, employees
from fangxing.web.edge import Caller, CallerLanguage, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router

router = edge_router("complaints", "/complaints")


@router.get("/{complaint_id}")
@employees()
async def get_complaint(complaint_id: UUID, reader: CurrentReader, caller: Caller) -> WholeComplaint:
    """One complaint, for whoever may see its customer and for who took it in; it does not exist for anybody else."""
    async with reading(reader) as tx:
        return await read_whole(tx, complaint_id, caller)


@router.post("/{complaint_id}/handling")
@allow(MOVES[ComplaintAction.SIGN])
async def sign_handling(
    complaint_id: UUID, body: SignHandling, work: CurrentWork, language: CallerLanguage
) -> ComplaintAnswer:
    """Sign cause and handling and submit them; for the responsible party alone (6-5.2.1)."""
    complaint, verdict = await signing.sign(work, complaint_id, body)
    return ComplaintAnswer.judged(await read_whole(work.tx, complaint.id, work.actor), verdict, language)


@router.post("/{complaint_id}/decisions")
@allow(MOVES[ComplaintAction.DECIDE])
async def decide_handling(complaint_id: UUID, body: Decide, work: CurrentWork) -> WholeComplaint:
    """Decide the handling; with the last yes its returns are approved (6-5.2.1)."""
    complaint = await deciding.decide(work, complaint_id, body)
    return await read_whole(work.tx, complaint.id, work.actor)


@router.post("/{complaint_id}/closing")
@allow(MOVES[ComplaintAction.CLOSE])
async def close_complaint(
    complaint_id: UUID, body: CloseComplaint, work: CurrentWork, language: CallerLanguage
) -> ComplaintAnswer:
    """Close a complaint whose customer was told and whose returns are done (6-5.3)."""
    complaint, verdict = await closing.close(work, complaint_id, body)
    return ComplaintAnswer.judged(await read_whole(work.tx, complaint.id, work.actor), verdict, language)
