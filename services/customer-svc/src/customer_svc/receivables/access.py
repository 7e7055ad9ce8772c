"""What a caller may try with a payment or a credit note."""

from collections.abc import Sequence

from sqlalchemy import select

from customer_svc.accounts.store import Item
from customer_svc.receivables.rules import CreditNoteAction, PaymentAction
from customer_svc.receivables.store import CreditNote, Payment
from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.documents import Documented
from fangxing.offers import Fits, fitting
from fangxing.policies import PolicyBook


async def _open_of(tx: Tx, documents: Sequence[Documented]) -> tuple[set[object], set[object]]:
    """Those of the documents of which something is left that covers nothing, for what is owed or for goods to come."""
    ids = [document.id for document in documents]
    rows = (
        await tx.execute(
            select(Item.document_id, Item.earmarked).where(Item.document_id.in_(ids), Item.open_amount > 0)
        )
    ).all()
    return {id for id, earmarked in rows if not earmarked}, {id for id, _ in rows}


@fitting(Payment)
async def fits_payments(tx: Tx, payments: Sequence[Payment], book: PolicyBook) -> Fits:
    """What is left of a payment is allocated: a prepayment is for goods to come, and a yuan pays once."""
    left, open_ones = await _open_of(tx, payments)

    def fits(payment: Payment, actor: Principal, action: PaymentAction) -> bool:
        match action:
            case PaymentAction.ALLOCATE:
                return payment.id in left
            case PaymentAction.REALLOCATE:
                return payment.prepaid < payment.amount
            case PaymentAction.CONVERT:
                return payment.id in open_ones
        return True

    return fits


@fitting(CreditNote)
async def fits_credit_notes(tx: Tx, credit_notes: Sequence[CreditNote], book: PolicyBook) -> Fits:
    """What is left of a credit is allocated."""
    left, _ = await _open_of(tx, credit_notes)

    def fits(credit_note: CreditNote, actor: Principal, action: CreditNoteAction) -> bool:
        return action is not CreditNoteAction.ALLOCATE or credit_note.id in left

    return fits
