"""Use cases of credit notes 贷项通知单 for returned goods."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from uuid import UUID

from sqlalchemy import select

from customer_svc.credit.events import CustomerPosition
from customer_svc.credit.position import changed, lock_account
from customer_svc.receivables import rules
from customer_svc.receivables.events import CreditNoteIssued
from customer_svc.receivables.ledger import post
from customer_svc.receivables.service import lock_note, note_line
from customer_svc.receivables.store import CreditNote, CreditNoteLine, DeliveryNoteLine, Invoice
from fangxing.clauses import clause
from fangxing.errors import ErrorType, Kind
from fangxing.money import ZERO
from fangxing.tasks import close_tasks
from fangxing.work import Work

CREDIT_NOTE_NOT_FOUND = ErrorType(
    "credit-note-not-found", Kind.NOT_FOUND, "没有贷项通知单 {credit_note}", "There is no credit note {credit_note}"
)
CREDIT_NOTE_NOT_PENDING = ErrorType(
    "credit-note-not-pending", Kind.CONFLICT, "该贷项通知单已确认", "This credit note is already confirmed"
)
RETURN_ABOVE_NOTE = ErrorType(
    "return-above-note",
    Kind.CONFLICT,
    "退货第 {line} 行 {tons} 吨，超过送货单尚未退回的数量",
    "{tons} t of line {line} are more than the delivery note has left to return",
    clause="6-3",
)


@clause("6-3")
async def confirm_credit_note(work: Work, credit_note_id: UUID) -> CreditNote:
    """Confirm a pending credit note: what was invoiced comes off the receivable, the rest out of the delivered goods.

    Whether the goods were invoiced is decided here, under the delivery note's row lock. Raises
    `credit-note-not-found`, `credit-note-not-pending`, `delivery-note-not-found` or `return-above-note`.
    """
    credit_note = await work.tx.get(CreditNote, credit_note_id, with_for_update={"key_share": True})
    if credit_note is None:
        raise CREDIT_NOTE_NOT_FOUND(credit_note=credit_note_id)
    if credit_note.status != "pending":
        raise CREDIT_NOTE_NOT_PENDING()
    note, lines = await lock_note(work, credit_note.note_id)
    returned = await work.tx.scalars(select(CreditNoteLine).where(CreditNoteLine.credit_note_id == credit_note.id))
    settled, credited = _take_back(lines, returned.all())
    account = await lock_account(work, credit_note.account_id)
    credit_note.status, credit_note.settled, credit_note.credited = "confirmed", settled, credited
    credit_note.confirmed_by, credit_note.confirmed_on = work.actor.id, work.today
    await _credit_invoices(work, note.id, credited)
    # what was shipped against a prepayment is given back to the prepayment, not to the delivered goods
    prepaid = min(settled, note.on_prepayment - note.prepayment_applied)
    note.prepayment_applied += prepaid
    post(
        work,
        account,
        kind="credit_note",
        document=credit_note.document,
        receivable=-credited,
        settled=settled - prepaid,
        prepaid=prepaid,
    )
    await close_tasks(work, credit_note.document)
    event = partial(_confirmed, credit_note, credited, settled)
    await changed(work, account, event, about=credit_note, document=credit_note.document)
    return credit_note


def _take_back(lines: dict[int, DeliveryNoteLine], returned: Sequence[CreditNoteLine]) -> tuple[Decimal, Decimal]:
    """Take the returned goods out of the note's lines; in yuan, the value not invoiced and the credit."""
    settled = credited = ZERO
    for line in returned:
        row = lines.get(line.line)
        if row is None or line.tons > row.tons - row.returned_tons:
            raise RETURN_ABOVE_NOTE(line=line.line, tons=line.tons)
        split = rules.split_return(note_line(row), line.tons, line.value)
        row.settled_tons += split.uninvoiced_tons
        row.settled_value += split.uninvoiced_value
        row.returned_tons += line.tons
        row.returned_value += split.uninvoiced_value + split.invoiced_value
        row.credited_amount += split.credit
        settled += split.uninvoiced_value
        credited += split.credit
    return settled, credited


def _confirmed(
    credit_note: CreditNote, credited: Decimal, settled: Decimal, position: CustomerPosition
) -> CreditNoteIssued:
    return CreditNoteIssued(
        account_id=credit_note.account_id,
        position=position,
        credit_note_id=credit_note.id,
        return_id=credit_note.return_id,
        customer_id=credit_note.customer_id,
        credited=credited,
        settled=settled,
    )


async def _credit_invoices(work: Work, note_id: UUID, credited: Decimal) -> None:
    """Let a credit cover the note's open invoices, the oldest first; the rest is the customer's unallocated credit."""
    invoices = await work.tx.scalars(
        select(Invoice)
        .where(Invoice.note_id == note_id, Invoice.open_amount > 0)
        .order_by(Invoice.due_on, Invoice.id)
        .execution_options(populate_existing=True)
    )
    for invoice in invoices:
        part = min(invoice.open_amount, credited)
        invoice.open_amount -= part
        credited -= part
