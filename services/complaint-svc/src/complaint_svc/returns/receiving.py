"""Receiving a return: the warehouse keeper counts what came back (6-3)."""

from uuid import UUID

from complaint_svc.returns import reasons, rules
from complaint_svc.returns.access import lock_return
from complaint_svc.returns.errors import NOTHING_RECEIVED, lines_incomplete
from complaint_svc.returns.rules import ReturnAction, ReturnStatus, ReturnTask
from complaint_svc.returns.shapes import ReceiveReturn
from complaint_svc.returns.store import Return
from fangxing import decision_log
from fangxing.decision_log import VerdictRow
from fangxing.documents import act
from fangxing.roles import Role
from fangxing.tasks import close_tasks, open_task
from fangxing.work import Work


async def receive(work: Work, return_id: UUID, body: ReceiveReturn) -> tuple[Return, VerdictRow]:
    """The keeper receives an approved return, at most what was approved of each line; more is a refusal.

    Raises `return-not-found`, `wrong-state`, `incompatible-hands`, `return-lines-incomplete` or `nothing-received`.
    """
    returned = await lock_return(work, return_id, ReturnAction.RECEIVE, judged=True)
    lines, received = [line.approved for line in returned.lines], body.tons
    if not rules.names_each(lines, received):
        raise lines_incomplete(line.line for line in lines)
    if not any(received.values()):
        raise NOTHING_RECEIVED()
    verdict = rules.receipt_verdict(lines, received)
    row = decision_log.keep(work, "receipt", returned.document, verdict)
    if not verdict.allowed:
        return returned, row
    await act(work, returned, ReturnAction.RECEIVE)
    for line in returned.lines:
        line.received_tons = received[line.line]
    returned.status, returned.received_on = ReturnStatus.RECEIVED, work.today
    returned.received_by, returned.receipt_note = work.actor.id, body.note
    await close_tasks(work, returned.document, ReturnTask.RECEIVE)
    await open_task(
        work,
        kind=ReturnTask.INSPECT,
        role=Role.QUALITY,
        document=returned.document,
        clause="6-3",
        title=reasons.to_inspect(returned.number),
    )
    return returned, row
