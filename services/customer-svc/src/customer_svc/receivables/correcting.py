"""Payments that were entered for the wrong invoice, use or customer are put right, in one step each."""

from decimal import Decimal
from uuid import UUID

from customer_svc.accounts.advancing import advance_alone
from customer_svc.accounts.allocating import cover_chosen, cover_oldest, pass_on, take_back
from customer_svc.accounts.errors import ALLOCATION_DOES_NOT_FIT
from customer_svc.accounts.rules import EntryKind
from customer_svc.accounts.store import CreditAccount, Item, credits_of, lock_account, lock_accounts
from customer_svc.customers.errors import CUSTOMER_NOT_FOUND
from customer_svc.customers.store import Customer
from customer_svc.receivables import rules
from customer_svc.receivables.errors import SAME_CUSTOMER
from customer_svc.receivables.paying import shares_of
from customer_svc.receivables.posting import post
from customer_svc.receivables.reasons import corrected
from customer_svc.receivables.rules import PaymentAction, Purpose
from customer_svc.receivables.shapes import ConvertPayment, MovePayment, ReallocatePayment
from customer_svc.receivables.store import Payment
from customer_svc.receivables.telling import UNALLOCATED
from fangxing import decision_log
from fangxing.clauses import clause
from fangxing.documents import lock_for
from fangxing.money import ZERO
from fangxing.tasks import close_tasks
from fangxing.work import Work


async def reallocate(work: Work, payment_id: UUID, body: ReallocatePayment) -> Payment:
    """Undo what a payment covers and let it cover what is named instead; with nothing named all of it is free again.

    Raises `payment-not-found`, `wrong-state` or `allocation-does-not-fit`.
    """
    payment = await lock_for(work, Payment, payment_id, PaymentAction.REALLOCATE, key_share=True)
    account = await lock_account(work.tx, payment.account_id)
    credits = [item for item in await credits_of(work.tx, payment.id, account.id) if not item.earmarked]
    if not credits:
        raise ALLOCATION_DOES_NOT_FIT(what=payment.purpose)
    await take_back(work, credits)
    await cover_chosen(work, max(credits, key=lambda item: item.open_amount), shares_of(body.allocations))
    if not any(item.open_amount for item in credits):
        await close_tasks(work, payment.document, UNALLOCATED)
    _keep(work, payment, payment.amount, body.reason)
    await _restate(work, account)
    return payment


@clause("5-4.2.2-B")
async def convert(work: Work, payment_id: UUID, body: ConvertPayment) -> Payment:
    """Let a part of a payment that covers nothing yet serve what is owed, or goods to come, instead.

    Raises `payment-not-found`, `wrong-state`, `not-that-much-open` or `prepayment-in-use`.
    """
    payment = await lock_for(work, Payment, payment_id, PaymentAction.CONVERT, key_share=True)
    account = await lock_account(work.tx, payment.account_id)
    earmark = body.purpose is Purpose.PREPAYMENT
    credits = [item for item in await credits_of(work.tx, payment.id, account.id) if item.earmarked is not earmark]
    rules.check_conversion(
        body.purpose,
        body.amount,
        open_amount=sum((item.open_amount for item in credits), ZERO),
        prepaid_free=account.prepaid_free,
    )
    left = body.amount
    for credit in credits:
        part = min(left, credit.open_amount)
        if part > 0:
            await _serve(work, payment, credit, part, earmark=earmark)
            left -= part
    moved = body.amount if earmark else -body.amount
    payment.prepaid += moved
    post(work, account, EntryKind.TRANSFER, payment.document, receivable=moved, prepaid=moved)
    _keep(work, payment, body.amount, body.reason)
    await _restate(work, account)
    return payment


async def _serve(work: Work, payment: Payment, credit: Item, amount: Decimal, *, earmark: bool) -> None:
    passed = await pass_on(
        work, credit, amount, account_id=payment.account_id, customer_id=payment.customer_id, earmarked=earmark
    )
    if not earmark:
        await cover_oldest(work, passed)


async def move(work: Work, payment_id: UUID, body: MovePayment) -> Payment:
    """Move a payment to the customer whose it is, its value date kept; what it covered is open again.

    Raises `payment-not-found`, `wrong-state`, `customer-not-found` or `same-customer`.
    """
    payment = await lock_for(work, Payment, payment_id, PaymentAction.MOVE, key_share=True)
    customer = await work.tx.get(Customer, body.customer_id)
    if customer is None:
        raise CUSTOMER_NOT_FOUND(customer=body.customer_id)
    if customer.id == payment.customer_id:
        raise SAME_CUSTOMER()
    before, after = await lock_accounts(work.tx, payment.account_id, customer.account_id)
    credits = await credits_of(work.tx, payment.id, before.id)
    unused = sum((item.open_amount for item in credits if item.earmarked), ZERO)
    await take_back(work, credits)
    live = [(credit, credit.open_amount) for credit in credits if credit.open_amount > 0]
    for credit, amount in live:
        passed = await pass_on(
            work, credit, amount, account_id=after.id, customer_id=customer.id, earmarked=credit.earmarked
        )
        if not passed.earmarked:
            await cover_oldest(work, passed)
    total = sum((amount for _, amount in live), ZERO)
    earmarked = sum((amount for credit, amount in live if credit.earmarked), ZERO)
    kind, value_on = EntryKind.TRANSFER, payment.received_on
    post(work, before, kind, payment.document, receivable=total - unused, prepaid=-unused, value_on=value_on)
    post(work, after, kind, payment.document, receivable=earmarked - total, prepaid=earmarked, value_on=value_on)
    payment.customer_id, payment.account_id = customer.id, after.id
    await close_tasks(work, payment.document, UNALLOCATED)
    _keep(work, payment, total, body.reason)
    for account in {before.id: before, after.id: after}.values():
        await _restate(work, account)
    return payment


def _keep(work: Work, payment: Payment, amount: Decimal, reason: str) -> None:
    decision_log.keep(work, "payment_corrected", payment.document, corrected(amount, reason))


async def _restate(work: Work, account: CreditAccount) -> None:
    account.corrected_on = work.today
    await advance_alone(work, account)
