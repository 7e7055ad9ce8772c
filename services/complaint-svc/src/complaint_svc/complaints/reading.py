"""Reading one entry of the register."""

from uuid import UUID

from complaint_svc.complaints.access import may_read
from complaint_svc.complaints.errors import COMPLAINT_NOT_FOUND
from complaint_svc.complaints.shapes import ComplaintOut, RoutingOut
from complaint_svc.complaints.store import COMPLAINTS, Complaint, routings_of
from complaint_svc.complaints.tracing import trace
from fangxing.auth import Principal
from fangxing.database import Tx


async def read_complaint(tx: Tx, complaint_id: UUID, reader: Principal) -> ComplaintOut:
    """The complaint as `reader` may see it, after all that `tx` changed.

    Raises `complaint-not-found`, also for one he may not read.
    """
    await tx.flush()
    row = (await tx.execute(COMPLAINTS.where(Complaint.id == complaint_id))).mappings().first()
    if row is None or not may_read(reader, row["author"], row["rep"]):
        raise COMPLAINT_NOT_FOUND(complaint=complaint_id)
    return ComplaintOut.show(
        row,
        routings=[RoutingOut.show(routing) for routing in await routings_of(tx, complaint_id)],
        lot_trace=await trace(tx, row["lot"], row["delivery_note_id"], reader),
    )
