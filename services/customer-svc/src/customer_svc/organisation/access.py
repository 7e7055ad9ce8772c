"""Who sees the staff and their deputies, and whose a delegation is."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, true

from customer_svc.organisation.rules import DelegationAction, StaffStatus, confirmer
from customer_svc.organisation.store import Delegation, Staff
from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.offers import Fits, fitting
from fangxing.policies import PolicyBook
from fangxing.roles import Role

STAFF_READERS = (Role.ADMINISTRATOR, Role.GENERAL_MANAGER, Role.FINANCE_MANAGER, Role.AUDIT_MANAGER)


def those_here(caller: Principal) -> ColumnElement[bool]:
    """The directory names whoever is with the factory now."""
    return Staff.status == StaffStatus.ACTIVE


def those_concerned(caller: Principal) -> ColumnElement[bool]:
    """A delegation is seen by those who watch over the staff, and by its holder and its deputy."""
    return true() if caller.has(*STAFF_READERS) else or_(Delegation.holder == caller.id, Delegation.deputy == caller.id)


def fits(delegation: Delegation, actor: Principal, action: DelegationAction) -> bool:
    """Whether the delegation is `actor`'s to confirm, or to withdraw."""
    match action:
        case DelegationAction.CONFIRM | DelegationAction.REFUSE:
            return actor.has(confirmer(delegation.role)) and actor.persons.isdisjoint(
                {delegation.holder, delegation.deputy, delegation.author}
            )
        case DelegationAction.WITHDRAW:
            concerned = actor.id in {delegation.holder, delegation.deputy}
            return concerned or actor.has(Role.ADMINISTRATOR)
        case _:
            return True


@fitting(Delegation)
async def fits_delegations(tx: Tx, delegations: Sequence[Delegation], book: PolicyBook) -> Fits:
    """What fits delegations."""
    return fits
