"""HTTP of the grading: credit applications and the credit master."""

from uuid import UUID

from sqlalchemy import or_, select

from customer_svc.accounts.store import CreditAccount, grade_as_of
from customer_svc.customers.access import FINANCE, READERS, seen_by
from customer_svc.customers.store import Customer
from customer_svc.grading import applying, deciding
from customer_svc.grading.access import DECIDERS
from customer_svc.grading.errors import APPLICATION_NOT_FOUND
from customer_svc.grading.rules import ApplicationStatus
from customer_svc.grading.shapes import ApplicationLine, ApplicationOut, ApplyForCredit, MasterLine
from customer_svc.grading.store import MASTER, CreditApplication
from customer_svc.tables import columns_of
from fangxing import approvals
from fangxing.approvals import Decide
from fangxing.database import Tx, reading
from fangxing.positions import Grade
from fangxing.roles import Role
from fangxing.text import Line
from fangxing.web.access import allow
from fangxing.web.edge import Caller, CurrentReader, CurrentRuntime, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page

router = edge_router("grading")


@router.post("/credit-applications", status_code=201)
@allow(Role.SALES_REP)
async def apply_for_credit(body: ApplyForCredit, work: CurrentWork) -> ApplicationOut:
    """Apply for a grade and a limit (2-5.4.1, 2-5.4.2)."""
    return await _shown(work.tx, await applying.apply(work, body))


@router.get("/credit-applications")
@allow(*READERS)
async def list_applications(
    reader: CurrentReader,
    caller: Caller,
    status: ApplicationStatus | None = None,
    customer_id: UUID | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ApplicationLine]:
    """Applications, newest first; a rep sees those of his customers."""
    statement = seen_by(caller, select(*columns_of(CreditApplication)), CreditApplication.customer_id)
    if status is not None:
        statement = statement.where(CreditApplication.status == status)
    if customer_id is not None:
        statement = statement.where(CreditApplication.customer_id == customer_id)
    return await page(
        reader,
        statement,
        ApplicationLine.show,
        sorts={"created_at": CreditApplication.created_at},
        id=CreditApplication.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.get("/credit-applications/{application_id}")
@allow(*READERS)
async def get_application(application_id: UUID, reader: CurrentReader, caller: Caller) -> ApplicationOut:
    """One application with its approval; a rep sees those of his customers."""
    wanted = select(CreditApplication).where(CreditApplication.id == application_id)
    async with reading(reader) as tx:
        application = await tx.scalar(seen_by(caller, wanted, CreditApplication.customer_id))
        if application is None:
            raise APPLICATION_NOT_FOUND(application=application_id)
        return await _shown(tx, application)


@router.post("/credit-applications/{application_id}/decisions")
@allow(*DECIDERS)
async def decide(application_id: UUID, body: Decide, work: CurrentWork) -> ApplicationOut:
    """Approve, reject or return the current step."""
    application = await deciding.decide(
        work, application_id, body.decision, seen_hash=body.seen_hash, comment=body.comment
    )
    return await _shown(work.tx, application)


@router.post("/credit-applications/{application_id}/entry")
@allow(*FINANCE)
async def enter(application_id: UUID, work: CurrentWork) -> ApplicationOut:
    """Enter an approved application in the master (2-5.4.4)."""
    return await _shown(work.tx, await deciding.enter(work, application_id))


@router.get("/credit-master")
@allow(*READERS)
async def credit_master(
    reader: CurrentReader,
    caller: Caller,
    runtime: CurrentRuntime,
    grade: Grade | None = None,
    overdue: bool | None = None,
    search: Line | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[MasterLine]:
    """The credit master 客户信用额度总表: per customer what is decided, and whether shipping has it in force."""
    today = (await runtime.clock.time(reader)).today
    statement = MASTER
    if caller.only_own_customers:
        statement = statement.where(Customer.rep == caller.id)
    if grade is not None:
        statement = statement.where(grade_as_of(today) == grade)
    if overdue is not None:
        statement = statement.where(CreditAccount.overdue_amount > 0 if overdue else CreditAccount.overdue_amount == 0)
    if search is not None:
        statement = statement.where(
            or_(Customer.name.contains(search, autoescape=True), Customer.number.contains(search, autoescape=True))
        )
    return await page(
        reader,
        statement,
        lambda row: MasterLine.show(row, today),
        sorts={"exposure": CreditAccount.exposure, "customer_name": Customer.name, "customer_number": Customer.number},
        id=Customer.id,
        sort=sort,
        after=after,
        limit=limit,
    )


async def _shown(tx: Tx, application: CreditApplication) -> ApplicationOut:
    await tx.flush()
    found = await approvals.latest(tx, [application.document])
    return ApplicationOut.show(application, found[application.document])
