"""The nightly review of credit: items fall overdue, and grades that waited out their grace fall."""

from datetime import date

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from customer_svc.accounts.advancing import (
    DOWNGRADE_CASE,
    advance,
    derive_due,
    publish,
    take_next_position,
    tell_overdue,
)
from customer_svc.accounts.events import PositionRestated
from customer_svc.accounts.rules import Credit
from customer_svc.accounts.store import CreditAccount, lock_account
from customer_svc.grading.events import CustomerGradeChanged
from customer_svc.grading.reasons import LAPSED, review_failed
from customer_svc.grading.rules import ApplicationAction, ApplicationStatus
from customer_svc.grading.store import applications_under_way, put_in_force
from fangxing import approvals
from fangxing.clauses import clause
from fangxing.database import is_infrastructure
from fangxing.documents import act, tell_author
from fangxing.roles import Role
from fangxing.running.timers import DailyTimer
from fangxing.tasks import close_tasks, open_task
from fangxing.work import Work

log = structlog.get_logger(__name__)

REVIEW = "timer/credit_review"
REVIEW_FAILED = "credit_review_failed"
"""The kind of the task about an account that the nightly review could not do."""


@clause("2-5.3.1-C", "2-5.3.2")
async def review_credit(work: Work, day: date) -> None:
    """What `day` brings by itself: items fall overdue, and grades that waited out their grace fall to C.

    Only accounts whose oldest open item is past due on `day` are touched, in one order, so that no two runs deadlock.
    Each has a savepoint: one that cannot be reviewed is a task for the administrator, and the next night tries again.
    """
    await close_tasks(work, REVIEW, REVIEW_FAILED)
    late = select(CreditAccount.id).where(CreditAccount.next_due < day).order_by(CreditAccount.id)
    for account_id in (await work.tx.scalars(late)).all():
        try:
            async with work.tx.begin_nested():
                await _review(work, await lock_account(work.tx, account_id), day)
                await work.tx.flush()
        except (OSError, TimeoutError):
            raise
        except Exception as error:
            if isinstance(error, DBAPIError) and is_infrastructure(error):
                raise
            log.exception("credit_review.failed", account=str(account_id), day=day.isoformat())
            await open_task(
                work,
                kind=REVIEW_FAILED,
                role=Role.ADMINISTRATOR,
                document=REVIEW,
                clause="2-5.3.1-C",
                title=review_failed(account_id, day),
            )


async def _review(work: Work, account: CreditAccount, day: date) -> None:
    was, c_from = account.overdue_amount, account.c_from
    await derive_due(work, account, day)
    await tell_overdue(work, account, was)
    today = account.credit_on(day)
    if today.grade is not account.grade:
        await _fall(work, account, today, day)
    elif account.c_from != c_from and account.overdue_amount == was:
        # another grace came into effect: shipping judges by this date
        publish(work, PositionRestated(account_id=account.id, position=take_next_position(account)))


async def _fall(work: Work, account: CreditAccount, credit: Credit, day: date) -> None:
    """Put in force the grade that the account has by itself on `day`."""
    because = f"2-5.3.1-{credit.grade}"
    put_in_force(work.tx, account, credit, since=day, clause=because)
    await _lapse_applications(work, account)
    await close_tasks(work, account.document, DOWNGRADE_CASE)
    async with advance(work, account, day) as position:
        grade = credit.grade
        publish(work, CustomerGradeChanged(account_id=account.id, position=position, grade=grade, clause=because))


@clause("2-5.3.1-C")
async def _lapse_applications(work: Work, account: CreditAccount) -> None:
    """What was applied for before the grade fell must not restore it: only a new application does."""
    for application in await applications_under_way(work.tx, account.id):
        await approvals.withdraw(work, application)
        await act(work, application, ApplicationAction.LAPSE)
        application.status = ApplicationStatus.LAPSED
        await tell_author(work, application, kind="lapsed.credit_application", clause="2-5.3.1-C", title=LAPSED)


TIMERS = (DailyTimer("credit_review", review_credit),)
