"""Reading a complaint with everything that belongs to it."""

from uuid import UUID

from complaint_svc.complaints.reading import read_complaint
from complaint_svc.deciding.shapes import HandlingOut, WholeComplaint
from complaint_svc.deciding.store import handlings_of
from complaint_svc.returns.reading import returns_of
from fangxing import approvals
from fangxing.auth import Principal
from fangxing.database import Tx


async def read_whole(tx: Tx, complaint_id: UUID, reader: Principal) -> WholeComplaint:
    """The complaint as `reader` may see it, after all that `tx` changed; raises `complaint-not-found`."""
    complaint = await read_complaint(tx, complaint_id, reader)
    handlings = await handlings_of(tx, complaint_id)
    current = [handling.document for handling in handlings[-1:]]
    return WholeComplaint(
        **dict(complaint),
        handlings=[HandlingOut.show(handling) for handling in handlings],
        approval=next(iter((await approvals.latest(tx, current)).values()), None),
        returns=await returns_of(tx, complaint_id),
    )
