"""Reading one entry of the register, with the trace of its lot."""

from uuid import UUID

from complaint_svc.complaints.access import readable
from complaint_svc.complaints.shapes import ComplaintOut, LotDelivery, RoutingOut
from complaint_svc.complaints.store import COMPLAINTS, Complaint, other_deliveries, routings_of
from complaint_svc.reference.access import LIST_READERS, in_scope
from fangxing.auth import Principal
from fangxing.clauses import clause
from fangxing.database import Tx

TRACED = 200
"""How many deliveries of a lot are shown."""


async def read_complaint(tx: Tx, complaint_id: UUID, reader: Principal) -> ComplaintOut:
    """The complaint as `reader` may see it, after all that `tx` changed.

    Raises `complaint-not-found`, also for one he may not read.
    """
    await tx.flush()
    row = (await tx.execute(COMPLAINTS.where(Complaint.id == complaint_id, readable(reader)))).mappings().first()
    if row is None:
        raise Complaint.not_found(complaint_id)
    return ComplaintOut.show(
        row,
        routings=[RoutingOut.show(routing) for routing in await routings_of(tx, complaint_id)],
        lot_trace=await trace(tx, row["lot"], row["delivery_note_id"], reader),
    )


@clause("6-5.2.2")
async def trace(tx: Tx, lot: str | None, note_id: UUID | None, reader: Principal) -> list[LotDelivery]:
    """Who else got the lot: all deliveries of it but the complained one; a rep sees those to his own customers.

    A complaint that names goods by their delivery note alone means every lot on it.
    """
    if not reader.has(*LIST_READERS) or (lot is None and note_id is None):
        return []
    rows = await tx.execute(in_scope(other_deliveries(lot, note_id), reader).limit(TRACED))
    return [LotDelivery.show(row) for row in rows.mappings()]
