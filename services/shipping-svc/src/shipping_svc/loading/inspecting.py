"""Quality inspects lots: it reports on them, and lets a blocked one go again."""

from sqlalchemy import select

from fangxing.documents import act
from fangxing.ids import new_id
from fangxing.tasks import close_tasks
from fangxing.work import Work
from shipping_svc.loading.errors import BLOCK_NOT_FOUND
from shipping_svc.loading.rules import BlockAction, BlockStatus, LotTask
from shipping_svc.loading.shapes import ReportQuality
from shipping_svc.loading.store import LotBlock, QualityReport


def report_quality(work: Work, body: ReportQuality) -> QualityReport:
    """Record quality's report on a lot (5-3); the newest one counts."""
    report = QualityReport(
        id=new_id(),
        product_id=body.product_id,
        lot=body.lot,
        result=body.result,
        findings=body.findings,
        author=work.actor.id,
        created_at=work.now,
    )
    work.tx.add(report)
    return report


async def lift_blocks(work: Work, lot: str) -> list[LotBlock]:
    """Quality lets a blocked lot go again; raises `lot-not-blocked`."""
    open_ones = select(LotBlock).where(LotBlock.lot == lot, LotBlock.status == BlockStatus.BLOCKED).with_for_update()
    blocks = list(await work.tx.scalars(open_ones))
    if not blocks:
        raise BLOCK_NOT_FOUND(lot=lot)
    for block in blocks:
        await act(work, block, BlockAction.LIFT)
        block.status = BlockStatus.LIFTED
    await close_tasks(work, f"lot/{lot}", LotTask.LOT_BLOCKED)
    return blocks
