"""Use cases of invoices 发票 against delivery notes."""

from collections.abc import Iterable
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
from fangxing import decision_log
from fangxing.clauses import clause
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.money import ZERO
from fangxing.roles import Role
from fangxing.text import Text
from fangxing.verdicts import ReasonType, Verdict
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
LINE_TWICE = ErrorType(
    "line-twice",
    Kind.INVALID,
    "同一行只能出现一次：第 {line} 行",
    "A line may be named once only: line {line}",
    field="lines",
)
AMOUNT_NEEDS_REASON = ErrorType(
    "amount-above-note",
    Kind.INVALID,
    "发票金额高于送货单价值 {value} 元，须写明原因",
    "The amount is above the value on the note, {value} yuan: give the reason",
    field="reason",
)
BELOW_NOTE_REFUSED = ErrorType(
    "amount-below-note",
    Kind.FORBIDDEN,
    "发票金额低于送货单价值 {value} 元，会减少欠款额度：须由财务部经理开具并写明原因",
    "The amount is below the value on the note, {value} yuan, and would lower the exposure: "
    "the finance manager may enter it and gives the reason",
    clause="5-4.2.1-B",
    field="amount",
)
BELOW_NOTE = ReasonType(
    "amount-below-note",
    "5-4.2.1-B",
    Text(
        "发票金额 {amount} 元低于送货单价值 {settled} 元，由财务部经理开具：{reason}",
        "Invoiced at {amount} yuan, below {settled} yuan on the note, by the finance manager: {reason}",
    ),
)
ISSUED_IN_FUTURE = ErrorType(
    "issued-in-the-future",
    Kind.INVALID,
    "开票日不能晚于今天 {today}",
    "The date of issue cannot be after today, {today}",
    clause="5-4.2.1-B",
    field="issued_on",
)
DUE_BEYOND_TERMS = ErrorType(
    "due-beyond-terms",
    Kind.INVALID,
    "到期日晚于结算方式规定的 {due}，须写明原因",
    "The due date is later than the terms give, {due}: give the reason",
    clause="5-4.2.1-B",
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
        invoiced_amount=row.invoiced_amount,
        credited_amount=row.credited_amount,
    )


def once_each(tons: Iterable[tuple[int, Decimal]]) -> dict[int, Decimal]:
    """Tons by line of a delivery note; raises `line-twice`."""
    by_line: dict[int, Decimal] = {}
    for line, wanted in tons:
        if line in by_line:
            raise LINE_TWICE(line=line)
        by_line[line] = wanted
    return by_line


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

    Without `tons_by_line` everything open is invoiced, without `amount` at the note's prices. Raises what is above.
    """
    note, lines = await lock_note(work, note_id)
    values = _settle_lines(lines, tons_by_line)
    settled = sum(values.values(), ZERO)
    amount = _amount(work, amount, settled, reason)
    _spread(lines, values, amount)
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
        due_on=await _due_on(work, note, issued_on, due_on, reason),
    )
    await _store(work, invoice)
    _post(work, account, invoice, shares)
    await changed(work, account, partial(_issued, invoice), about=invoice, document=invoice.document)
    return invoice


@clause("5-4.2.1-B")
def _amount(work: Work, amount: Decimal | None, settled: Decimal, reason: str | None) -> Decimal:
    """The amount as given, or the note's, in yuan; another than the note's has a reason.

    One below the note's lowers the exposure and is for the finance manager alone.
    """
    amount = settled if amount is None else amount
    if amount > settled and not reason:
        raise AMOUNT_NEEDS_REASON(value=settled)
    if amount < settled and not (reason and work.actor.has(Role.FINANCE_MANAGER)):
        raise BELOW_NOTE_REFUSED(value=settled)
    return amount


def _spread(lines: dict[int, DeliveryNoteLine], values: dict[int, Decimal], amount: Decimal) -> None:
    """Note on each line what of `amount` was invoiced for it: a later return is credited at that."""
    for line, share in zip(values, rules.spread(amount, list(values.values())), strict=True):
        lines[line].invoiced_amount += share


def _keep_below_note(work: Work, invoice: Invoice) -> None:
    """Keep in the decision log that an invoice is below what it settles."""
    if invoice.amount >= invoice.settled:
        return
    inputs = {"amount": invoice.amount, "settled": invoice.settled, "reason": invoice.reason}
    verdict = Verdict(True, "finance_manager", (BELOW_NOTE(**inputs),), inputs)
    decision_log.keep(work, "invoice_below_note", invoice.document, verdict)


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


@clause("5-4.2.1-B")
async def _due_on(work: Work, note: DeliveryNote, issued_on: date, due_on: date | None, reason: str | None) -> date:
    """The due date as given, or by the customer's terms 结算方式; no date sets overdue aside without a reason."""
    if issued_on > work.today:
        raise ISSUED_IN_FUTURE(today=work.today)
    days = await work.tx.scalar(select(Customer.terms_days).where(Customer.id == note.customer_id))
    by_terms = issued_on + timedelta(days=days or 0)
    due_on = due_on or by_terms
    if due_on < issued_on:
        raise DUE_BEFORE_ISSUE()
    if due_on > by_terms and not reason:
        raise DUE_BEYOND_TERMS(due=by_terms)
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
    _keep_below_note(work, invoice)
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


def _settle_lines(lines: dict[int, DeliveryNoteLine], tons_by_line: dict[int, Decimal] | None) -> dict[int, Decimal]:
    """Take `tons_by_line` (everything open) out of the lines; the value of each at the note's price, in yuan."""
    wanted = tons_by_line or {number: note_line(row).open_tons for number, row in lines.items()}
    values: dict[int, Decimal] = {}
    for number, tons in wanted.items():
        row = lines.get(number)
        open_tons = note_line(row).open_tons if row else ZERO
        if row is None or tons > open_tons:
            raise NOT_OPEN_FOR_INVOICE(line=number, open=open_tons)
        value = rules.settle(note_line(row), tons)
        row.settled_tons += tons
        row.settled_value += value
        values[number] = value
    if not any(values.values()):
        raise NOTHING_TO_INVOICE()
    return values
