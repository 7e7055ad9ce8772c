"""Asking for the next step of a complaint: tasks that are due with the answer to the customer."""

from complaint_svc.complaints import reasons
from complaint_svc.complaints.rules import ComplaintTask
from complaint_svc.complaints.store import Complaint
from fangxing.roles import Role
from fangxing.tasks import open_task
from fangxing.text import Text
from fangxing.work import Work


async def ask(work: Work, complaint: Complaint, role: Role, *, kind: str, clause: str, title: Text) -> None:
    """Give `role` a task about the complaint; as rep it is the customer's own who is asked."""
    await open_task(
        work,
        kind=kind,
        role=role,
        customer=complaint.customer_id,
        document=complaint.document,
        clause=clause,
        title=title,
        due_on=complaint.answer_due,
    )


async def ask_for_handling(work: Work, complaint: Complaint) -> None:
    """Ask the responsible party for cause and handling (6-5.2.1)."""
    responsible = complaint.responsible or Role.SALES_REP
    title = reasons.to_handle(complaint.number)
    await ask(work, complaint, responsible, kind=ComplaintTask.HANDLE, clause="6-5.2.1", title=title)
