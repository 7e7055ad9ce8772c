"""Deciding a handling: with the last yes its returns may come, with a no all starts anew (6-5.2.1)."""

from uuid import UUID

from complaint_svc.complaints.access import lock_complaint
from complaint_svc.complaints.asking import ask, ask_for_handling
from complaint_svc.complaints.rules import ComplaintAction, ComplaintStatus, ComplaintTask
from complaint_svc.complaints.store import Complaint
from complaint_svc.deciding import reasons
from complaint_svc.deciding.rules import HandlingAction, HandlingStatus
from complaint_svc.deciding.store import handling_in_approval
from complaint_svc.returns import approving
from fangxing import approvals
from fangxing.approvals import CaseStatus, Decide
from fangxing.documents import act
from fangxing.history import add_history
from fangxing.roles import Role
from fangxing.work import Work


async def decide(work: Work, complaint_id: UUID, body: Decide) -> Complaint:
    """Decide the current step of the handling.

    Raises `complaint-not-found`, `wrong-state` or what `approvals.decide_on` raises.
    """
    complaint = await lock_complaint(work, complaint_id, ComplaintAction.DECIDE)
    handling = await handling_in_approval(work.tx, complaint.id)
    await act(work, handling, HandlingAction.DECIDE)
    case = await approvals.decide_on(work, handling, body)
    # the case is the handling's; people follow the complaint
    add_history(work, complaint.document, body.decision)
    if case.status is CaseStatus.OPEN:
        return complaint
    handling.status = HandlingStatus(case.status)
    if handling.status is HandlingStatus.APPROVED:
        complaint.status, complaint.approved_on = ComplaintStatus.APPROVED, work.today
        await approving.approve(work, handling.id)
        title = reasons.to_close(complaint.number)
        await ask(work, complaint, Role.SALES_REP, kind=ComplaintTask.CLOSE, clause="6-5.3", title=title)
    else:
        complaint.status = ComplaintStatus.ROUTED
        await approving.refuse(work, handling.id)
        await ask_for_handling(work, complaint)
    return complaint
