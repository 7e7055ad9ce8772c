"""HTTP of the grading: credit applications and the credit master."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import RowMapping

from customer_svc.accounts.store import CreditAccount
from customer_svc.customers.access import OWN_CUSTOMERS, READERS
from customer_svc.customers.store import Customer
from customer_svc.grading import applying, deciding
from customer_svc.grading.reading import read_application
from customer_svc.grading.rules import MOVES, ApplicationAction, ApplicationStatus
from customer_svc.grading.shapes import ApplicationLine, ApplicationOut, ApplyForCredit, MasterLine
from customer_svc.grading.store import APPLICATION_ROWS, MASTER_ROWS, CreditApplication
from fangxing.answers import HistoryOut
from fangxing.approvals import Decide
from fangxing.database.credit import grade_on
from fangxing.policies import PolicyBook
from fangxing.positions import Grade
from fangxing.text import Line
from fangxing.web.access import allow
from fangxing.web.edge import CurrentLook, CurrentPolicies, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.history import history_of
from fangxing.web.listing import By, File, Given, Has, Is, Listing, ListQuery, Page, Where
from fangxing.work import Look, Work

router = edge_router("grading")


class ApplicationQuery(ListQuery):
    """What the list of applications can be asked."""

    sort: Annotated[str, By(CreditApplication.created_at)] = "-id"
    status: Annotated[ApplicationStatus | None, Is(CreditApplication.status)] = None
    customer_id: Annotated[UUID | None, Is(CreditApplication.customer_id)] = None
    search: Annotated[Line | None, Has(customer=CreditApplication.customer_id)] = None


class MasterQuery(ListQuery):
    """What the credit master can be asked; `grade` is today's."""

    sort: Annotated[
        str,
        By(CreditAccount.exposure, Customer.name.label("customer_name"), Customer.number.label("customer_number")),
    ] = "-id"
    grade: Annotated[Grade | None, Given()] = None
    overdue: Annotated[bool | None, Where(lambda overdue: (CreditAccount.overdue_amount > 0) == overdue)] = None
    search: Annotated[Line | None, Has(customer=Customer.id)] = None


async def _master(look: Look, rows: Sequence[RowMapping]) -> list[MasterLine]:
    return [MasterLine.show(row, look.today) for row in rows]


APPLICATIONS = Listing(
    ApplicationLine, ApplicationQuery, APPLICATION_ROWS, id=CreditApplication.id, scope=OWN_CUSTOMERS
)
MASTER = Listing(
    MasterLine, MasterQuery, MASTER_ROWS, id=Customer.id, scope=OWN_CUSTOMERS, shape=_master, name="credit_master"
)


async def _show(look: Look, application_id: UUID, book: PolicyBook) -> ApplicationOut:
    line = await APPLICATIONS.one(look, application_id, CreditApplication.not_found(application_id))
    return await read_application(look, line, book)


async def _changed(work: Work, application: CreditApplication) -> ApplicationOut:
    return await _show(await work.look(), application.id, await work.policies())


@router.post("/credit-applications", status_code=201)
@allow(MOVES[ApplicationAction.APPLY])
async def apply_for_credit(body: ApplyForCredit, work: CurrentWork) -> ApplicationOut:
    """Apply for a grade and a limit (2-5.4.1, 2-5.4.2)."""
    return await _changed(work, await applying.apply(work, body))


@router.get("/credit-applications")
@allow(*READERS)
async def list_applications(
    look: CurrentLook, query: Annotated[ApplicationQuery, Query()]
) -> Page[ApplicationLine] | File:
    """Applications, newest first; a rep sees those of his customers."""
    return await APPLICATIONS.page(look, query)


@router.get("/credit-applications/{application_id}")
@allow(*READERS)
async def get_application(application_id: UUID, look: CurrentLook, book: CurrentPolicies) -> ApplicationOut:
    """One application with its approval; a rep sees those of his customers."""
    return await _show(look, application_id, book)


@router.get("/credit-applications/{application_id}/history")
@allow(*READERS)
async def get_application_history(application_id: UUID, look: CurrentLook) -> list[HistoryOut]:
    """Who did what with the application, oldest first."""
    return await history_of(look, APPLICATIONS, CreditApplication, application_id)


@router.post("/credit-applications/{application_id}/decisions")
@allow(MOVES[ApplicationAction.DECIDE])
async def decide(application_id: UUID, body: Decide, work: CurrentWork) -> ApplicationOut:
    """Approve, reject or return the current step."""
    return await _changed(work, await deciding.decide(work, application_id, body))


@router.post("/credit-applications/{application_id}/entry")
@allow(MOVES[ApplicationAction.ENTER])
async def enter(application_id: UUID, work: CurrentWork) -> ApplicationOut:
    """Enter an approved application in the master (2-5.4.4)."""
    return await _changed(work, await deciding.enter(work, application_id))


@router.get("/credit-master")
@allow(*READERS)
async def credit_master(look: CurrentLook, query: Annotated[MasterQuery, Query()]) -> Page[MasterLine] | File:
    """The credit master 客户信用额度总表: per customer what is decided, and whether shipping has it in force."""
    graded = [grade_on(CreditAccount, look.today) == query.grade] if query.grade else []
    return await MASTER.page(look, query, *graded)
