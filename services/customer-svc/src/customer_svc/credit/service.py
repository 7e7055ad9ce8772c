"""Use cases of the credit feature: apply, decide, enter in the master; and downgrades that happen by themselves."""

from datetime import date
from decimal import Decimal
from functools import partial
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from customer_svc.credit import rules
from customer_svc.credit.events import CreditLimitChanged, CustomerGradeChanged, CustomerPosition
from customer_svc.credit.policies import APPLICATION_ROUTES
from customer_svc.credit.position import (
    DOWNGRADE_CASE,
    changed,
    lock_account,
    refresh_due,
    restate,
    tell_overdue,
)
from customer_svc.credit.store import CreditAccount, CreditApplication, CreditInForce
from customer_svc.customers.service import customer_for
from customer_svc.receivables.store import DeliveryNote
from fangxing import approvals
from fangxing.approvals import Decision
from fangxing.calendar import WorkingDays
from fangxing.clauses import clause
from fangxing.database import is_infrastructure
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.roles import Role
from fangxing.tasks import close_tasks, open_task
from fangxing.text import Text
from fangxing.verdicts import plain
from fangxing.work import Work

log = structlog.get_logger(__name__)

UNDER_WAY = ("pending", "approved")
"""The statuses of an application that has not acted yet."""

LIMIT_DOES_NOT_FIT = ErrorType(
    "limit-does-not-fit-grade",
    Kind.INVALID,
    "B 级须有大于 0 的额度，其他等级不设额度",
    "Grade B needs a limit greater than 0; the other grades have none of their own",
    clause="2-5.3.1-B",
    field="limit",
)
ALREADY_PENDING = ErrorType(
    "application-pending", Kind.CONFLICT, "该客户已有申请在办", "An application for this customer is already under way"
)
APPLICATION_NOT_FOUND = ErrorType(
    "application-not-found",
    Kind.NOT_FOUND,
    "没有信用额度申请 {application}",
    "There is no credit application {application}",
)
NOT_TO_ENTER = ErrorType(
    "not-to-enter",
    Kind.CONFLICT,
    "该申请未获批准或已录入，不能录入总表",
    "Not approved, or already entered: there is nothing to enter in the master",
    clause="2-5.4.4",
)

GRADE_FELL = ErrorType(
    "not-to-enter",
    Kind.CONFLICT,
    "申请提交后等级已自动下降，该申请作废；付清欠款不会自动恢复等级，请重新申请",
    "The grade fell after this was applied for and the application lapsed; being paid up again restores no grade: "
    "file a new one",
    clause="2-5.3.1-C",
)
REVIEW = "timer/credit_review"
REVIEW_FAILED = "credit_review_failed"
"""The kind of the task about an account that the nightly review could not do."""


async def apply(
    work: Work, *, customer_id: UUID, grade: rules.Grade, limit: Decimal | None, reasons: str
) -> CreditApplication:
    """File an application for a grade and a limit (2-5.4.1 new customer, 2-5.4.2 existing one) and start its route.

    Raises `customer-not-found`, `limit-does-not-fit-grade` or `application-pending`.
    """
    customer = await customer_for(work, customer_id, work.actor)
    if not rules.limit_fits_grade(grade, limit):
        raise LIMIT_DOES_NOT_FIT()
    account = await lock_account(work, customer.account_id)
    under_way = select(CreditApplication.id).where(
        CreditApplication.account_id == account.id, CreditApplication.status.in_(UNDER_WAY)
    )
    if await work.tx.scalar(under_way):
        raise ALREADY_PENDING()
    traded = await work.tx.scalar(select(DeliveryNote.id).where(DeliveryNote.account_id == account.id).limit(1))
    application = CreditApplication(
        id=new_id(),
        customer_id=customer.id,
        account_id=account.id,
        grade=grade,
        limit=limit,
        reasons=reasons,
        applied_by=work.actor.id,
        applied_at=work.now,
        status="pending",
    )
    work.tx.add(application)
    route = await approvals.route_of(work, APPLICATION_ROUTES, "existing" if traded else "new")
    approvals.submit(
        work,
        matter="credit_application",
        document=application.document,
        content=_content(application, account),
        route=route,
        title=_title(customer.name, application),
    )
    return application


def _title(customer: str, application: CreditApplication) -> Text:
    limit = plain(application.limit) or "—"
    return Text(
        f"信用额度申请：{customer}，{application.grade} 级，额度 {limit} 元",
        f"Credit application: {customer}, grade {application.grade}, limit {limit} yuan",
    )


def _content(application: CreditApplication, account: CreditAccount) -> dict[str, object]:
    """What the deciders see and sign: what is asked for, and the account as it stood (frozen evidence, 2-5.4.2)."""
    return {
        "application": str(application.id),
        "customer": str(application.customer_id),
        "grade": application.grade,
        "limit": plain(application.limit),
        "reasons": application.reasons,
        "now": {
            "grade": account.grade,
            "limit": plain(account.limit),
            "exposure": plain(account.exposure),
            "receivable": plain(account.receivable),
            "overdue_amount": plain(account.overdue_amount),
            "overdue_since": plain(account.overdue_since),
        },
    }


async def _locked(work: Work, application_id: UUID) -> tuple[CreditApplication, CreditAccount]:
    """The application and its account, whose lock guards its applications too; raises `application-not-found`."""
    application = await work.tx.get(CreditApplication, application_id)
    if application is None:
        raise APPLICATION_NOT_FOUND(application=application_id)
    account = await lock_account(work, application.account_id)
    await work.tx.refresh(application)
    return application, account


async def decide(
    work: Work, application_id: UUID, decision: Decision, *, seen_hash: str, comment: str | None
) -> CreditApplication:
    """Decide the current step. With the last yes less credit acts at once; more credit waits for finance (2-5.4.4)."""
    application, account = await _locked(work, application_id)
    case = await approvals.open_case(work, application.document)
    await approvals.decide(work, case, decision, seen_hash=seen_hash, comment=comment)
    if case.status in ("rejected", "returned"):
        application.status = case.status
    elif case.status == "approved":
        await _approved(work, application, account)
    return application


async def _approved(work: Work, application: CreditApplication, account: CreditAccount) -> None:
    application.status, application.decided_on = "approved", work.today
    if not rules.is_more_credit(account.grade, account.limit, application.grade, application.limit):  # type: ignore[arg-type]
        await _take_effect(work, application, account)
    open_task(
        work,
        kind="enter_credit",
        role=Role.ACCOUNTANT,
        document=application.document,
        clause="2-5.4.4",
        title=Text("把批准的信用额度录入总表", "Enter the approved credit in the master"),
        due_on=WorkingDays().after(work.today, 1),
    )


async def enter(work: Work, application_id: UUID) -> CreditApplication:
    """Finance enters an approved application in the master; with that more credit takes effect (2-5.4.4).

    Raises `application-not-found` or `not-to-enter`.
    """
    application, account = await _locked(work, application_id)
    if application.status == "lapsed":
        raise GRADE_FELL()
    if application.status not in ("approved", "in_force") or application.entered_on is not None:
        raise NOT_TO_ENTER()
    application.entered_by, application.entered_on = work.actor.id, work.today
    if application.status == "approved":
        await _take_effect(work, application, account)
    await close_tasks(work, application.document, "enter_credit")
    return application


async def _take_effect(work: Work, application: CreditApplication, account: CreditAccount) -> None:
    application.status = "in_force"
    _put_in_force(work, account, application.grade, application.limit, "2-5.4.4", application.id)
    await changed(
        work,
        account,
        lambda position: CreditLimitChanged(account_id=account.id, position=position, application_id=application.id),
    )


def _put_in_force(
    work: Work,
    account: CreditAccount,
    grade: str,
    limit: Decimal | None,
    because: str,
    application_id: UUID | None = None,
    since: date | None = None,
) -> None:
    account.grade = grade
    account.limit = rules.effective_limit(grade, limit)  # type: ignore[arg-type]
    work.tx.add(
        CreditInForce(
            account_id=account.id,
            grade=grade,
            limit=account.limit,
            since=since or work.today,
            clause=because,
            application_id=application_id,
        )
    )


@clause("2-5.3.1-C", "2-5.3.2")
async def daily_credit_review(work: Work, day: date) -> None:
    """What `day` brings by itself: items fall overdue, and grades that waited out their grace fall to C.

    Only accounts whose oldest open item is past due on `day` are touched, in one order, so that no two runs deadlock.
    Each has a savepoint: one that cannot be reviewed is a task for the administrator, and the next night tries again.
    """
    await close_tasks(work, REVIEW, REVIEW_FAILED)
    late = select(CreditAccount.id).where(CreditAccount.next_due < day).order_by(CreditAccount.id)
    for account_id in (await work.tx.scalars(late)).all():
        try:
            async with work.tx.begin_nested():
                await _review(work, await lock_account(work, account_id), day)
                await work.tx.flush()
        except (OSError, TimeoutError):
            raise
        except Exception as error:
            if isinstance(error, DBAPIError) and is_infrastructure(error):
                raise
            log.exception("credit_review.failed", account=str(account_id), day=day.isoformat())
            _tell_administrator(work, account_id, day)


def _tell_administrator(work: Work, account_id: UUID, day: date) -> None:
    open_task(
        work,
        kind=REVIEW_FAILED,
        role=Role.ADMINISTRATOR,
        document=REVIEW,
        clause="2-5.3.1-C",
        title=Text(
            f"信用账户 {account_id} 在 {day} 的逾期检查出错，原因见日志，次日重试",
            f"Credit account {account_id} could not be reviewed for {day}: see the log; the next night tries again",
        ),
    )


async def _review(work: Work, account: CreditAccount, day: date) -> None:
    was, until = account.overdue_amount, account.grade_until
    await refresh_due(work, account, day)
    await tell_overdue(work, account, was)
    if account.grade_until is not None and account.grade_until < day:
        _put_in_force(work, account, "C", None, "2-5.3.1-C", since=day)
        await _void_applications(work, account)
        await close_tasks(work, account.document, DOWNGRADE_CASE)
        await changed(work, account, partial(_fell_to_c, account.id), day=day)
    elif account.grade_until != until and account.overdue_amount == was:
        # another grace came into effect: shipping judges by this date
        restate(work, account)


@clause("2-5.3.1-C")
async def _void_applications(work: Work, account: CreditAccount) -> None:
    """What was applied for before the grade fell must not restore it: only a new application does."""
    under_way = await work.tx.scalars(
        select(CreditApplication)
        .where(CreditApplication.account_id == account.id, CreditApplication.status.in_(UNDER_WAY))
        .execution_options(populate_existing=True)
    )
    for application in under_way.all():
        if application.status == "pending":
            case = await approvals.open_case(work, application.document)
            case.status, case.closed_at = "returned", work.now
        application.status = "lapsed"
        await close_tasks(work, application.document)


def _fell_to_c(account_id: UUID, position: CustomerPosition) -> CustomerGradeChanged:
    return CustomerGradeChanged(account_id=account_id, position=position, grade="C", clause="2-5.3.1-C")
