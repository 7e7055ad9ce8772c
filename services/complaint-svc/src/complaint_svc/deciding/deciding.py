"""Deciding a handling: with the last yes its returns may come, with a no all starts anew (6-5.2.1)."""

from uuid import UUID

from complaint_svc.complaints.access import lock_complaint
from complaint_svc.complaints.asking import ask, ask_for_handling
from complaint_svc.complaints.rules import Status
from complaint_svc.complaints.store import Complaint
from complaint_svc.deciding import reasons
from complaint_svc.deciding.rules import HandlingStatus
from complaint_svc.deciding.store import handling_in_approval
from complaint_svc.returns import approving
from fangxing import approvals
from fangxing.approvals import Decision
from fangxing.roles import Role
from fangxing.work import Work


async def decide(
    work: Work, complaint_id: UUID, decision: Decision, *, seen_hash: str, comment: str | None
) -> Complaint:
    """Decide the current step of the handling.

    Raises `complaint-not-found` and what `approvals.decide` raises.
    """
    complaint = await lock_complaint(work, complaint_id)
    case = await approvals.open_case(work, complaint.document)
    await approvals.decide(work, case, decision, seen_hash=seen_hash, comment=comment)
    if case.status == "open":
        return complaint
    handling = await handling_in_approval(work.tx, complaint.id)
    handling.status = HandlingStatus(case.status)
    if handling.status is HandlingStatus.APPROVED:
        complaint.status, complaint.approved_on = Status.APPROVED, work.today
        await approving.approve(work, handling.id)
        title = reasons.to_close(complaint.number)
        ask(work, complaint, Role.SALES_REP, kind="close_complaint", clause="6-5.3", title=title)
    else:
        complaint.status = Status.ROUTED
        await approving.refuse(work, handling.id)
        ask_for_handling(work, complaint)
    return complaint
