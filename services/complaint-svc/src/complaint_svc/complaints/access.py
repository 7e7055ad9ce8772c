"""Who may read and change which complaint."""

from uuid import UUID

from complaint_svc.complaints.errors import COMPLAINT_NOT_FOUND, NOT_YOUR_CUSTOMER
from complaint_svc.complaints.store import Complaint
from complaint_svc.reference.access import sees
from fangxing.auth import Principal
from fangxing.work import Work


def may_read(actor: Principal, author: str, rep: str) -> bool:
    """Whether `actor` may read a complaint of `rep`'s customer: in his scope, or taken in by himself."""
    return sees(actor, rep) or author == actor.id


async def lock_complaint(work: Work, complaint_id: UUID) -> Complaint:
    """The complaint, its row locked; raises `complaint-not-found`, also for one the actor may not read."""
    complaint = await work.tx.get(Complaint, complaint_id, with_for_update=True)
    if complaint is None or not may_read(work.actor, complaint.author, complaint.customer.rep):
        raise COMPLAINT_NOT_FOUND(complaint=complaint_id)
    return complaint


def must_own(actor: Principal, complaint: Complaint) -> None:
    """Raise `not-your-customer` unless `actor` is the rep of the complaint's customer."""
    if complaint.customer.rep != actor.id:
        raise NOT_YOUR_CUSTOMER()
