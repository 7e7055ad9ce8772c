"""Tracing a lot: who else got the goods a complaint is about (6-5.2.2)."""

from uuid import UUID

from sqlalchemy import select

from complaint_svc.complaints.shapes import LotDelivery
from complaint_svc.complaints.store import DELIVERIES
from complaint_svc.reference.access import LIST_READERS, in_scope
from complaint_svc.reference.store import DeliveryLine, DeliveryNote
from fangxing.auth import Principal
from fangxing.clauses import clause
from fangxing.database import Tx

LIMIT = 200


@clause("6-5.2.2")
async def trace(tx: Tx, lot: str | None, note_id: UUID | None, reader: Principal) -> list[LotDelivery]:
    """All deliveries of the lot but the complained one, the newest `LIMIT`; a rep sees those to his own customers.

    A complaint that names goods by their delivery note alone means every lot on it.
    """
    if not reader.has(*LIST_READERS) or (lot is None and note_id is None):
        return []
    statement = in_scope(DELIVERIES, reader).limit(LIMIT)
    if lot is not None:
        statement = statement.where(DeliveryLine.lot == lot)
    else:
        lots = select(DeliveryLine.lot).where(DeliveryLine.delivery_note_id == note_id)
        statement = statement.where(DeliveryLine.lot.in_(lots))
    if note_id is not None:
        statement = statement.where(DeliveryNote.id != note_id)
    return [LotDelivery.show(row) for row in (await tx.execute(statement)).mappings()]
