"""Credit notes 贷项通知单 for returned goods."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from customer_svc.accounts.advancing import advance, advance_alone, publish
from customer_svc.accounts.allocating import cover_oldest, new_item
from customer_svc.accounts.rules import EntryKind, ItemKind
from customer_svc.accounts.store import Item, lock_account
from customer_svc.receivables import rules
from customer_svc.receivables.errors import RETURN_ABOVE_NOTE
from customer_svc.receivables.events import CreditNoteIssued
from customer_svc.receivables.paying import allocate_document
from customer_svc.receivables.posting import post
from customer_svc.receivables.rules import CreditNoteAction, CreditNoteStatus
from customer_svc.receivables.shapes import AllocatePayment
from customer_svc.receivables.store import (
    CreditNote,
    CreditNoteLine,
    DeliveryNoteLine,
    invoices_of,
    lock_note,
    open_of_note,
    paid_in_advance,
)
from fangxing.clauses import clause
from fangxing.documents import lock_for
from fangxing.money import ZERO
from fangxing.tasks import close_tasks
from fangxing.work import Work


@clause("5-4.2.1-B")
async def allocate_credit_note(work: Work, credit_note_id: UUID, body: AllocatePayment) -> CreditNote:
    """Let what is left of a credit cover debits; raises `credit-note-not-found`, `wrong-state` or what does not fit."""
    credit_note = await lock_for(work, CreditNote, credit_note_id, CreditNoteAction.ALLOCATE, key_share=True)
    account = await lock_account(work.tx, credit_note.account_id)
    await allocate_document(work, credit_note, body)
    await advance_alone(work, account)
    return credit_note


@clause("6-3")
async def confirm_credit_note(work: Work, credit_note_id: UUID) -> CreditNote:
    """Confirm a pending credit note: what was invoiced comes off the receivable, the rest out of the delivered goods.

    What was paid in advance is a prepayment again, for the next notice to use. Whether the goods were invoiced is
    decided here, under the delivery note's row lock. Raises `credit-note-not-found`, `wrong-state`,
    `incompatible-hands`, `delivery-note-not-found` or `return-above-note`.
    """
    credit_note = await lock_for(work, CreditNote, credit_note_id, CreditNoteAction.CONFIRM, key_share=True)
    note, lines = await lock_note(work.tx, credit_note.note_id)
    settled, credited = await _take_back(work, credit_note, lines)
    account = await lock_account(work.tx, credit_note.account_id)
    credit_note.status, credit_note.settled, credit_note.credited = CreditNoteStatus.CONFIRMED, settled, credited
    credit_note.confirmed_on = work.today
    earmarked = await _give_credit(work, credit_note, credited)
    # what was shipped against a prepayment is given back to the prepayment, not to the delivered goods
    prepaid = min(settled, note.prepaid_left)
    note.prepayment_applied += prepaid
    credit_note.credited_prepaid, credit_note.settled_prepaid = earmarked, prepaid
    post(
        work,
        account,
        EntryKind.CREDIT_NOTE,
        credit_note.document,
        receivable=earmarked - credited,
        settled=settled - prepaid,
        prepaid=prepaid + earmarked,
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
        row.figures, back.split = rules.returned(row.figures, split), split
        settled += split.uninvoiced_value
        credited += split.credit
    return settled, credited


async def _give_credit(work: Work, credit_note: CreditNote, credited: Decimal) -> Decimal:
    """Give the customer his credit: the note's invoices come first, then his other debits, the oldest first.

    What of it is a prepayment again, in yuan.
    """
    open_amount, paid = [await of(work.tx, credit_note.note_id) for of in (open_of_note, paid_in_advance)]
    earmarked = rules.earmarked_again(credited, open_amount=open_amount, paid_in_advance=paid)
    if earmarked > 0:
        work.tx.add(_item(work, credit_note, earmarked, earmarked=True))
    if credited > earmarked:
        credit = _item(work, credit_note, credited - earmarked, earmarked=False)
        work.tx.add(credit)
        await cover_oldest(work, credit, Item.id.in_(invoices_of(credit_note.note_id)))
        await cover_oldest(work, credit)
    return earmarked


def _item(work: Work, credit_note: CreditNote, amount: Decimal, *, earmarked: bool) -> Item:
    account_id, customer_id = credit_note.account_id, credit_note.customer_id
    return new_item(
        work,
        ItemKind.CREDIT_NOTE,
        credit_note.id,
        amount,
        account_id=account_id,
        customer_id=customer_id,
        earmarked=earmarked,
    )
