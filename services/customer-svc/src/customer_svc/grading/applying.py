"""A grade and a limit are applied for."""

from customer_svc.accounts.store import CreditAccount, lock_account
from customer_svc.customers.access import customer_for
from customer_svc.grading import rules
from customer_svc.grading.errors import APPLICATION_PENDING, LIMIT_DOES_NOT_FIT
from customer_svc.grading.policies import APPLICATION_ROUTES
from customer_svc.grading.reasons import application_title
from customer_svc.grading.rules import ApplicationAction, ApplicationStatus, RouteBand
from customer_svc.grading.shapes import ApplyForCredit
from customer_svc.grading.store import CreditApplication, applications_under_way
from customer_svc.receivables.store import has_delivery_note
from fangxing import approvals
from fangxing.documents import born
from fangxing.ids import new_id
from fangxing.verdicts import plain
from fangxing.work import Work


async def apply(work: Work, body: ApplyForCredit) -> CreditApplication:
    """File an application for a grade and a limit (2-5.4.1 new customer, 2-5.4.2 existing one) and start its route.

    Raises `customer-not-found`, `limit-does-not-fit-grade` or `application-pending`.
    """
    customer = await customer_for(work.tx, body.customer_id, work.actor)
    if not rules.limit_fits_grade(body.grade, body.limit):
        raise LIMIT_DOES_NOT_FIT()
    account = await lock_account(work.tx, customer.account_id)
    if await applications_under_way(work.tx, account.id):
        raise APPLICATION_PENDING()
    traded = await has_delivery_note(work.tx, account.id)
    application = CreditApplication(
        id=new_id(),
        customer_id=customer.id,
        account_id=account.id,
        grade=body.grade,
        limit=body.limit,
        reasons=body.reasons,
        author=work.actor.id,
        created_at=work.now,
        status=ApplicationStatus.IN_APPROVAL,
    )
    work.tx.add(application)
    await born(work, application, ApplicationAction.APPLY)
    await approvals.submit(
        work,
        application,
        matter="credit_application",
        content=_content(work, application, account),
        route=await approvals.route_of(work, APPLICATION_ROUTES, RouteBand.EXISTING if traded else RouteBand.NEW),
        title=application_title(customer.name, body.grade),
    )
    return application


def _content(work: Work, application: CreditApplication, account: CreditAccount) -> dict[str, object]:
    """What the deciders see and sign: what is asked for, and the account as it stood (frozen evidence, 2-5.4.2)."""
    now = account.credit_on(work.today)
    return {
        "application": str(application.id),
        "customer": str(application.customer_id),
        "grade": application.grade,
        "limit": plain(application.limit),
        "reasons": application.reasons,
        "now": {
            "grade": now.grade,
            "limit": plain(now.limit),
            "exposure": plain(account.exposure),
            "receivable": plain(account.receivable),
            "overdue_amount": plain(account.overdue_amount),
            "overdue_since": plain(account.overdue_since),
        },
    }
