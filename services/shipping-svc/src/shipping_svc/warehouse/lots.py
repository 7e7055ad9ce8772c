"""What quality says of lots: the newest report, and whether a complaint blocks them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from fangxing.work import Work
from shipping_svc.warehouse import rules
from shipping_svc.warehouse.store import LotBlock, QualityReport


async def judged_lots(work: Work, names: Collection[str]) -> dict[tuple[UUID, str], rules.Lot]:
    """What quality says of the lots of these names now, by product and lot; one without a report is left out."""
    blocks = await work.tx.execute(
        select(LotBlock.lot, LotBlock.product_id).where(LotBlock.lot.in_(names), LotBlock.lifted_at.is_(None))
    )
    blocked = {(lot, product) for lot, product in blocks}
    reports = await work.tx.execute(
        select(QualityReport.product_id, QualityReport.lot, QualityReport.result)
        .where(QualityReport.lot.in_(names))
        .ext(distinct_on(QualityReport.product_id, QualityReport.lot))
        .order_by(QualityReport.product_id, QualityReport.lot, QualityReport.id.desc())
    )
    return {
        (product, lot): rules.Lot(
            passed=result in ("passing", "conceded"), blocked=(lot, None) in blocked or (lot, product) in blocked
        )
        for product, lot, result in reports
    }
