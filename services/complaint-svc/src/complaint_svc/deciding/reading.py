"""Reading a complaint with everything that belongs to it."""

from uuid import UUID

from complaint_svc.complaints.reading import read_complaint
from complaint_svc.complaints.store import Complaint
from complaint_svc.deciding.access import offered
from complaint_svc.deciding.shapes import HandlingApproval, HandlingOut, WholeComplaint
from complaint_svc.deciding.store import handlings_of
from complaint_svc.returns.reading import returns_of
from fangxing import approvals
from fangxing.database import reading
from fangxing.policies import PolicyBook
from fangxing.work import Look


async def read_whole(look: Look, complaint_id: UUID, book: PolicyBook) -> WholeComplaint:
    """A complaint that the caller is known to see, and what he may try with it."""
    entry, returns = await read_complaint(look, complaint_id), await returns_of(look, complaint_id)
    async with reading(look.reader) as tx:
        complaint = await tx.get_one(Complaint, complaint_id)
        handlings = await handlings_of(tx, complaint_id)
        approval = None
        if handlings:
            summaries = await approvals.latest(tx, [handlings[-1].document])
            approval = HandlingApproval.show(summaries[handlings[-1].document])
        possible = await offered(tx, complaint, handlings, look.caller, book)
    return WholeComplaint(
        **dict(entry),
        actions=possible,
        handlings=[HandlingOut.show(handling) for handling in handlings],
        approval=approval,
        returns=returns,
    )
