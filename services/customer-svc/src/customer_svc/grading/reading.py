"""Reading an application whole: what was applied for, its approval, and what may be tried with it."""

from customer_svc.grading.rules import ApplicationAction
from customer_svc.grading.shapes import ApplicationLine, ApplicationOut
from customer_svc.grading.store import CreditApplication
from fangxing import approvals
from fangxing.database import reading
from fangxing.documents import actions
from fangxing.policies import PolicyBook
from fangxing.work import Look


async def read_application(look: Look, line: ApplicationLine, book: PolicyBook) -> ApplicationOut:
    """The whole of the application of a `line`; what has been entered is not entered again."""
    async with reading(look.reader) as session:
        application = await session.get_one(CreditApplication, line.id)
        case = (await approvals.latest(session, [application.document]))[application.document]
    possible = actions(application, look.caller, book, waiting_for=case["waiting_for"])
    if application.entered_on is not None:
        possible = [action for action in possible if action != ApplicationAction.ENTER]
    return ApplicationOut.show(line, application, case, possible)
