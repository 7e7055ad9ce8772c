"""Invoices 发票 against delivery notes."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from customer_svc.accounts.advancing import advance, publish
from customer_svc.accounts.allocating import new_item, use_earmark
from customer_svc.accounts.rules import EntryKind, ItemKind
from customer_svc.accounts.store import earmarked_of, lock_account
from customer_svc.customers.store import Customer
from customer_svc.receivables import reasons, rules
from customer_svc.receivables.errors import INVOICE_NUMBER_TAKEN
from customer_svc.receivables.events import InvoiceIssued
from customer_svc.receivables.posting import post
from customer_svc.receivables.rules import InvoiceAction, InvoiceStatus
from customer_svc.receivables.shapes import IssueInvoice
from customer_svc.receivables.store import DeliveryNote, DeliveryNoteLine, Invoice, InvoiceLine, lock_note
from fangxing import decision_log
from fangxing.database import flush_unique
from fangxing.documents import born
from fangxing.ids import new_id
from fangxing.money import ZERO
from fangxing.roles import Role
from fangxing.text import normal
from fangxing.work import Work


async def issue_invoice(work: Work, body: IssueInvoice) -> Invoice:
    """Invoice a delivery note, whole or in part: receivable and settled_total change in one transaction.

    Raises `delivery-note-not-found`, `invoice-number-taken`, and what the rules raise.
    """
    wanted = rules.once_each((line.line, line.tons) for line in body.lines) if body.lines else None
    note, lines = await lock_note(work.tx, body.delivery_note_id)
    parts = rules.parts_to_invoice({number: row.figures for number, row in lines.items()}, wanted)
    settled = sum((part.value for part in parts), ZERO)
    finance_manager = work.actor.has(Role.FINANCE_MANAGER)
    amount = rules.invoice_amount(body.amount, settled, reason=body.reason, finance_manager=finance_manager)
    of_parts = _settle(lines, parts, amount)
    account = await lock_account(work.tx, note.account_id)
    shares = _apply_prepayment(note, amount, settled, await earmarked_of(work.tx, account.id))
    invoice = await _made(work, body, note, amount=amount, settled=settled)
    work.tx.add(invoice)
    await born(work, invoice, InvoiceAction.ISSUE, note.hands)
    await flush_unique(work.tx, {"uq_invoices_number": INVOICE_NUMBER_TAKEN(number=invoice.number)})
    work.tx.add_all(_lines(invoice, parts, of_parts, shares.prepaid_part))
    await use_earmark(work, account.id, invoice.item, shares.paid)
    if amount < settled:
        verdict = reasons.below_note(amount, settled, invoice.reason)
        decision_log.keep(work, "invoice_below_note", invoice.document, verdict)
    post(
        work,
        account,
        EntryKind.INVOICE,
        invoice.document,
        receivable=shares.receivable,
        settled=shares.settled,
        prepaid=shares.prepaid,
    )
    async with advance(work, account) as position:
        publish(work, InvoiceIssued.of(invoice, position), about=invoice)
    return invoice


def _settle(lines: dict[int, DeliveryNoteLine], parts: Sequence[rules.Part], amount: Decimal) -> list[Decimal]:
    """Take the parts out of the note's lines; what of `amount` is invoiced for each, in yuan."""
    shares = rules.spread(amount, [part.value for part in parts])
    for part, share in zip(parts, shares, strict=True):
        row = lines[part.line]
        row.figures = rules.invoiced(row.figures, part, share)
    return shares


def _lines(
    invoice: Invoice, parts: Sequence[rules.Part], amounts: Sequence[Decimal], prepaid: Decimal
) -> Iterator[InvoiceLine]:
    """The invoice's lines; the first of them are those whose goods were paid in advance, worth `prepaid` yuan."""
    for part, amount in zip(parts, amounts, strict=True):
        of_line = min(prepaid, part.value)
        prepaid -= of_line
        yield InvoiceLine(
            invoice_id=invoice.id, line=part.line, tons=part.tons, settled=part.value, prepaid=of_line, amount=amount
        )


def _apply_prepayment(note: DeliveryNote, amount: Decimal, settled: Decimal, earmarked: Decimal) -> rules.InvoiceShares:
    """What the invoice moves; the note remembers how much of its prepaid part has been invoiced."""
    shares = rules.invoice_shares(amount, settled, prepaid_left=note.prepaid_left, earmarked=earmarked)
    note.prepayment_applied += shares.prepaid_part
    return shares


async def _made(work: Work, body: IssueInvoice, note: DeliveryNote, *, amount: Decimal, settled: Decimal) -> Invoice:
    """The invoice with its item, due by the customer's terms, or as asked."""
    customer = await work.tx.get_one(Customer, note.customer_id)
    issued_on = body.issued_on or work.today
    due_on = rules.due_date(
        body.due_on, issued_on=issued_on, today=work.today, terms_days=customer.terms_days, reason=body.reason
    )
    id = new_id()
    return Invoice(
        id=id,
        number=body.number,
        normal_number=normal(body.number),
        status=InvoiceStatus.ISSUED,
        author=work.actor.id,
        customer_id=note.customer_id,
        account_id=note.account_id,
        note_id=note.id,
        amount=amount,
        settled=settled,
        reason=body.reason,
        issued_on=issued_on,
        item=new_item(
            work,
            ItemKind.INVOICE,
            id,
            amount,
            id=id,
            account_id=note.account_id,
            customer_id=note.customer_id,
            due_on=due_on,
            value_on=issued_on,
        ),
    )
