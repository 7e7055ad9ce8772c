"""An application is decided, and entered in the credit master; with one of the two its credit acts (2-5.4.4)."""

from uuid import UUID

from customer_svc.accounts.advancing import advance, publish
from customer_svc.accounts.rules import is_more_credit
from customer_svc.accounts.store import CreditAccount, lock_account
from customer_svc.grading.errors import APPLICATION_LAPSED, APPLICATION_NOT_FOUND, NOT_TO_ENTER
from customer_svc.grading.events import CreditLimitChanged
from customer_svc.grading.reasons import ENTER_IN_MASTER
from customer_svc.grading.rules import ApplicationStatus
from customer_svc.grading.store import CreditApplication, put_in_force
from fangxing import approvals
from fangxing.approvals import Decision
from fangxing.calendar import WorkingDays
from fangxing.roles import Role
from fangxing.tasks import close_tasks, open_task
from fangxing.work import Work

ENTRY = "enter_credit"
"""The kind of the task to enter an approved application in the master."""


async def decide(
    work: Work, application_id: UUID, decision: Decision, *, seen_hash: str, comment: str | None
) -> CreditApplication:
    """Decide the current step. With the last yes less credit acts at once; more credit waits for finance (2-5.4.4).

    Raises `application-not-found` and what an approval raises.
    """
    application, account = await _locked(work, application_id)
    case = await approvals.open_case(work, application.document)
    await approvals.decide(work, case, decision, seen_hash=seen_hash, comment=comment)
    if case.status in ("rejected", "returned"):
        application.status = ApplicationStatus(case.status)
    elif case.status == "approved":
        await _approve(work, application, account)
    return application


async def _approve(work: Work, application: CreditApplication, account: CreditAccount) -> None:
    application.status, application.decided_on = ApplicationStatus.APPROVED, work.today
    if not is_more_credit(account.credit_on(work.today), application.credit):
        await _take_effect(work, application, account)
    open_task(
        work,
        kind=ENTRY,
        role=Role.ACCOUNTANT,
        document=application.document,
        clause="2-5.4.4",
        title=ENTER_IN_MASTER,
        due_on=WorkingDays().after(work.today, 1),
    )


async def enter(work: Work, application_id: UUID) -> CreditApplication:
    """Finance enters an approved application in the master; with that more credit takes effect (2-5.4.4).

    Raises `application-not-found`, `application-lapsed` or `not-to-enter`.
    """
    application, account = await _locked(work, application_id)
    if application.status is ApplicationStatus.LAPSED:
        raise APPLICATION_LAPSED()
    if (
        application.status not in (ApplicationStatus.APPROVED, ApplicationStatus.IN_FORCE)
        or application.entered_on is not None
    ):
        raise NOT_TO_ENTER()
    application.entered_by, application.entered_on = work.actor.id, work.today
    if application.status is ApplicationStatus.APPROVED:
        await _take_effect(work, application, account)
    await close_tasks(work, application.document, ENTRY)
    return application


async def _locked(work: Work, application_id: UUID) -> tuple[CreditApplication, CreditAccount]:
    """The application and its account, whose lock guards its applications too; raises `application-not-found`."""
    application = await work.tx.get(CreditApplication, application_id)
    if application is None:
        raise APPLICATION_NOT_FOUND(application=application_id)
    account = await lock_account(work.tx, application.account_id)
    await work.tx.refresh(application)
    return application, account


async def _take_effect(work: Work, application: CreditApplication, account: CreditAccount) -> None:
    application.status = ApplicationStatus.IN_FORCE
    put_in_force(
        work.tx, account, application.credit, since=work.today, clause="2-5.4.4", application_id=application.id
    )
    async with advance(work, account) as position:
        publish(work, CreditLimitChanged(account_id=account.id, position=position, application_id=application.id))
