"""What loading takes in: a complaint asks that a lot is not shipped any more."""

from uuid import UUID

from fangxing.documents import born
from fangxing.ids import new_id
from fangxing.inbox import Consumers, Incoming
from fangxing.roles import Role
from fangxing.tasks import open_task
from fangxing.work import Work
from shipping_svc.loading.reasons import lot_blocked_title
from shipping_svc.loading.rules import BlockAction, BlockStatus, LotTask
from shipping_svc.loading.store import LotBlock


class LotBlockRequested(Incoming):
    """A complaint asks that a lot is not shipped any more, of one product or of all."""

    complaint_id: UUID
    lot: str
    product_id: UUID | None = None
    reason: str


async def block_lot(work: Work, event: LotBlockRequested) -> None:
    """Block the lot at once, and let quality know."""
    block = LotBlock(
        id=new_id(),
        status=BlockStatus.BLOCKED,
        author=work.actor.id,
        lot=event.lot,
        product_id=event.product_id,
        complaint_id=event.complaint_id,
        reason=event.reason,
        created_at=work.now,
    )
    await born(work, block, BlockAction.BLOCK)
    work.tx.add(block)
    await open_task(
        work,
        kind=LotTask.LOT_BLOCKED,
        role=Role.QUALITY,
        document=f"lot/{event.lot}",
        clause="5-3",
        title=lot_blocked_title(event.lot),
    )


consumers = Consumers()
consumers.on("complaint.LotBlockRequested.v1", LotBlockRequested, block_lot)
