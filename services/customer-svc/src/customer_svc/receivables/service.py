"""Use cases of invoices 发票 against delivery notes."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from customer_svc.credit.events import CustomerPosition
from customer_svc.credit.position import changed, lock_account
from customer_svc.credit.store import CreditAccount
from customer_svc.customers.store import Customer
from customer_svc.receivables import rules
from customer_svc.receivables.events import InvoiceIssued
from customer_svc.receivables.ledger import post
from customer_svc.receivables.store import DeliveryNote, DeliveryNoteLine, Invoice
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.money import ZERO
from fangxing.work import Work

NOTE_NOT_FOUND = ErrorType(
    "delivery-note-not-found",
    Kind.NOT_FOUND,
    "没有送货单 {note}（或尚未收到发货信息）",
    "There is no delivery note {note}, or word of it has not come yet",
    field="delivery_note_id",
)
INVOICE_NUMBER_TAKEN = ErrorType(
    "invoice-number-taken",
    Kind.CONFLICT,
    "发票号 {number} 已登记",
    "The invoice {number} is already entered",
    field="number",
)
NOT_OPEN_FOR_INVOICE = ErrorType(
    "not-open-for-invoice",
    Kind.CONFLICT,
    "第 {line} 行未开票数量只有 {open} 吨",
    "Line {line} has only {open} t not invoiced",
    field="lines",
)
NOTHING_TO_INVOICE = ErrorType(
    "nothing-to-invoice",
    Kind.CONFLICT,
    "该送货单已全部开票或退回",
    "Everything on this delivery note is invoiced or returned",
)
AMOUNT_NEEDS_REASON = ErrorType(
    "amount-above-note",
    Kind.INVALID,
    "发票金额高于送货单价值 {value} 元，须写明原因",
    "The amount is above the value on the note, {value} yuan: give the reason",
    field="reason",
)
DUE_BEFORE_ISSUE = ErrorType(
    "due-before-issue",
    Kind.INVALID,
    "到期日不能早于开票日",
    "The due date cannot be before the date of issue",
    field="due_on",
)


async def lock_note(work: Work, note_id: UUID) -> tuple[DeliveryNote, dict[int, DeliveryNoteLine]]:
    """The delivery note and its lines by number, the note's row locked; raises `delivery-note-not-found`.

    Whoever locks a note and an account locks the note first.
    """
    note = await work.tx.get(DeliveryNote, note_id, with_for_update={"key_share": True}, populate_existing=True)
    if note is None:
        raise NOTE_NOT_FOUND(note=note_id)
    lines = await work.tx.scalars(
        select(DeliveryNoteLine)
        .where(DeliveryNoteLine.note_id == note_id)
        .order_by(DeliveryNoteLine.line)
        .execution_options(populate_existing=True)
    )
    return note, {line.line: line for line in lines}


def note_line(row: DeliveryNoteLine) -> rules.NoteLine:
    """The row as the rules see it."""
    return rules.NoteLine(
        line=row.line,
        tons=row.tons,
        value=row.value,
        price_per_ton=row.price_per_ton,
        settled_tons=row.settled_tons,
        settled_value=row.settled_value,
        returned_tons=row.returned_tons,
        returned_value=row.returned_value,
    )


async def issue_invoice(
    work: Work,
    *,
    number: str,
    note_id: UUID,
    tons_by_line: dict[int, Decimal] | None,
    amount: Decimal | None,
    issued_on: date,
    due_on: date | None,
    reason: str | None,
) -> Invoice:
    """Invoice a delivery note, whole or in part: receivable and settled_total change in one transaction.

    Without `tons_by_line` everything open is invoiced; without `amount`, in yuan, at the note's prices. Raises what
    is declared above.
    """
    note, lines = await lock_note(work, note_id)
    settled = _settle_lines(lines, tons_by_line)
    amount = settled if amount is None else amount
    if amount > settled and not reason:
        raise AMOUNT_NEEDS_REASON(value=settled)
    account = await lock_account(work, note.account_id)
    shares = _shares(note, account, amount, settled)
    invoice = Invoice(
        id=new_id(),
        number=number,
        customer_id=note.customer_id,
        account_id=note.account_id,
        note_id=note.id,
        amount=amount,
        settled=settled,
        open_amount=shares.receivable,
        reason=reason,
        issued_on=issued_on,
        due_on=await _due_on(work, note, issued_on, due_on),
    )
    await _store(work, invoice)
    _post(work, account, invoice, shares)
    await changed(work, account, partial(_issued, invoice), about=invoice, document=invoice.document)
    return invoice


def _shares(note: DeliveryNote, account: CreditAccount, amount: Decimal, settled: Decimal) -> rules.InvoiceShares:
    """What the invoice moves; the note remembers how much of its prepaid part has been invoiced."""
    shares = rules.invoice_shares(
        amount,
        settled,
        prepaid_left=note.on_prepayment - note.prepayment_applied,
        uncovered=account.prepaid_used_total - account.prepaid_total,
    )
    note.prepayment_applied += shares.prepaid_part
    return shares


async def _due_on(work: Work, note: DeliveryNote, issued_on: date, due_on: date | None) -> date:
    """The due date as given, or by the customer's terms 结算方式."""
    days = await work.tx.scalar(select(Customer.terms_days).where(Customer.id == note.customer_id))
    due_on = due_on or issued_on + timedelta(days=days or 0)
    if due_on < issued_on:
        raise DUE_BEFORE_ISSUE()
    return due_on


async def _store(work: Work, invoice: Invoice) -> None:
    work.tx.add(invoice)
    try:
        await work.tx.flush()
    except IntegrityError as error:
        if "uq_invoices_number" not in str(error.orig):
            raise
        raise INVOICE_NUMBER_TAKEN(number=invoice.number) from error


def _post(work: Work, account: CreditAccount, invoice: Invoice, shares: rules.InvoiceShares) -> None:
    post(
        work,
        account,
        kind="invoice",
        document=invoice.document,
        receivable=shares.receivable,
        settled=shares.settled,
        prepaid=shares.prepaid,
    )


def _issued(invoice: Invoice, position: CustomerPosition) -> InvoiceIssued:
    return InvoiceIssued(
        account_id=invoice.account_id,
        position=position,
        invoice_id=invoice.id,
        number=invoice.number,
        customer_id=invoice.customer_id,
        delivery_note_id=invoice.note_id,
        amount=invoice.amount,
        settled=invoice.settled,
        due_on=invoice.due_on,
    )


def _settle_lines(lines: dict[int, DeliveryNoteLine], tons_by_line: dict[int, Decimal] | None) -> Decimal:
    """Take `tons_by_line` (everything open) out of the lines; the value at the note's prices, in yuan."""
    wanted = tons_by_line or {number: note_line(row).open_tons for number, row in lines.items()}
    settled = ZERO
    for number, tons in wanted.items():
        row = lines.get(number)
        open_tons = note_line(row).open_tons if row else ZERO
        if row is None or tons > open_tons:
            raise NOT_OPEN_FOR_INVOICE(line=number, open=open_tons)
        value = rules.settle(note_line(row), tons)
        row.settled_tons += tons
        row.settled_value += value
        settled += value
    if settled == 0:
        raise NOTHING_TO_INVOICE()
    return settled
