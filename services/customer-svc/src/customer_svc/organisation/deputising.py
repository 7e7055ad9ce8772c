"""A role is lent to a deputy for some days: by its holder, or by the administrator with a second person."""

from uuid import UUID

from customer_svc.organisation.access import fits
from customer_svc.organisation.errors import (
    DELEGATED_DAYS,
    DEPUTY_TAKEN,
    DEPUTY_UNFIT,
    NOT_HIS_ROLE,
    NOT_TO_CONFIRM,
    NOT_YOUR_DELEGATION,
)
from customer_svc.organisation.events import DelegationChanged
from customer_svc.organisation.reasons import confirm_delegation, delegation_refused, stand_in
from customer_svc.organisation.rules import (
    MOST_DELEGATED_DAYS,
    DelegationAction,
    DelegationStatus,
    StaffStatus,
    confirmer,
    delegated_days_fit,
)
from customer_svc.organisation.shapes import Lend, ProposeDelegation
from customer_svc.organisation.store import Delegation, Staff, staff_of, stands_in_already
from fangxing.documents import act, born, lock_for, lock_to_judge, tell_author
from fangxing.errors import DomainError
from fangxing.ids import new_id
from fangxing.organisation.people import held
from fangxing.outbox import record_fact
from fangxing.roles import ROLE_NAMES
from fangxing.tasks import close_tasks, open_task
from fangxing.text import Text
from fangxing.work import Work

CONFIRMING = "confirm_delegation"
"""The kind of the task about a delegation that waits for its second person."""


async def lend(work: Work, body: Lend) -> Delegation:
    """The caller lends a role of his own; it is in force from its first day on.

    Raises `delegation-days`, `delegation-role-not-held`, `delegation-deputy-unfit` or `delegation-deputy-taken`.
    """
    if body.role not in work.actor.own:
        raise _not_held(body)
    await _both(work, body, work.actor.id)
    delegation = _made(work, body, work.actor.id, DelegationStatus.IN_FORCE)
    await born(work, delegation, DelegationAction.LEND)
    _publish(work, delegation)
    await _tell_deputy(work, delegation)
    return delegation


async def propose(work: Work, body: ProposeDelegation) -> Delegation:
    """The administrator proposes a deputy for somebody who cannot name one; raises what `lend` raises."""
    lender, deputy = await _both(work, body, body.holder)
    delegation = _made(work, body, body.holder, DelegationStatus.PROPOSED)
    await born(work, delegation, DelegationAction.PROPOSE)
    await open_task(
        work,
        kind=CONFIRMING,
        role=confirmer(body.role),
        document=delegation.document,
        clause="1-3",
        title=confirm_delegation(body.role, lender.name, deputy.name, body.since, body.until),
        due_on=body.until,
    )
    return delegation


async def confirm(work: Work, delegation_id: UUID) -> Delegation:
    """The second person confirms. Raises `delegation-not-found`, `wrong-state` or `delegation-not-yours-to-confirm`."""
    delegation = await _to_settle(work, delegation_id, DelegationAction.CONFIRM)
    delegation.status = DelegationStatus.IN_FORCE
    _publish(work, delegation)
    await _tell_deputy(work, delegation)
    return delegation


async def refuse(work: Work, delegation_id: UUID) -> Delegation:
    """The second person says no, and the administrator is told. Raises what confirming raises."""
    delegation = await _to_settle(work, delegation_id, DelegationAction.REFUSE)
    delegation.status = DelegationStatus.REFUSED
    await tell_author(
        work, delegation, kind="refused.delegation", clause="1-3", title=delegation_refused(delegation.role)
    )
    return delegation


async def withdraw(work: Work, delegation_id: UUID) -> Delegation:
    """End a delegation at once. Raises `delegation-not-found`, `wrong-state` or `delegation-not-yours`."""
    delegation = await lock_to_judge(work, Delegation, delegation_id, DelegationAction.WITHDRAW)
    if not fits(delegation, work.actor, DelegationAction.WITHDRAW):
        raise NOT_YOUR_DELEGATION()
    await act(work, delegation, DelegationAction.WITHDRAW)
    await end(work, delegation, DelegationStatus.WITHDRAWN)
    return delegation


async def end(work: Work, delegation: Delegation, status: DelegationStatus) -> None:
    """The locked delegation is over, and everybody is told where it was in force."""
    was, delegation.status = delegation.status, status
    if was is DelegationStatus.IN_FORCE:
        _publish(work, delegation)
    await close_tasks(work, delegation.document)


async def _to_settle(work: Work, delegation_id: UUID, action: DelegationAction) -> Delegation:
    delegation = await lock_for(work, Delegation, delegation_id, action)
    if not fits(delegation, work.actor, action):
        raise NOT_TO_CONFIRM(role=Text(*ROLE_NAMES[confirmer(delegation.role)]))
    await close_tasks(work, delegation.document, CONFIRMING)
    return delegation


async def _both(work: Work, body: Lend, holder: str) -> tuple[Staff, Staff]:
    """The holder and the deputy, if the role can be lent by the one to the other."""
    if not delegated_days_fit(body.since, body.until, work.today):
        raise DELEGATED_DAYS(most=MOST_DELEGATED_DAYS)
    lender = await staff_of(work.tx, holder)
    if lender is None or lender.status is StaffStatus.OFF or body.role not in held(lender.terms, body.since):
        raise _not_held(body)
    # two delegations to one deputy take turns
    deputy = await staff_of(work.tx, body.deputy, lock=True)
    if deputy is None or deputy.status is StaffStatus.OFF or body.deputy == holder:
        raise DEPUTY_UNFIT()
    if await stands_in_already(work.tx, body.deputy, body.role, body.since, body.until):
        raise DEPUTY_TAKEN(role=Text(*ROLE_NAMES[body.role]))
    return lender, deputy


def _made(work: Work, body: Lend, holder: str, status: DelegationStatus) -> Delegation:
    delegation = Delegation(
        id=new_id(),
        role=body.role,
        holder=holder,
        deputy=body.deputy,
        since=body.since,
        until=body.until,
        reason=body.reason,
        status=status,
        author=work.actor.id,
        facts=0,
    )
    work.tx.add(delegation)
    return delegation


def _not_held(body: Lend) -> DomainError:
    return NOT_HIS_ROLE(role=Text(*ROLE_NAMES[body.role]), day=body.since)


async def _tell_deputy(work: Work, delegation: Delegation) -> None:
    holder = await staff_of(work.tx, delegation.holder)
    await open_task(
        work,
        kind="stand_in",
        role=delegation.role,
        assignee=delegation.deputy,
        document=delegation.document,
        clause="1-3",
        title=stand_in(
            delegation.role, holder.name if holder else delegation.holder, delegation.since, delegation.until
        ),
        to_note=True,
    )


def _publish(work: Work, delegation: Delegation) -> None:
    record_fact(work, DelegationChanged.of(delegation), about=delegation, key=delegation.document)
