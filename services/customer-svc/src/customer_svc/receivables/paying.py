"""Payments 来款: received, allocated, taken back."""

from collections.abc import Sequence
from uuid import UUID

from customer_svc.accounts.advancing import advance, publish
from customer_svc.accounts.allocating import allocate, take_back
from customer_svc.accounts.errors import ALLOCATION_DOES_NOT_FIT
from customer_svc.accounts.events import PositionRestated
from customer_svc.accounts.rules import Share
from customer_svc.accounts.store import CreditAccount, lock_account
from customer_svc.customers.errors import CUSTOMER_NOT_FOUND
from customer_svc.customers.store import Customer
from customer_svc.receivables import rules
from customer_svc.receivables.errors import REFERENCE_TAKEN
from customer_svc.receivables.events import PaymentReceived, PaymentReversed, PrepaymentEarmarked
from customer_svc.receivables.posting import post
from customer_svc.receivables.rules import EntryKind, PaymentAction, PaymentStatus, Purpose
from customer_svc.receivables.shapes import AllocatePayment, AllocationIn, ReceivePayment, ReversePayment
from customer_svc.receivables.store import Payment
from fangxing.clauses import clause
from fangxing.database import flush_unique
from fangxing.documents import born, lock_for
from fangxing.ids import new_id
from fangxing.money import ZERO
from fangxing.text import normal
from fangxing.work import Work


async def receive_payment(work: Work, body: ReceivePayment) -> Payment:
    """Enter a payment. What is not allocated reduces the receivable all the same, unless earmarked.

    Raises `customer-not-found`, `received-in-the-future`, `payment-reference-taken` or `allocation-does-not-fit`.
    """
    customer = await work.tx.get(Customer, body.customer_id)
    if customer is None:
        raise CUSTOMER_NOT_FOUND(customer=body.customer_id)
    payment = Payment(
        id=new_id(),
        reference=body.reference,
        normal_reference=normal(body.reference),
        status=PaymentStatus.ENTERED,
        author=work.actor.id,
        customer_id=customer.id,
        account_id=customer.account_id,
        purpose=body.purpose,
        amount=body.amount,
        allocated=ZERO,
        received_on=rules.received_on(body.received_on, today=work.today),
    )
    work.tx.add(payment)
    await born(work, payment, PaymentAction.ENTER)
    await flush_unique(work.tx, {"uq_payments_reference": REFERENCE_TAKEN(reference=body.reference)})
    account = await lock_account(work.tx, customer.account_id)
    await _allocate(work, payment, account, body.allocations)
    if payment.purpose is Purpose.PREPAYMENT:
        post(work, account, EntryKind.PREPAYMENT, payment.document, prepaid=payment.amount)
    else:
        post(work, account, EntryKind.PAYMENT, payment.document, receivable=-payment.amount)
    event = PrepaymentEarmarked if payment.purpose is Purpose.PREPAYMENT else PaymentReceived
    async with advance(work, account) as position:
        publish(work, event.of(payment, position), about=payment)
    return payment


@clause("5-4.2.1-B")
async def allocate_payment(work: Work, payment_id: UUID, body: AllocatePayment) -> Payment:
    """Let what is left of a payment pay invoices: the receivable stays what it is, and what is due changes.

    Raises `payment-not-found`, `wrong-state` or `allocation-does-not-fit`.
    """
    payment = await lock_for(work, Payment, payment_id, PaymentAction.ALLOCATE, key_share=True)
    account = await lock_account(work.tx, payment.account_id)
    await _allocate(work, payment, account, body.allocations)
    async with advance(work, account) as position:
        publish(work, PositionRestated(account_id=account.id, position=position))
    return payment


async def reverse_payment(work: Work, payment_id: UUID, body: ReversePayment) -> Payment:
    """Take a payment back: the receivable, or the prepayments, are what they were, and its invoices are open again.

    Raises `payment-not-found` or `wrong-state`.
    """
    payment = await lock_for(work, Payment, payment_id, PaymentAction.REVERSE, key_share=True)
    account = await lock_account(work.tx, payment.account_id)
    payment.status, payment.reversed_on, payment.reversal_reason = PaymentStatus.REVERSED, work.today, body.reason
    await take_back(work, payment.id)
    if payment.purpose is Purpose.PREPAYMENT:
        post(work, account, EntryKind.REVERSAL, payment.document, prepaid=-payment.amount)
    else:
        post(work, account, EntryKind.REVERSAL, payment.document, receivable=payment.amount)
    async with advance(work, account) as position:
        publish(work, PaymentReversed.of(payment, position, purpose=payment.purpose), about=payment)
    return payment


async def _allocate(work: Work, payment: Payment, account: CreditAccount, allocations: Sequence[AllocationIn]) -> None:
    """Let a payment pay invoices, with what is left of it; a prepayment is kept for goods to come."""
    if payment.purpose is Purpose.PREPAYMENT and allocations:
        raise ALLOCATION_DOES_NOT_FIT(what=payment.purpose)
    shares = [Share(allocation.invoice_id, allocation.amount) for allocation in allocations]
    payment.allocated += await allocate(work, account, payment.id, payment.amount - payment.allocated, shares)
