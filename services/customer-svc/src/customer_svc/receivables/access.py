"""What a caller may try with a payment."""

from customer_svc.receivables.rules import PaymentAction, Purpose
from customer_svc.receivables.store import Payment
from fangxing.auth import Principal


def fits(payment: Payment, actor: Principal, action: PaymentAction) -> bool:
    """Whether something is left to allocate: a prepayment is for goods to come, and a yuan pays once."""
    if action is not PaymentAction.ALLOCATE:
        return True
    return payment.purpose is Purpose.RECEIVABLE and payment.allocated < payment.amount
