"""Who changes which return. A proposal is promised to nobody, so it can be read, but nobody acts on it."""

from uuid import UUID

from complaint_svc.reference.access import CUSTOMERS
from complaint_svc.reference.store import Customer
from complaint_svc.returns.rules import PROMISED, ReturnAction
from complaint_svc.returns.store import Return
from fangxing.documents import lock_for, lock_to_judge
from fangxing.work import Work


async def lock_return(work: Work, return_id: UUID, action: ReturnAction, *, judged: bool = False) -> Return:
    """The return, its row locked for `action`; where that is `judged`, nothing is noted before the verdict.

    Raises `return-not-found`, also for one the actor does not see and for one that was never promised, `wrong-state` or
    `incompatible-hands`.
    """
    lock = lock_to_judge if judged else lock_for
    here = (Return.customer_id == Customer.id, Return.status.in_(PROMISED), CUSTOMERS(work.actor))
    return await lock(work, Return, return_id, action, *here)
