"""What the receivables take in: delivery notes from shipping, inspected returns from complaints."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import update

from customer_svc.receivables.reasons import credit_note_to_confirm
from customer_svc.receivables.rules import CreditNoteAction, CreditNoteStatus
from customer_svc.receivables.store import CreditNote, CreditNoteLine, DeliveryNote, DeliveryNoteLine
from fangxing.documents import Hands, born
from fangxing.ids import new_id
from fangxing.inbox import Consumers, Incoming
from fangxing.money import ZERO, PositiveTons, Tons, Yuan
from fangxing.roles import Role
from fangxing.tasks import open_task
from fangxing.work import Work


class ShippedLine(BaseModel):
    """A line of a delivery note."""

    line: int
    product_name: str
    lot: str
    tons: PositiveTons
    price_per_ton: Yuan
    value: Yuan


class ShipmentShipped(Incoming):
    """Goods were loaded and signed for: a delivery note exists."""

    delivery_note_id: UUID
    number: str
    customer_id: UUID
    account_id: UUID
    value: Yuan
    on_prepayment: Yuan
    shipped_on: date
    lines: list[ShippedLine]
    hands: Hands = Field(default_factory=dict)


class ShipmentLeft(Incoming):
    """The goods left the gate: the date of the trade."""

    delivery_note_id: UUID
    left_on: date


class ReturnedLine(BaseModel):
    """What of a delivery note's line quality accepted back."""

    line: int
    tons: Tons
    value: Yuan


class ReturnInspected(Incoming):
    """Returned goods were inspected; the lines are what was accepted."""

    return_id: UUID
    number: str
    customer_id: UUID
    account_id: UUID
    delivery_note_id: UUID
    value: Yuan
    lines: list[ReturnedLine]
    hands: Hands = Field(default_factory=dict)


async def keep_delivery_note(work: Work, event: ShipmentShipped) -> None:
    """Keep the delivery note, open for invoicing."""
    work.tx.add(
        DeliveryNote(
            id=event.delivery_note_id,
            number=event.number,
            customer_id=event.customer_id,
            account_id=event.account_id,
            value=event.value,
            on_prepayment=event.on_prepayment,
            prepayment_applied=ZERO,
            shipped_on=event.shipped_on,
            hands=event.hands,
        )
    )
    await work.tx.flush()
    work.tx.add_all(
        DeliveryNoteLine(
            note_id=event.delivery_note_id,
            line=line.line,
            product_name=line.product_name,
            lot=line.lot,
            tons=line.tons,
            price_per_ton=line.price_per_ton,
            value=line.value,
            settled_tons=0,
            settled_value=ZERO,
            returned_tons=0,
            returned_value=ZERO,
            invoiced_amount=ZERO,
            credited_amount=ZERO,
        )
        for line in event.lines
    )


async def keep_gate_date(work: Work, event: ShipmentLeft) -> None:
    """Note the date of the trade."""
    await work.tx.execute(
        update(DeliveryNote).where(DeliveryNote.id == event.delivery_note_id).values(left_on=event.left_on)
    )


async def draft_credit_note(work: Work, event: ReturnInspected) -> None:
    """Open a credit note for what was accepted, for the accountant to confirm."""
    lines = [line for line in event.lines if line.tons > 0]
    if not lines:
        return
    credit_note = CreditNote(
        id=new_id(),
        return_id=event.return_id,
        return_number=event.number,
        customer_id=event.customer_id,
        account_id=event.account_id,
        note_id=event.delivery_note_id,
        value=event.value,
        credited_prepaid=ZERO,
        settled_prepaid=ZERO,
        status=CreditNoteStatus.PENDING,
        author=work.actor.id,
        created_on=work.today,
    )
    work.tx.add(credit_note)
    await born(work, credit_note, CreditNoteAction.MAKE, event.hands)
    await work.tx.flush()
    work.tx.add_all(
        CreditNoteLine(credit_note_id=credit_note.id, line=line.line, tons=line.tons, value=line.value)
        for line in lines
    )
    await open_task(
        work,
        kind="confirm_credit_note",
        role=Role.ACCOUNTANT,
        document=credit_note.document,
        clause="6-3",
        title=credit_note_to_confirm(event.number),
    )


consumers = Consumers()
consumers.on("shipping.ShipmentShipped.v1", ShipmentShipped, keep_delivery_note)
consumers.on("shipping.ShipmentLeft.v1", ShipmentLeft, keep_gate_date)
consumers.on("complaint.ReturnInspected.v1", ReturnInspected, draft_credit_note)
