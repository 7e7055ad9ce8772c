"""Reading an application whole: what was applied for, its approval, and what may be tried with it."""

from collections.abc import Sequence

from customer_svc.grading.rules import ApplicationAction
from customer_svc.grading.shapes import ApplicationLine, ApplicationOut
from customer_svc.grading.store import CreditApplication
from fangxing import approvals
from fangxing.auth import Principal
from fangxing.database import Tx, reading
from fangxing.offers import Fits, actions, fitting
from fangxing.policies import PolicyBook
from fangxing.work import Look


async def read_application(look: Look, line: ApplicationLine, book: PolicyBook) -> ApplicationOut:
    """The whole of the application of a `line`."""
    async with reading(look.reader) as session:
        application = await session.get_one(CreditApplication, line.id)
        case = (await approvals.latest(session, [application.document]))[application.document]
        possible = await actions(session, application, look.caller, book)
    return ApplicationOut.show(line, application, case, possible)


@fitting(CreditApplication)
async def fits_applications(tx: Tx, applications: Sequence[CreditApplication], book: PolicyBook) -> Fits:
    """What has been entered is not entered again."""

    def fits(application: CreditApplication, actor: Principal, action: ApplicationAction) -> bool:
        return action is not ApplicationAction.ENTER or application.entered_on is None

    return fits
