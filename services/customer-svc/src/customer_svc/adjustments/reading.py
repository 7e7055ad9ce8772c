"""Reading an adjustment whole: what it adjusts, its approval, and what may be tried with it."""

from customer_svc.adjustments.shapes import AdjustmentLine, AdjustmentOut
from customer_svc.adjustments.store import Adjustment
from fangxing import approvals
from fangxing.answers import ApprovalOut
from fangxing.database import reading
from fangxing.offers import actions
from fangxing.policies import PolicyBook
from fangxing.work import Look


async def read_adjustment(look: Look, line: AdjustmentLine, book: PolicyBook) -> AdjustmentOut:
    """The whole of the adjustment of a `line`."""
    async with reading(look.reader) as session:
        adjustment = await session.get_one(Adjustment, line.id)
        case = (await approvals.latest(session, [adjustment.document]))[adjustment.document]
        possible = await actions(session, adjustment, look.caller, book)
    return AdjustmentOut.model_validate({**dict(line), "approval": ApprovalOut.show(case), "actions": possible})
