"""Invoices are cancelled 红字, and confirmed credit notes wait again: what they did is undone by entries of its own."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from customer_svc.accounts.advancing import advance, advance_alone, publish
from customer_svc.accounts.allocating import cancel, free, take_back, take_out
from customer_svc.accounts.rules import EntryKind, ItemKind
from customer_svc.accounts.store import Item, credits_of, lock_account
from customer_svc.receivables import rules
from customer_svc.receivables.errors import CREDIT_NOTE_STANDS, WRITE_OFF_STANDS
from customer_svc.receivables.events import InvoiceCancelled
from customer_svc.receivables.posting import post
from customer_svc.receivables.reasons import corrected, credit_note_to_confirm
from customer_svc.receivables.rules import CreditNoteAction, CreditNoteStatus, InvoiceAction, InvoiceStatus
from customer_svc.receivables.shapes import CancelCreditNote, CancelInvoice
from customer_svc.receivables.store import (
    CreditNote,
    CreditNoteLine,
    DeliveryNoteLine,
    Invoice,
    InvoiceLine,
    credit_note_on,
    lock_note,
)
from customer_svc.receivables.telling import UNALLOCATED
from fangxing import decision_log
from fangxing.clauses import clause
from fangxing.documents import lock_for
from fangxing.money import ZERO
from fangxing.roles import Role
from fangxing.tasks import close_tasks, open_task
from fangxing.work import Work


@clause("5-4.2.1-B")
async def cancel_invoice(work: Work, invoice_id: UUID, body: CancelInvoice) -> Invoice:
    """Cancel an invoice: its payments are free again and its goods are delivered and not invoiced.

    Raises `invoice-not-found`, `wrong-state`, `credit-note-stands` or `write-off-stands`.
    """
    invoice = await lock_for(work, Invoice, invoice_id, InvoiceAction.CANCEL, key_share=True)
    note, lines = await lock_note(work.tx, invoice.note_id)
    standing = await credit_note_on(work.tx, note.id)
    if standing is not None:
        raise CREDIT_NOTE_STANDS(number=standing)
    account = await lock_account(work.tx, invoice.account_id)
    prepaid = ZERO
    for part in await work.tx.scalars(select(InvoiceLine).where(InvoiceLine.invoice_id == invoice.id)):
        row = lines[part.line]
        row.figures = rules.uninvoiced(row.figures, part.part, part.amount)
        prepaid += part.prepaid
    note.prepayment_applied -= prepaid
    item = await work.tx.get_one(Item, invoice.id, populate_existing=True)
    freed = await free(work, item)
    if any(credit.kind in (ItemKind.WRITE_OFF, ItemKind.ROUNDING) for credit, _ in freed):
        raise WRITE_OFF_STANDS()
    paid = sum((amount for credit, amount in freed if credit.earmarked), ZERO)
    await cancel(work, item)
    invoice.status, account.corrected_on = InvoiceStatus.CANCELLED, work.today
    post(
        work,
        account,
        EntryKind.INVOICE_CANCELLED,
        invoice.document,
        receivable=paid - invoice.amount,
        settled=prepaid - invoice.settled,
        prepaid=paid - prepaid,
    )
    decision_log.keep(work, "invoice_cancelled", invoice.document, corrected(invoice.amount, body.reason))
    async with advance(work, account) as position:
        publish(work, InvoiceCancelled.of(invoice, position), about=invoice)
    return invoice


@clause("6-3")
async def cancel_credit_note(work: Work, credit_note_id: UUID, body: CancelCreditNote) -> CreditNote:
    """Take the confirmation of a credit note back, so that its invoice can be cancelled: it waits again.

    Confirmed anew, its goods count as returned before they were invoiced. What of the credit was used is owed again.
    Raises `credit-note-not-found`, `wrong-state`, `incompatible-hands`.
    """
    credit_note = await lock_for(work, CreditNote, credit_note_id, CreditNoteAction.CANCEL, key_share=True)
    note, lines = await lock_note(work.tx, credit_note.note_id)
    account = await lock_account(work.tx, credit_note.account_id)
    await _not_returned(work, credit_note, lines)
    settled, credited = credit_note.settled or ZERO, credit_note.credited or ZERO
    unused = await _take_out(work, credit_note)
    note.prepayment_applied -= credit_note.settled_prepaid
    post(
        work,
        account,
        EntryKind.CREDIT_NOTE_CANCELLED,
        credit_note.document,
        receivable=credited - unused,
        settled=credit_note.settled_prepaid - settled,
        prepaid=-unused - credit_note.settled_prepaid,
    )
    credit_note.status, credit_note.confirmed_on = CreditNoteStatus.PENDING, None
    credit_note.credited = credit_note.settled = None
    credit_note.credited_prepaid = credit_note.settled_prepaid = ZERO
    account.corrected_on = work.today
    decision_log.keep(work, "credit_note_cancelled", credit_note.document, corrected(credited, body.reason))
    await close_tasks(work, credit_note.document, UNALLOCATED)
    await open_task(
        work,
        kind="confirm_credit_note",
        role=Role.ACCOUNTANT,
        customer=credit_note.customer_id,
        document=credit_note.document,
        clause="6-3",
        title=credit_note_to_confirm(credit_note.return_number),
    )
    await advance_alone(work, account)
    return credit_note


async def _not_returned(work: Work, credit_note: CreditNote, lines: dict[int, DeliveryNoteLine]) -> None:
    for back in await work.tx.scalars(select(CreditNoteLine).where(CreditNoteLine.credit_note_id == credit_note.id)):
        if back.split is not None:
            row = lines[back.line]
            row.figures, back.split = rules.not_returned(row.figures, back.split), None


async def _take_out(work: Work, credit_note: CreditNote) -> Decimal:
    """Take a credit note's credits out again; what of them was a prepayment that had paid nothing, in yuan."""
    credits = await credits_of(work.tx, credit_note.id, credit_note.account_id)
    unused = sum((item.open_amount for item in credits if item.earmarked), ZERO)
    await take_back(work, credits)
    live = sum((item.open_amount for item in credits), ZERO)
    if live > 0:
        await take_out(work, [item for item in credits if item.open_amount > 0], live)
    return unused
