"""Cancelling a notice that nothing was loaded on."""

from uuid import UUID

from fangxing import approvals
from fangxing.documents import act, lock_for
from fangxing.tasks import close_tasks
from fangxing.work import Work
from shipping_svc.loading.errors import GOODS_LOADED
from shipping_svc.loading.rules import LoadingAction, LoadingStatus
from shipping_svc.loading.store import lock_open_loadings
from shipping_svc.notices.access import notices_of
from shipping_svc.notices.ending import end_notice, give_reservation_back
from shipping_svc.notices.rules import NoticeAction, NoticeStatus
from shipping_svc.notices.store import Notice


async def cancel_notice(work: Work, notice_id: UUID) -> Notice:
    """Cancel a notice nothing was loaded on; a released one gives its reservation back. Raises `goods-loaded`."""
    notice = await lock_for(work, Notice, notice_id, NoticeAction.CANCEL, notices_of(work.actor))
    was = notice.status
    await approvals.withdraw(work, notice)
    trucks = await lock_open_loadings(work.tx, notice)
    if any(line.loaded_tons > 0 for line in notice.lines):
        raise GOODS_LOADED(number=notice.number)
    for truck in trucks:
        await act(work, truck, LoadingAction.SEND_AWAY)
        truck.status = LoadingStatus.STOPPED
    await end_notice(work, notice, NoticeStatus.CANCELLED)
    await close_tasks(work, notice.document)
    if was is NoticeStatus.RELEASED:
        await give_reservation_back(work, notice)
    return notice
