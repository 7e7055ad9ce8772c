"""An application is decided, and entered in the credit master; with one of the two its credit acts (2-5.4.4)."""

from uuid import UUID

from sqlalchemy import select

from customer_svc.accounts.advancing import advance, publish
from customer_svc.accounts.rules import is_more_credit
from customer_svc.accounts.store import CreditAccount, lock_account
from customer_svc.grading.errors import NOT_TO_ENTER
from customer_svc.grading.events import CreditLimitChanged
from customer_svc.grading.reasons import ENTER_IN_MASTER
from customer_svc.grading.rules import ApplicationAction, ApplicationStatus
from customer_svc.grading.store import CreditApplication, put_in_force
from fangxing import approvals
from fangxing.approvals import CaseStatus, Decide
from fangxing.documents import lock_for
from fangxing.roles import Role
from fangxing.tasks import close_tasks, open_task
from fangxing.work import Work

ENTRY = "enter_credit"
"""The kind of the task to enter an approved application in the master."""


async def decide(work: Work, application_id: UUID, body: Decide) -> CreditApplication:
    """Decide the current step. With the last yes less credit acts at once; more credit waits for finance (2-5.4.4).

    Raises `credit-application-not-found`, `wrong-state` and what an approval raises.
    """
    application, account = await _locked(work, application_id, ApplicationAction.DECIDE)
    case = await approvals.decide_on(work, application, body)
    if case.status is CaseStatus.APPROVED:
        await _approve(work, application, account)
    elif case.status is not CaseStatus.OPEN:
        application.status = ApplicationStatus(case.status)
    return application


async def _approve(work: Work, application: CreditApplication, account: CreditAccount) -> None:
    application.status, application.decided_on = ApplicationStatus.APPROVED, work.today
    if not is_more_credit(account.credit_on(work.today), application.credit):
        await _take_effect(work, application, account)
    await open_task(
        work,
        kind=ENTRY,
        role=Role.ACCOUNTANT,
        document=application.document,
        clause="2-5.4.4",
        title=ENTER_IN_MASTER,
        due_on=(await work.working_days()).deadline(work.today, 1),
    )


async def enter(work: Work, application_id: UUID) -> CreditApplication:
    """Finance enters an approved application in the master; with that more credit takes effect (2-5.4.4).

    Raises `credit-application-not-found`, `wrong-state`, `incompatible-hands` or `not-to-enter`.
    """
    application, account = await _locked(work, application_id, ApplicationAction.ENTER)
    if application.entered_on is not None:
        raise NOT_TO_ENTER(day=application.entered_on)
    application.entered_on = work.today
    if application.status is ApplicationStatus.APPROVED:
        await _take_effect(work, application, account)
    await close_tasks(work, application.document, ENTRY)
    return application


async def _locked(
    work: Work, application_id: UUID, action: ApplicationAction
) -> tuple[CreditApplication, CreditAccount]:
    """The application locked for `action`, and its account, which is locked first: the nightly review does so too."""
    account_id = await work.tx.scalar(
        select(CreditApplication.account_id).where(CreditApplication.id == application_id)
    )
    if account_id is None:
        raise CreditApplication.not_found(application_id)
    account = await lock_account(work.tx, account_id)
    return await lock_for(work, CreditApplication, application_id, action), account


async def _take_effect(work: Work, application: CreditApplication, account: CreditAccount) -> None:
    application.status = ApplicationStatus.IN_FORCE
    put_in_force(
        work.tx, account, application.credit, since=work.today, clause="2-5.4.4", application_id=application.id
    )
    async with advance(work, account) as position:
        publish(work, CreditLimitChanged(account_id=account.id, position=position, application_id=application.id))
