"""Inspecting a return: what quality accepts of it becomes the customer's credit (6-3)."""

from uuid import UUID

from complaint_svc.reference.store import lock_note_of
from complaint_svc.returns import rules
from complaint_svc.returns.access import lock_return
from complaint_svc.returns.errors import RESULT_MISMATCH, lines_incomplete
from complaint_svc.returns.events import AcceptedLine, ReturnInspected
from complaint_svc.returns.reasons import RESULT_NAMES
from complaint_svc.returns.rules import Result, ReturnAction, ReturnStatus, ReturnTask
from complaint_svc.returns.shapes import InspectReturn
from complaint_svc.returns.store import Return
from fangxing import decision_log
from fangxing.decision_log import VerdictRow
from fangxing.documents import act
from fangxing.money import ZERO
from fangxing.outbox import record_fact
from fangxing.tasks import close_tasks
from fangxing.work import Work


async def inspect(work: Work, return_id: UUID, body: InspectReturn) -> tuple[Return, VerdictRow]:
    """Quality inspects a received return, once, and accepts at most what was received of each line.

    Raises `return-not-found`, `wrong-state`, `incompatible-hands`, `return-lines-incomplete` or `result-mismatch`.
    """
    returned = await lock_return(work, return_id, ReturnAction.INSPECT, judged=True)
    lines = [line.approved for line in returned.lines]
    accepted = rules.with_unreceived(lines, body.tons)
    if not rules.names_each(lines, accepted):
        raise lines_incomplete(line.line for line in lines)
    verdict = rules.inspection_verdict(lines, accepted)
    if verdict.allowed and body.result not in (None, verdict.outcome):
        raise RESULT_MISMATCH(derived=RESULT_NAMES[verdict.outcome])
    row = decision_log.keep(work, "inspection", returned.document, verdict)
    if verdict.allowed:
        await act(work, returned, ReturnAction.INSPECT)
        # the count of the note's returns holds still while this one changes what it holds
        await lock_note_of(work.tx, returned.customer_id, returned.delivery_note_id)
        for line in returned.lines:
            line.accepted_tons = accepted[line.line]
            line.accepted_value = rules.accepted_value(line.approved, accepted[line.line])
        await _conclude(work, returned, Result(verdict.outcome), body.findings)
    return returned, row


async def _conclude(work: Work, returned: Return, result: Result, findings: str | None) -> None:
    returned.accepted_value = sum((line.accepted_value or ZERO for line in returned.lines), ZERO)
    returned.status, returned.result, returned.findings = ReturnStatus.INSPECTED, result, findings
    returned.inspected_on, returned.inspected_by = work.today, work.actor.id
    await close_tasks(work, returned.document, ReturnTask.INSPECT)
    lines = [
        AcceptedLine(
            line=line.line,
            product_id=line.product_id,
            lot=line.lot,
            tons=line.accepted_tons,
            value=line.accepted_value or ZERO,
        )
        for line in returned.lines
        if line.accepted_tons
    ]
    event = ReturnInspected.about(
        returned, result=result, lines=lines, value=returned.accepted_value, hands=returned.hands
    )
    record_fact(work, event, about=returned, key=str(returned.account_id))
