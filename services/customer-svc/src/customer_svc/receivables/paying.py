"""Receipts 来款: entered, allocated, matured, taken back."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from customer_svc.accounts.advancing import advance, advance_alone, publish
from customer_svc.accounts.allocating import cover_chosen, new_item, take_back, take_out
from customer_svc.accounts.errors import ALLOCATION_DOES_NOT_FIT
from customer_svc.accounts.rules import EntryKind, ItemKind, Share
from customer_svc.accounts.store import CreditAccount, Item, credits_of, lock_account
from customer_svc.customers.errors import CUSTOMER_NOT_FOUND
from customer_svc.customers.store import Customer
from customer_svc.receivables import rules
from customer_svc.receivables.errors import REFERENCE_TAKEN
from customer_svc.receivables.events import PaymentReceived, PaymentReversed, PrepaymentEarmarked
from customer_svc.receivables.policies import BANK_ACCOUNTS, DRAFT_LOWERS_EXPOSURE
from customer_svc.receivables.posting import post
from customer_svc.receivables.rules import DRAFTS, PaymentAction, PaymentStatus
from customer_svc.receivables.shapes import AllocatePayment, AllocationIn, ReceivePayment, ReversePayment
from customer_svc.receivables.store import CreditNote, Payment
from customer_svc.receivables.telling import UNALLOCATED
from fangxing.attachments import attaching
from fangxing.clauses import clause
from fangxing.database import flush_unique
from fangxing.documents import born, lock_for
from fangxing.ids import new_id
from fangxing.money import ZERO
from fangxing.tasks import close_tasks
from fangxing.text import normal
from fangxing.work import Work

Chosen = Sequence[AllocationIn] | None
"""The debits that the clerk chose, or None for the oldest first."""


@clause("5-4.2.2-A", "5-4.2.1-B")
async def receive_payment(work: Work, body: ReceivePayment) -> Payment:
    """Enter a payment. What is not allocated reduces the receivable all the same, unless earmarked.

    A draft counts at once, or from its maturity on where the policy says so or says nothing. Raises
    `customer-not-found`, `received-in-the-future`, `bank-account-unknown`, `payment-reference-taken`,
    `prepaid-above-amount` or `allocation-does-not-fit`.
    """
    customer = await work.tx.get(Customer, body.customer_id)
    if customer is None:
        raise CUSTOMER_NOT_FOUND(customer=body.customer_id)
    payment = await _made(work, body, customer)
    work.tx.add(payment)
    await born(work, payment, PaymentAction.ENTER)
    await flush_unique(work.tx, {"uq_payments_reference": REFERENCE_TAKEN(reference=body.reference)})
    await attaching.link(work, payment.document, body.attachments)
    account = await lock_account(work.tx, customer.account_id)
    if payment.status is PaymentStatus.ENTERED:
        await _take_in(work, payment, account, body.allocations)
    elif body.allocations:
        raise ALLOCATION_DOES_NOT_FIT(what=payment.status)
    return payment


async def _made(work: Work, body: ReceivePayment, customer: Customer) -> Payment:
    book = await work.policies()
    bank_account = rules.own_account(body.bank_account, book.get(BANK_ACCOUNTS))
    draft = body.draft
    counts = body.method not in DRAFTS or book.get(DRAFT_LOWERS_EXPOSURE)
    return Payment(
        id=new_id(),
        reference=body.reference,
        normal_reference=normal(body.reference),
        status=PaymentStatus.ENTERED if counts else PaymentStatus.HELD,
        author=work.actor.id,
        customer_id=customer.id,
        account_id=customer.account_id,
        purpose=body.purpose,
        amount=body.amount,
        prepaid=rules.prepaid_part(body.amount, body.prepaid, body.purpose),
        method=body.method,
        bank_account=bank_account,
        accepting_bank=draft and draft.bank,
        drawer=draft and draft.drawer,
        matures_on=draft and draft.matures_on,
        source=f"bank/{normal(draft.bank)}" if draft else f"account/{normal(bank_account)}",
        received_on=rules.received_on(body.received_on, today=work.today),
    )


async def _take_in(work: Work, payment: Payment, account: CreditAccount, chosen: Chosen) -> None:
    """Let a payment count: what is for goods to come as a prepayment, the rest for what is owed."""
    owed = payment.amount - payment.prepaid
    if payment.prepaid > 0:
        work.tx.add(_credit(work, ItemKind.PREPAYMENT, payment, payment.prepaid))
    if owed > 0:
        credit = _credit(work, ItemKind.RECEIPT, payment, owed)
        work.tx.add(credit)
        await work.tx.flush()
        await cover_chosen(work, credit, shares_of(chosen))
    elif chosen:
        raise ALLOCATION_DOES_NOT_FIT(what=payment.purpose)
    kind = EntryKind.PAYMENT if owed > 0 else EntryKind.PREPAYMENT
    value_on = payment.received_on
    post(work, account, kind, payment.document, receivable=-owed, prepaid=payment.prepaid, value_on=value_on)
    async with advance(work, account) as position:
        event = PaymentReceived if owed > 0 else PrepaymentEarmarked
        publish(work, event.of(payment, position), about=payment)


def _credit(work: Work, kind: ItemKind, payment: Payment, amount: Decimal) -> Item:
    return new_item(
        work,
        kind,
        payment.id,
        amount,
        account_id=payment.account_id,
        customer_id=payment.customer_id,
        earmarked=kind is ItemKind.PREPAYMENT,
        value_on=payment.received_on,
    )


def shares_of(chosen: Chosen) -> list[Share] | None:
    """The shares that the clerk chose; None where he left it to the rules."""
    return None if chosen is None else [Share(allocation.invoice_id, allocation.amount) for allocation in chosen]


@clause("5-4.2.1-B")
async def allocate_payment(work: Work, payment_id: UUID, body: AllocatePayment) -> Payment:
    """Let what is left of a payment cover debits: the receivable stays what it is, and what is due changes.

    Raises `payment-not-found`, `wrong-state` or `allocation-does-not-fit`.
    """
    payment = await lock_for(work, Payment, payment_id, PaymentAction.ALLOCATE, key_share=True)
    account = await lock_account(work.tx, payment.account_id)
    await allocate_document(work, payment, body)
    await advance_alone(work, account)
    return payment


async def allocate_document(work: Work, document: Payment | CreditNote, body: AllocatePayment) -> None:
    """Let what is open of a document's credit, outside the prepayments, cover debits, under the account's lock."""
    credits = await credits_of(work.tx, document.id, document.account_id)
    credit = next((item for item in credits if not item.earmarked and item.open_amount > 0), None)
    if credit is None:
        raise ALLOCATION_DOES_NOT_FIT(what="total")
    await cover_chosen(work, credit, shares_of(body.allocations))
    if not any(item.open_amount for item in credits if not item.earmarked):
        await close_tasks(work, document.document, UNALLOCATED)


async def mature(work: Work, payment: Payment) -> None:
    """A draft that was held counts from its maturity on; its row is locked."""
    payment.status = PaymentStatus.ENTERED
    await _take_in(work, payment, await lock_account(work.tx, payment.account_id), None)


@clause("5-4.2.1-B", "5-4.2.2-B")
async def reverse_payment(work: Work, payment_id: UUID, body: ReversePayment) -> Payment:
    """Take a payment back, as when a draft bounces: what it paid is open again.

    What of it was for goods to come, and had paid nothing yet, leaves the prepayments; what it had paid of invoices is
    owed, and due today. Raises `payment-not-found` or `wrong-state`.
    """
    payment = await lock_for(work, Payment, payment_id, PaymentAction.REVERSE, key_share=True)
    counted = payment.status is PaymentStatus.ENTERED
    account = await lock_account(work.tx, payment.account_id)
    payment.status, payment.reversed_on, payment.reversal_reason = PaymentStatus.REVERSED, work.today, body.reason
    if counted:
        earmarked = await _take_out(work, payment)
        owed = payment.amount - earmarked
        post(work, account, EntryKind.REVERSAL, payment.document, receivable=owed, prepaid=-earmarked)
        await close_tasks(work, payment.document, UNALLOCATED)
    async with advance(work, account) as position:
        publish(work, PaymentReversed.of(payment, position, purpose=payment.purpose), about=payment)
    return payment


async def _take_out(work: Work, payment: Payment) -> Decimal:
    """Cover a payment's credits by a debit that takes them back; what was open of its prepayments, in yuan."""
    credits = await credits_of(work.tx, payment.id, payment.account_id)
    earmarked = sum((credit.open_amount for credit in credits if credit.earmarked), ZERO)
    await take_back(work, credits)
    await take_out(work, credits, payment.amount)
    return earmarked
