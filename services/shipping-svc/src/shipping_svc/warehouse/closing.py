"""Closing a released notice: nothing more is loaded on it, and what it still reserves is given back."""

from uuid import UUID

from sqlalchemy import select

from fangxing import decision_log
from fangxing.clauses import clause
from fangxing.errors import ErrorType, Kind
from fangxing.tasks import close_tasks
from fangxing.verdicts import Scalar, Verdict
from fangxing.work import Work
from shipping_svc.notices.judging import give_lines_back
from shipping_svc.notices.release import give_reservation_back
from shipping_svc.notices.service import lock_notice
from shipping_svc.notices.store import Notice
from shipping_svc.warehouse.store import Loading, Scan
from shipping_svc.warehouse.trucks import lock_open_loadings

OTHER_TRUCK_LOADING = ErrorType(
    "other-truck-loading",
    Kind.CONFLICT,
    "车辆 {vehicle} 已装这张通知单的货，还没有签字",
    "The truck {vehicle} carries goods of this notice and is not signed for",
    clause="5-4.2.1-D",
)


@clause("5-4.2.1-B")
async def close_notice(work: Work, notice_id: UUID, reason: str) -> Notice:
    """Close a released notice that no further truck comes for; what it reserves and did not load is free again.

    Raises `other-truck-loading` while a truck carries goods of it.
    """
    notice = await lock_notice(work, notice_id, "released")
    await send_away(work, await lock_open_loadings(work, notice))
    notice.status = "shipped" if any(line.loaded_tons > 0 for line in notice.lines) else "cancelled"
    inputs: dict[str, Scalar] = {
        "reason": reason,
        "reserved_credit": notice.reserved_credit,
        "reserved_prepaid": notice.reserved_prepaid,
    }
    decision_log.keep(work, "notice_closed", notice.document, Verdict(True, notice.status, (), inputs))
    await close_tasks(work, notice.document)
    await give_lines_back(work, notice)
    await give_reservation_back(work, notice)
    return notice


async def send_away(work: Work, trucks: list[Loading]) -> None:
    """Stop the loadings nothing was loaded on; raises `other-truck-loading` for one that carries goods."""
    loaded = set(
        await work.tx.scalars(
            select(Scan.loading_id).where(Scan.loading_id.in_([truck.id for truck in trucks]), Scan.accepted).distinct()
        )
    )
    for truck in trucks:
        if truck.id in loaded:
            raise OTHER_TRUCK_LOADING(vehicle=truck.vehicle)
        truck.status = "stopped"
