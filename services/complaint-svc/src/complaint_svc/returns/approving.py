"""Approving returns: with the last yes on their handling they may come, with a no they hold nothing any more."""

from uuid import UUID

from complaint_svc.returns import reasons
from complaint_svc.returns.events import ReturnApproved
from complaint_svc.returns.rules import ReturnAction, ReturnStatus, ReturnTask
from complaint_svc.returns.store import lock_proposed
from fangxing.documents import act
from fangxing.outbox import record_fact
from fangxing.roles import Role
from fangxing.tasks import open_task
from fangxing.work import Work


async def approve(work: Work, handling_id: UUID) -> None:
    """The handling was approved: its returns may come, and the warehouse is told."""
    for returned in await lock_proposed(work.tx, handling_id):
        await act(work, returned, ReturnAction.APPROVE)
        returned.status, returned.approved_on = ReturnStatus.APPROVED, work.today
        event = ReturnApproved.about(returned, lines=returned.lines, value=returned.value, hands=returned.hands)
        record_fact(work, event, about=returned, key=str(returned.account_id))
        await open_task(
            work,
            kind=ReturnTask.RECEIVE,
            role=Role.WAREHOUSE_KEEPER,
            document=returned.document,
            clause="6-3",
            title=reasons.to_receive(returned.number),
        )


async def refuse(work: Work, handling_id: UUID) -> None:
    """The handling was not approved: its returns hold nothing any more."""
    for returned in await lock_proposed(work.tx, handling_id):
        await act(work, returned, ReturnAction.REFUSE)
        returned.status = ReturnStatus.REFUSED
