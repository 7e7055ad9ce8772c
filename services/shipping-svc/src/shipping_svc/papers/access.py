"""Who reads delivery notes; a rep those of his customers."""

from uuid import UUID

from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.roles import Role
from shipping_svc.papers.errors import NOTE_NOT_FOUND
from shipping_svc.papers.store import DeliveryNote
from shipping_svc.reference.access import sees_customer

NOTE_READERS = (
    Role.SALES_REP,
    Role.SALES_MANAGER,
    Role.GENERAL_MANAGER,
    Role.FINANCE_MANAGER,
    Role.ACCOUNTANT,
    Role.WAREHOUSE_KEEPER,
    Role.WAREHOUSE_SUPERVISOR,
    Role.QUALITY,
    Role.AUDIT_MANAGER,
)
POSITION_AUDITORS = (Role.ACCOUNTANT, Role.FINANCE_MANAGER, Role.AUDIT_MANAGER, Role.ADMINISTRATOR)


async def note_seen_by(tx: Tx, caller: Principal, note_id: UUID) -> DeliveryNote:
    """The delivery note, where the caller sees it; raises `delivery-note-not-found`."""
    note = await tx.get(DeliveryNote, note_id)
    if note is None or not await sees_customer(tx, caller, note.customer_id):
        raise NOTE_NOT_FOUND(note=note_id)
    return note
