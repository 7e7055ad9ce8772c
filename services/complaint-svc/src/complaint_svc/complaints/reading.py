"""Reading one entry of the register, with the trace of its lot."""

from uuid import UUID

from complaint_svc.complaints.shapes import ComplaintOut, LotDelivery, RoutingOut
from complaint_svc.complaints.store import COMPLAINTS, Complaint, other_deliveries, routings_of
from complaint_svc.reference.access import CUSTOMERS
from fangxing.clauses import clause
from fangxing.work import Look

TRACED = 200
"""How many deliveries of a lot are shown."""


async def read_complaint(look: Look, complaint_id: UUID) -> ComplaintOut:
    """The entry of a complaint that the caller is known to see."""
    row = (await look.reader.execute(COMPLAINTS.where(Complaint.id == complaint_id))).mappings().one()
    return ComplaintOut.show(
        row,
        routings=[RoutingOut.show(routing) for routing in await routings_of(look.reader, complaint_id)],
        lot_trace=await trace(look, row["lot"], row["delivery_note_id"]),
    )


@clause("6-5.2.2")
async def trace(look: Look, lot: str | None, note_id: UUID | None) -> list[LotDelivery]:
    """Who else got the lot: all deliveries of it but the complained one, as far as the caller sees their customers.

    A complaint that names goods by their delivery note alone means every lot on it.
    """
    if lot is None and note_id is None:
        return []
    deliveries = other_deliveries(lot, note_id).where(CUSTOMERS(look.caller)).limit(TRACED)
    return [LotDelivery.show(row) for row in (await look.reader.execute(deliveries)).mappings()]
