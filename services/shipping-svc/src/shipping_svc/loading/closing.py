"""Closing a released notice: nothing more is loaded on it, and what it still reserves is given back."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from fangxing import decision_log
from fangxing.clauses import clause
from fangxing.documents import act, lock_for
from fangxing.tasks import close_tasks
from fangxing.verdicts import Scalar, Verdict
from fangxing.work import Work
from shipping_svc.loading.errors import OTHER_TRUCK_LOADING
from shipping_svc.loading.rules import LoadingAction, LoadingStatus
from shipping_svc.loading.shapes import CloseNotice
from shipping_svc.loading.store import Loading, Scan, lock_open_loadings
from shipping_svc.notices.access import notices_of
from shipping_svc.notices.ending import end_notice, give_reservation_back
from shipping_svc.notices.rules import NoticeAction, NoticeStatus
from shipping_svc.notices.store import Notice


@clause("5-4.2.1-B")
async def close_notice(work: Work, notice_id: UUID, body: CloseNotice) -> Notice:
    """Close a released notice that no further truck comes for; what it reserves and did not load is free again.

    Raises `other-truck-loading` while a truck carries goods of it.
    """
    notice = await lock_for(work, Notice, notice_id, NoticeAction.CLOSE, notices_of(work.actor))
    await send_away(work, await lock_open_loadings(work.tx, notice))
    status = NoticeStatus.SHIPPED if any(line.loaded_tons > 0 for line in notice.lines) else NoticeStatus.CANCELLED
    inputs: dict[str, Scalar] = {
        "reason": body.reason,
        "reserved_credit": notice.reserved_credit,
        "reserved_prepaid": notice.reserved_prepaid,
    }
    decision_log.keep(work, "notice_closed", notice.document, Verdict(True, status, (), inputs))
    await close_tasks(work, notice.document)
    await end_notice(work, notice, status)
    await give_reservation_back(work, notice)
    return notice


async def send_away(work: Work, trucks: Sequence[Loading]) -> None:
    """Stop the loadings nothing was loaded on; raises `other-truck-loading` for one that carries goods."""
    loaded = set(
        await work.tx.scalars(
            select(Scan.loading_id).where(Scan.loading_id.in_([truck.id for truck in trucks]), Scan.accepted).distinct()
        )
    )
    for truck in trucks:
        if truck.id in loaded:
            raise OTHER_TRUCK_LOADING(vehicle=truck.vehicle)
        await act(work, truck, LoadingAction.SEND_AWAY)
        truck.status = LoadingStatus.STOPPED
