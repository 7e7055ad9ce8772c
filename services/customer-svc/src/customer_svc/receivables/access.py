"""What a caller may try with a payment."""

from collections.abc import Sequence

from sqlalchemy import select

from customer_svc.accounts.store import Item
from customer_svc.receivables.rules import PaymentAction
from customer_svc.receivables.store import Payment
from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.offers import Fits, fitting
from fangxing.policies import PolicyBook


@fitting(Payment)
async def fits_payments(tx: Tx, payments: Sequence[Payment], book: PolicyBook) -> Fits:
    """What is left of a payment is allocated: a prepayment is for goods to come, and a yuan pays once."""
    ids = [payment.id for payment in payments]
    left = set(
        await tx.scalars(
            select(Item.document_id).where(Item.document_id.in_(ids), Item.open_amount > 0, ~Item.earmarked)
        )
    )

    def fits(payment: Payment, actor: Principal, action: PaymentAction) -> bool:
        return action is not PaymentAction.ALLOCATE or payment.id in left

    return fits
