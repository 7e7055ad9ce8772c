"""What the days bring to the receipts: held drafts mature, and what stays unallocated is the accountant's task."""

from datetime import date

from sqlalchemy import select

from customer_svc.receivables.paying import mature
from customer_svc.receivables.rules import PaymentAction, PaymentStatus
from customer_svc.receivables.store import Payment
from customer_svc.receivables.telling import tell_unallocated
from fangxing.documents import act
from fangxing.running.timers import DailyTimer
from fangxing.work import Work


async def mature_drafts(work: Work, day: date) -> None:
    """Let the held drafts count that mature by `day`."""
    held = (
        select(Payment)
        .where(Payment.status == PaymentStatus.HELD, Payment.matures_on <= day)
        .order_by(Payment.account_id, Payment.id)
        .with_for_update(key_share=True)
    )
    for payment in (await work.tx.scalars(held)).all():
        await act(work, payment, PaymentAction.MATURE)
        await mature(work, payment)


TIMERS = (DailyTimer("drafts_mature", mature_drafts), DailyTimer("unallocated", tell_unallocated))
