"""Use cases of payments: receive, allocate, take back."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from customer_svc.credit.events import CustomerPosition
from customer_svc.credit.position import changed, lock_account, restated
from customer_svc.customers.service import CUSTOMER_NOT_FOUND
from customer_svc.customers.store import Customer
from customer_svc.receivables import rules
from customer_svc.receivables.events import PaymentReceived, PaymentReversed, PrepaymentEarmarked
from customer_svc.receivables.ledger import post
from customer_svc.receivables.store import Invoice, Payment, PaymentAllocation
from fangxing.clauses import clause
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.money import ZERO
from fangxing.work import Work

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
ALREADY_REVERSED = ErrorType("payment-reversed", Kind.CONFLICT, "该来款已冲销", "This payment is already reversed")


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
    """Enter a payment of `amount` yuan. What is not allocated reduces the receivable all the same, unless earmarked.

    Raises `customer-not-found`, `payment-reference-taken` or `allocation-does-not-fit`.
    """
    customer = await work.tx.get(Customer, customer_id)
    if customer is None:
        raise CUSTOMER_NOT_FOUND(customer=customer_id)
    payment = Payment(
        id=new_id(),
        reference=reference,
        customer_id=customer.id,
        account_id=customer.account_id,
        purpose=purpose,
        amount=amount,
        allocated=ZERO,
        received_on=received_on,
    )
    await _store(work, payment)
    account = await lock_account(work, customer.account_id)
    await _allocate(work, payment, allocations)
    if purpose == "prepayment":
        post(work, account, kind="prepayment", document=payment.document, prepaid=amount)
    else:
        post(work, account, kind="payment", document=payment.document, receivable=-amount)
    await changed(work, account, partial(_received, payment), about=payment, document=payment.document)
    return payment


async def _store(work: Work, payment: Payment) -> None:
    work.tx.add(payment)
    try:
        await work.tx.flush()
    except IntegrityError as error:
        if "uq_payments_reference" not in str(error.orig):
            raise
        raise REFERENCE_TAKEN(reference=payment.reference) from error


def _received(payment: Payment, position: CustomerPosition) -> PaymentReceived | PrepaymentEarmarked:
    event = PrepaymentEarmarked if payment.purpose == "prepayment" else PaymentReceived
    return event(
        account_id=payment.account_id,
        position=position,
        payment_id=payment.id,
        customer_id=payment.customer_id,
        amount=payment.amount,
    )


async def _allocate(work: Work, payment: Payment, allocations: Sequence[rules.Allocation]) -> None:
    if payment.purpose == "prepayment" and allocations:
        raise ALLOCATION_DOES_NOT_FIT(what="prepayment")
    ids = [UUID(allocation.invoice) for allocation in allocations]
    rows = await work.tx.scalars(
        select(Invoice)
        .where(Invoice.id.in_(ids), Invoice.account_id == payment.account_id)
        .execution_options(populate_existing=True)
    )
    invoices = {str(invoice.id): invoice for invoice in rows}
    open_amounts = {key: invoice.open_amount for key, invoice in invoices.items()}
    fault = rules.allocation_fault(payment.amount - payment.allocated, allocations, open_amounts)
    if fault:
        raise ALLOCATION_DOES_NOT_FIT(what=fault)
    for allocation in allocations:
        invoice = invoices[allocation.invoice]
        invoice.open_amount -= allocation.amount
        payment.allocated += allocation.amount
        earlier = await work.tx.get(PaymentAllocation, (payment.id, invoice.id))
        if earlier:
            earlier.amount += allocation.amount
        else:
            work.tx.add(PaymentAllocation(payment_id=payment.id, invoice_id=invoice.id, amount=allocation.amount))


async def _locked(work: Work, payment_id: UUID) -> Payment:
    """The payment, its row locked before the account's; raises `payment-not-found` or `payment-reversed`."""
    payment = await work.tx.get(Payment, payment_id, with_for_update={"key_share": True}, populate_existing=True)
    if payment is None:
        raise PAYMENT_NOT_FOUND(payment=payment_id)
    if payment.reversed_on is not None:
        raise ALREADY_REVERSED()
    return payment


@clause("5-4.2.1-B")
async def allocate_payment(work: Work, payment_id: UUID, allocations: Sequence[rules.Allocation]) -> Payment:
    """Let what is left of a payment pay invoices: the receivable stays what it is, and what is due changes.

    Raises `payment-not-found`, `payment-reversed` or `allocation-does-not-fit`.
    """
    payment = await _locked(work, payment_id)
    account = await lock_account(work, payment.account_id)
    await _allocate(work, payment, allocations)
    await changed(work, account, restated)
    return payment


async def reverse_payment(work: Work, payment_id: UUID, reason: str) -> Payment:
    """Take a payment back: the receivable, or the prepayments, are what they were, and its invoices are open again.

    Raises `payment-not-found` or `payment-reversed`.
    """
    payment = await _locked(work, payment_id)
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
