"""Credit notes 贷项通知单 for returned goods."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from customer_svc.accounts.advancing import advance, publish
from customer_svc.accounts.store import OpenItem, lock_account
from customer_svc.receivables import rules
from customer_svc.receivables.errors import RETURN_ABOVE_NOTE
from customer_svc.receivables.events import CreditNoteIssued
from customer_svc.receivables.posting import post
from customer_svc.receivables.rules import CreditNoteAction, CreditNoteStatus, EntryKind
from customer_svc.receivables.store import CreditNote, CreditNoteLine, DeliveryNoteLine, Invoice, lock_note
from fangxing.clauses import clause
from fangxing.documents import lock_for
from fangxing.money import ZERO
from fangxing.tasks import close_tasks
from fangxing.work import Work


@clause("6-3")
async def confirm_credit_note(work: Work, credit_note_id: UUID) -> CreditNote:
    """Confirm a pending credit note: what was invoiced comes off the receivable, the rest out of the delivered goods.

    Whether the goods were invoiced is decided here, under the delivery note's row lock. Raises
    `credit-note-not-found`, `wrong-state`, `incompatible-hands`, `delivery-note-not-found` or `return-above-note`.
    """
    credit_note = await lock_for(work, CreditNote, credit_note_id, CreditNoteAction.CONFIRM, key_share=True)
    note, lines = await lock_note(work.tx, credit_note.note_id)
    settled, credited = await _take_back(work, credit_note, lines)
    account = await lock_account(work.tx, credit_note.account_id)
    credit_note.status, credit_note.settled, credit_note.credited = CreditNoteStatus.CONFIRMED, settled, credited
    credit_note.confirmed_on = work.today
    await _cover_invoices(work, note.id, credited)
    # what was shipped against a prepayment is given back to the prepayment, not to the delivered goods
    prepaid = min(settled, note.prepaid_left)
    note.prepayment_applied += prepaid
    post(
        work,
        account,
        EntryKind.CREDIT_NOTE,
        credit_note.document,
        receivable=-credited,
        settled=settled - prepaid,
        prepaid=prepaid,
    )
    await close_tasks(work, credit_note.document)
    async with advance(work, account) as position:
        event = CreditNoteIssued.of(credit_note, position, credited=credited, settled=settled)
        publish(work, event, about=credit_note)
    return credit_note


async def _take_back(
    work: Work, credit_note: CreditNote, lines: dict[int, DeliveryNoteLine]
) -> tuple[Decimal, Decimal]:
    """Take the returned goods out of the note's lines; in yuan, the value not invoiced and the credit."""
    settled = credited = ZERO
    for back in await work.tx.scalars(select(CreditNoteLine).where(CreditNoteLine.credit_note_id == credit_note.id)):
        row = lines.get(back.line)
        if row is None:
            raise RETURN_ABOVE_NOTE(line=back.line, tons=back.tons)
        split = rules.split_return(row.figures, back.tons, back.value)
        row.figures = rules.returned(row.figures, split)
        settled += split.uninvoiced_value
        credited += split.credit
    return settled, credited


async def _cover_invoices(work: Work, note_id: UUID, credited: Decimal) -> None:
    """Let a credit cover the note's open invoices, the oldest first; the rest is the customer's unallocated credit."""
    items = await work.tx.scalars(
        select(OpenItem)
        .join(Invoice, Invoice.id == OpenItem.id)
        .where(Invoice.note_id == note_id, OpenItem.open_amount > 0)
        .order_by(OpenItem.due_on, OpenItem.id)
        .execution_options(populate_existing=True)
    )
    for item in items:
        part = min(item.open_amount, credited)
        item.open_amount -= part
        credited -= part
