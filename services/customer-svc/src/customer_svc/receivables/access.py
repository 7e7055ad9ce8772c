"""What a caller may try with a payment."""

from collections.abc import Sequence

from customer_svc.receivables.rules import PaymentAction, Purpose
from customer_svc.receivables.store import Payment
from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.offers import Fits, fitting
from fangxing.policies import PolicyBook


def fits(payment: Payment, actor: Principal, action: PaymentAction) -> bool:
    """Whether something is left to allocate: a prepayment is for goods to come, and a yuan pays once."""
    if action is not PaymentAction.ALLOCATE:
        return True
    return payment.purpose is Purpose.RECEIVABLE and payment.allocated < payment.amount


@fitting(Payment)
async def fits_payments(tx: Tx, payments: Sequence[Payment], book: PolicyBook) -> Fits:
    """What fits payments."""
    return fits
