"""Closing a complaint: the customer was told, and every return is inspected or cancelled (6-5.3)."""

from uuid import UUID

from complaint_svc.complaints.access import lock_complaint, must_own
from complaint_svc.complaints.rules import ComplaintAction, ComplaintStatus
from complaint_svc.complaints.store import Complaint
from complaint_svc.deciding import rules
from complaint_svc.deciding.errors import TOLD_IN_FUTURE
from complaint_svc.deciding.events import ComplaintClosed
from complaint_svc.deciding.shapes import CloseComplaint
from complaint_svc.returns.store import open_returns
from fangxing import decision_log
from fangxing.decision_log import VerdictRow
from fangxing.documents import act
from fangxing.outbox import record_fact
from fangxing.tasks import close_tasks
from fangxing.work import Work


async def close(work: Work, complaint_id: UUID, body: CloseComplaint) -> tuple[Complaint, VerdictRow]:
    """The rep closes a complaint whose customer was told what was approved.

    Raises `complaint-not-found`, `wrong-state`, `not-your-customer` or `told-in-future`.
    """
    complaint = await lock_complaint(work, complaint_id, ComplaintAction.CLOSE, judged=True)
    must_own(work.actor, complaint)
    if body.told_customer_on > work.today:
        raise TOLD_IN_FUTURE()
    verdict = rules.closing_verdict(
        approved_on=complaint.approved_on,
        told_on=body.told_customer_on,
        open_returns=await open_returns(work.tx, complaint.id),
        today=work.today,
    )
    row = decision_log.keep(work, "closing", complaint.document, verdict)
    if not verdict.allowed:
        return complaint, row
    await act(work, complaint, ComplaintAction.CLOSE)
    complaint.status, complaint.closed_on = ComplaintStatus.CLOSED, work.today
    complaint.told_customer_on, complaint.closing_note = body.told_customer_on, body.note
    await close_tasks(work, complaint.document)
    event = ComplaintClosed.about(
        complaint,
        road=complaint.road,
        told_customer_on=complaint.told_customer_on,
        closed_on=complaint.closed_on,
    )
    record_fact(work, event, about=complaint, key=str(complaint.account_id))
    return complaint, row
