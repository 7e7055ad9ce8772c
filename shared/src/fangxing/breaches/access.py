"""Who sees a breach, and who may do what about it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, true

from fangxing.auth import Principal, role_required
from fangxing.breaches.errors import NOT_YOUR_BREACH, NOT_YOUR_ENTRY, OWN_BREACH, WITH_THE_COMPANY
from fangxing.breaches.rules import COMPANY, OPENERS, BreachAction
from fangxing.breaches.store import Breach, PersonMonth
from fangxing.database import Tx
from fangxing.errors import DomainError
from fangxing.offers import Fits, fitting
from fangxing.policies import PolicyBook
from fangxing.roles import Role


def visible(caller: Principal) -> ColumnElement[bool]:
    """The breaches `caller` sees: managers, audit and the GM all, everybody his own and those he entered."""
    if caller.has(*OPENERS):
        return true()
    return or_(Breach.person.in_(caller.persons), Breach.author.in_(caller.persons))


def visible_months(caller: Principal) -> ColumnElement[bool]:
    """The sums `caller` sees: those who see all breaches all, everybody else his own."""
    return true() if caller.has(*OPENERS) else PersonMonth.person.in_(caller.persons)


def refusal(breach: Breach, actor: Principal, action: BreachAction) -> DomainError | None:
    """Why `actor` may not take `action`: the person concerned appeals and does nothing else about it."""
    concerned = breach.person in actor.persons
    match action:
        case BreachAction.APPEAL:
            return None if concerned else NOT_YOUR_BREACH()
        case BreachAction.WITHDRAW:
            return None if breach.by_hand and breach.author in actor.persons else NOT_YOUR_ENTRY()
        case _ if concerned:
            return OWN_BREACH()
        case BreachAction.PASS_ON:
            if breach.decider in COMPANY:
                return WITH_THE_COMPANY()
            # the GM may take it over, so that nobody sits on it
            return _needs(actor, breach.decider, Role.GENERAL_MANAGER)
        case _:
            return _needs(actor, breach.decider)


def fits(breach: Breach, actor: Principal, action: BreachAction) -> bool:
    """Whether `actor` may take `action`."""
    return refusal(breach, actor, action) is None


def _needs(actor: Principal, *roles: Role) -> DomainError | None:
    return None if actor.has(*roles) else role_required(*roles)


@fitting(Breach)
async def fits_breaches(tx: Tx, breaches: Sequence[Breach], book: PolicyBook) -> Fits:
    """What fits breaches."""
    return fits
