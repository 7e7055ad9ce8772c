"""Before the truck is loaded: quality reports, transport notices, and the comparison that starts a loading."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as pg_insert

from fangxing import decision_log
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.inbox import Incoming
from fangxing.roles import Role
from fangxing.tasks import close_tasks, open_task
from fangxing.text import Text
from fangxing.verdicts import Verdict
from fangxing.work import Work
from shipping_svc.notices.service import lock_notice
from shipping_svc.notices.store import Notice
from shipping_svc.warehouse import rules
from shipping_svc.warehouse.store import Loading, LotBlock, QualityReport, TransportNotice

BLOCK_NOT_FOUND = ErrorType(
    "lot-block-not-found", Kind.NOT_FOUND, "批号 {lot} 没有被冻结", "The lot {lot} is not blocked"
)


def report_quality(work: Work, *, product_id: UUID, lot: str, result: str, findings: str) -> QualityReport:
    """Record quality's report on a lot (5-3); the newest one counts."""
    report = QualityReport(
        id=new_id(),
        product_id=product_id,
        lot=lot,
        result=result,
        findings=findings,
        reported_by=work.actor.id,
        reported_at=work.now,
    )
    work.tx.add(report)
    return report


class LotBlockRequested(Incoming):
    """A complaint asks that a lot is not shipped any more."""

    complaint_id: UUID
    lot: str
    product_id: UUID | None = None
    reason: str


async def on_lot_block_requested(work: Work, event: LotBlockRequested) -> None:
    """Block the lot at once, and let quality know."""
    block = LotBlock(
        id=new_id(),
        lot=event.lot,
        product_id=event.product_id,
        complaint_id=event.complaint_id,
        reason=event.reason,
        blocked_at=work.now,
    )
    work.tx.add(block)
    open_task(
        work,
        kind="lot_blocked",
        role=Role.QUALITY,
        document=f"lot/{event.lot}",
        clause="5-3",
        title=Text(f"批号 {event.lot} 因投诉冻结，请判定", f"Lot {event.lot} is blocked by a complaint: judge it"),
    )


async def lift_blocks(work: Work, lot: str) -> list[LotBlock]:
    """Quality lets a blocked lot go again; raises `lot-block-not-found`."""
    blocks = list(
        await work.tx.scalars(
            select(LotBlock).where(LotBlock.lot == lot, LotBlock.lifted_at.is_(None)).with_for_update()
        )
    )
    if not blocks:
        raise BLOCK_NOT_FOUND(lot=lot)
    for block in blocks:
        block.lifted_by, block.lifted_at = work.actor.id, work.now
    await close_tasks(work, f"lot/{lot}", "lot_blocked")
    return blocks


async def announce_truck(work: Work, notice_id: UUID, *, vehicle: str, driver: str, carrier: str) -> Notice:
    """The rep's transport notice 运输通知单 for one truck; issued again for the same vehicle it replaces the driver."""
    notice = await lock_notice(work, notice_id, "finance_review", "reason_needed", "approval", "released")
    values = {"driver": driver, "carrier": carrier, "issued_by": work.actor.id, "issued_at": work.now}
    await work.tx.execute(
        pg_insert(TransportNotice)
        .values(id=new_id(), notice_id=notice.id, vehicle=vehicle, **values)
        .on_conflict_do_update(index_elements=["notice_id", "vehicle"], set_=values)
    )
    return notice


async def start_loading(work: Work, notice_id: UUID, *, vehicle: str, driver: str) -> tuple[Loading | None, Verdict]:
    """Compare the truck in the yard with the transport notice and start loading it (5-4.2.1-D).

    A difference stops it and says what differs. The same truck again goes on with its open loading.
    """
    notice = await lock_notice(work, notice_id, "released")
    announced = await work.tx.scalars(select(TransportNotice).where(TransportNotice.notice_id == notice.id))
    trucks = {row.vehicle: row for row in announced}
    found = rules.Truck(vehicle, driver)
    expected = {name: rules.Truck(row.vehicle, row.driver) for name, row in trucks.items()}
    faults = rules.compare_truck(expected, found)
    verdict = Verdict(not faults, "load" if not faults else "stop", faults, {"vehicle": vehicle, "driver": driver})
    decision_log.keep(work, "loading", notice.document, verdict)
    if faults:
        return None, verdict
    open_one = select(Loading).where(
        Loading.notice_id == notice.id, Loading.vehicle == vehicle, Loading.status == "open"
    )
    loading = (await work.tx.scalars(open_one)).first()
    if loading is None:
        loading = Loading(
            id=new_id(),
            notice_id=notice.id,
            vehicle=vehicle,
            driver=driver,
            carrier=trucks[vehicle].carrier,
            status="open",
            keeper=work.actor.id,
            started_at=work.now,
        )
        work.tx.add(loading)
    # the transport notice may have been issued again for another driver since
    loading.driver, loading.carrier = driver, trucks[vehicle].carrier
    return loading, verdict
