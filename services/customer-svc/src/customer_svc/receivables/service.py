"""Use cases of the receivables: invoice, payment, reversal, and credit notes for returned goods."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from customer_svc.credit.events import CustomerPosition
from customer_svc.credit.position import changed, lock_account
from customer_svc.customers.service import CUSTOMER_NOT_FOUND
from customer_svc.customers.store import Customer
from customer_svc.receivables import rules
from customer_svc.receivables.events import (
    CreditNoteIssued,
    InvoiceIssued,
    PaymentReceived,
    PaymentReversed,
    PrepaymentEarmarked,
)
from customer_svc.receivables.ledger import post
from customer_svc.receivables.store import (
    CreditNote,
    CreditNoteLine,
    DeliveryNote,
    DeliveryNoteLine,
    Invoice,
    Payment,
    PaymentAllocation,
)
from fangxing.clauses import clause
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.money import ZERO
from fangxing.tasks import close_tasks
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
REFERENCE_TAKEN = ErrorType(
    "payment-reference-taken",
    Kind.CONFLICT,
    "回单号 {reference} 已登记",
    "The payment {reference} is already entered",
    field="reference",
)
ALLOCATION_DOES_NOT_FIT = ErrorType(
    "allocation-does-not-fit",
    Kind.INVALID,
    "核销不符：{what}（发票不存在、重复、超过未付金额，或合计超过来款）",
    "An allocation does not fit: {what} (no such invoice, twice, above what is open, or above the payment in total)",
    field="allocations",
)
PAYMENT_NOT_FOUND = ErrorType(
    "payment-not-found", Kind.NOT_FOUND, "没有来款 {payment}", "There is no payment {payment}"
)
ALREADY_REVERSED = ErrorType("payment-reversed", Kind.CONFLICT, "该来款已冲回", "This payment is already reversed")
CREDIT_NOTE_NOT_PENDING = ErrorType(
    "credit-note-not-pending",
    Kind.CONFLICT,
    "没有待确认的贷项通知 {credit_note}",
    "There is no pending credit note {credit_note}",
)


async def _lock_note(work: Work, note_id: UUID) -> tuple[DeliveryNote, dict[int, DeliveryNoteLine]]:
    """The delivery note and its lines by number, the note's row locked."""
    note = await work.tx.get(DeliveryNote, note_id, with_for_update=True, populate_existing=True)
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
        credited_tons=row.credited_tons,
        credited_value=row.credited_value,
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

    Without `tons_by_line` everything open is invoiced; without `amount`, at the note's prices.
    """
    if await work.tx.scalar(select(Invoice.id).where(Invoice.number == number)):
        raise INVOICE_NUMBER_TAKEN(number=number)
    note, lines = await _lock_note(work, note_id)
    settled = _settle_lines(lines, tons_by_line)
    amount = settled if amount is None else amount
    if amount > settled and not reason:
        raise AMOUNT_NEEDS_REASON(value=settled)
    terms_days = await work.tx.scalar(select(Customer.terms_days).where(Customer.id == note.customer_id))
    due_on = due_on or issued_on + timedelta(days=terms_days or 0)
    if due_on < issued_on:
        raise DUE_BEFORE_ISSUE()
    account = await lock_account(work, note.account_id)
    shares = rules.invoice_shares(
        amount,
        settled,
        prepaid_left=note.on_prepayment - note.prepayment_applied,
        uncovered=account.prepaid_used_total - account.prepaid_total,
    )
    note.prepayment_applied += shares.prepaid_part
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
        due_on=due_on,
    )
    work.tx.add(invoice)
    post(
        work,
        account,
        kind="invoice",
        document=invoice.document,
        receivable=shares.receivable,
        settled=shares.settled,
        prepaid=shares.prepaid,
    )
    await changed(work, account, partial(_issued, invoice), about=invoice, document=invoice.document)
    return invoice


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


async def receive_payment(
    work: Work,
    *,
    customer_id: UUID,
    reference: str,
    amount: Decimal,
    received_on: date,
    purpose: Literal["receivable", "prepayment"],
    allocations: Sequence[rules.Allocation],
) -> Payment:
    """Enter a payment. What is not allocated reduces the receivable all the same, unless it is earmarked."""
    customer = await work.tx.get(Customer, customer_id)
    if customer is None:
        raise CUSTOMER_NOT_FOUND(customer=customer_id)
    if await work.tx.scalar(select(Payment.id).where(Payment.reference == reference)):
        raise REFERENCE_TAKEN(reference=reference)
    account = await lock_account(work, customer.account_id)
    payment = Payment(
        id=new_id(),
        reference=reference,
        customer_id=customer.id,
        account_id=account.id,
        purpose=purpose,
        amount=amount,
        received_on=received_on,
    )
    work.tx.add(payment)
    await work.tx.flush()
    if purpose == "prepayment":
        if allocations:
            raise ALLOCATION_DOES_NOT_FIT(what="prepayment")
        post(work, account, kind="prepayment", document=payment.document, prepaid=amount)
    else:
        await _allocate(work, payment, allocations)
        post(work, account, kind="payment", document=payment.document, receivable=-amount)
    event = PrepaymentEarmarked if purpose == "prepayment" else PaymentReceived
    await changed(
        work,
        account,
        lambda position: event(
            account_id=account.id,
            position=position,
            payment_id=payment.id,
            customer_id=customer.id,
            amount=amount,
        ),
        about=payment,
        document=payment.document,
    )
    return payment


async def _allocate(work: Work, payment: Payment, allocations: Sequence[rules.Allocation]) -> None:
    ids = [UUID(allocation.invoice) for allocation in allocations]
    rows = await work.tx.scalars(
        select(Invoice)
        .where(Invoice.id.in_(ids), Invoice.account_id == payment.account_id)
        .execution_options(populate_existing=True)
    )
    invoices = {str(invoice.id): invoice for invoice in rows}
    open_amounts = {key: invoice.open_amount for key, invoice in invoices.items()}
    fault = rules.allocation_fault(payment.amount, allocations, open_amounts)
    if fault:
        raise ALLOCATION_DOES_NOT_FIT(what=fault)
    for allocation in allocations:
        invoice = invoices[allocation.invoice]
        invoice.open_amount -= allocation.amount
        work.tx.add(PaymentAllocation(payment_id=payment.id, invoice_id=invoice.id, amount=allocation.amount))


async def reverse_payment(work: Work, payment_id: UUID, reason: str) -> Payment:
    """Take a payment back: the receivable, or the prepayments, are what they were, and its invoices are open again."""
    payment = await work.tx.get(Payment, payment_id, with_for_update=True)
    if payment is None:
        raise PAYMENT_NOT_FOUND(payment=payment_id)
    if payment.reversed_on is not None:
        raise ALREADY_REVERSED()
    account = await lock_account(work, payment.account_id)
    payment.reversed_on, payment.reversal_reason = work.today, reason
    allocated = await work.tx.execute(
        select(Invoice, PaymentAllocation.amount)
        .join(PaymentAllocation, PaymentAllocation.invoice_id == Invoice.id)
        .where(PaymentAllocation.payment_id == payment.id)
        .execution_options(populate_existing=True)
    )
    for invoice, amount in allocated.all():
        invoice.open_amount += amount
    figure = "prepaid" if payment.purpose == "prepayment" else "receivable"
    change = -payment.amount if figure == "prepaid" else payment.amount
    post(work, account, kind="reversal", document=payment.document, **{figure: change})
    await changed(work, account, partial(_reversed, payment), about=payment, document=payment.document)
    return payment


def _reversed(payment: Payment, position: CustomerPosition) -> PaymentReversed:
    return PaymentReversed.model_validate(
        {
            "account_id": payment.account_id,
            "position": position,
            "payment_id": payment.id,
            "customer_id": payment.customer_id,
            "purpose": payment.purpose,
            "amount": payment.amount,
        }
    )


@clause("6-3")
async def confirm_credit_note(work: Work, credit_note_id: UUID) -> CreditNote:
    """Confirm a pending credit note: what was invoiced comes off the receivable, the rest out of the delivered goods.

    Whether the goods were invoiced is decided here, under the delivery note's row lock.
    Raises `credit-note-not-pending`.
    """
    credit_note = await work.tx.get(CreditNote, credit_note_id, with_for_update=True)
    if credit_note is None or credit_note.status != "pending":
        raise CREDIT_NOTE_NOT_PENDING(credit_note=credit_note_id)
    note, lines = await _lock_note(work, credit_note.note_id)
    account = await lock_account(work, credit_note.account_id)
    returned = await work.tx.scalars(select(CreditNoteLine).where(CreditNoteLine.credit_note_id == credit_note.id))
    settled = credited = ZERO
    for line in returned:
        row = lines[line.line]
        split = rules.split_return(note_line(row), line.tons, line.value)
        row.settled_tons += split.uninvoiced_tons
        row.settled_value += split.uninvoiced_value
        row.credited_tons += split.invoiced_tons
        row.credited_value += split.invoiced_value
        settled += split.uninvoiced_value
        credited += split.invoiced_value
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
    await changed(
        work,
        account,
        lambda position: CreditNoteIssued(
            account_id=account.id,
            position=position,
            credit_note_id=credit_note.id,
            return_id=credit_note.return_id,
            customer_id=credit_note.customer_id,
            credited=credited,
            settled=settled,
        ),
        about=credit_note,
        document=credit_note.document,
    )
    return credit_note


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
