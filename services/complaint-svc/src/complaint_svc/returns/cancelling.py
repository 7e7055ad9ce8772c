"""Cancelling a return that will not come (6-3)."""

from uuid import UUID

from complaint_svc.reference.store import lock_note_of
from complaint_svc.returns.access import lock_return
from complaint_svc.returns.events import ReturnCancelled
from complaint_svc.returns.rules import ReturnAction, ReturnStatus, ReturnTask
from complaint_svc.returns.shapes import CancelReturn
from complaint_svc.returns.store import Return
from fangxing.outbox import record_fact
from fangxing.tasks import close_tasks
from fangxing.work import Work


async def cancel(work: Work, return_id: UUID, body: CancelReturn) -> Return:
    """An approved return will not come; what it held of the delivery note is free again.

    For the customer's rep or a sales manager. Raises `return-not-found` or `wrong-state`.
    """
    returned = await lock_return(work, return_id, ReturnAction.CANCEL)
    # the count of the note's returns holds still while this one changes what it holds
    await lock_note_of(work.tx, returned.customer_id, returned.delivery_note_id)
    returned.status, returned.cancelled_on = ReturnStatus.CANCELLED, work.today
    returned.cancel_reason = body.reason
    await close_tasks(work, returned.document, ReturnTask.RECEIVE)
    event = ReturnCancelled.about(returned, reason=body.reason)
    record_fact(work, event, about=returned, key=str(returned.account_id))
    return returned
