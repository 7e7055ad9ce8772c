"""Who sees and changes which return. A proposal is promised to nobody, so it can be read, but nobody acts on it."""

from uuid import UUID

from complaint_svc.reference.access import sees
from complaint_svc.reference.finding import customer_of
from complaint_svc.returns.errors import RETURN_NOT_FOUND
from complaint_svc.returns.rules import PROMISED
from complaint_svc.returns.store import Return
from fangxing.work import Work


async def lock_return(work: Work, return_id: UUID) -> Return:
    """The return, its row locked.

    Raises `return-not-found`, also for one the actor does not see and for one that was never promised.
    """
    returned = await work.tx.get(Return, return_id, with_for_update=True)
    if returned is None or returned.status not in PROMISED:
        raise RETURN_NOT_FOUND(returned=return_id)
    if not sees(work.actor, (await customer_of(work.tx, returned.customer_id)).rep):
        raise RETURN_NOT_FOUND(returned=return_id)
    return returned
