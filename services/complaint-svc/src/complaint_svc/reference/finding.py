"""Finding the customers and delivery notes that a request names."""

from uuid import UUID

from complaint_svc.reference.errors import CUSTOMER_NOT_FOUND, NOTE_NOT_FOUND
from complaint_svc.reference.store import Customer, DeliveryNote
from fangxing.database import Tx


async def customer_of(tx: Tx, customer_id: UUID) -> Customer:
    """The customer; raises `customer-not-found`."""
    customer = await tx.get(Customer, customer_id)
    if customer is None:
        raise CUSTOMER_NOT_FOUND(customer=customer_id)
    return customer


async def note_of(tx: Tx, customer_id: UUID, note_id: UUID) -> DeliveryNote:
    """A delivery note of the customer; raises `delivery-note-not-found`, also for another customer's."""
    return _checked(await tx.get(DeliveryNote, note_id), customer_id, note_id)


async def lock_note_of(tx: Tx, customer_id: UUID, note_id: UUID) -> DeliveryNote:
    """`note_of`, its row locked, so that the count of its returns holds still."""
    note = await tx.get(DeliveryNote, note_id, with_for_update=True, populate_existing=True)
    return _checked(note, customer_id, note_id)


def _checked(note: DeliveryNote | None, customer_id: UUID, note_id: UUID) -> DeliveryNote:
    if note is None or note.customer_id != customer_id:
        raise NOTE_NOT_FOUND(note=note_id)
    return note
