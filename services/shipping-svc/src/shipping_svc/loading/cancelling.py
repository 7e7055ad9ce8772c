"""Cancelling a notice that nothing was loaded on."""

from uuid import UUID

from fangxing import approvals
from fangxing.tasks import close_tasks
from fangxing.work import Work
from shipping_svc.loading.rules import Status
from shipping_svc.loading.store import lock_open_loadings
from shipping_svc.notices.access import lock_notice
from shipping_svc.notices.ending import end_notice, give_reservation_back
from shipping_svc.notices.errors import NOTICE_STATUS
from shipping_svc.notices.reasons import BEING_LOADED
from shipping_svc.notices.rules import BEFORE_RELEASE
from shipping_svc.notices.rules import Status as NoticeStatus
from shipping_svc.notices.store import Notice


async def cancel_notice(work: Work, notice_id: UUID) -> Notice:
    """Cancel a notice nothing was loaded on; a released one gives its reservation back."""
    notice = await lock_notice(work, notice_id, *BEFORE_RELEASE, NoticeStatus.RELEASED)
    was = notice.status
    if was is NoticeStatus.IN_APPROVAL:
        await approvals.withdraw(work, await approvals.open_case(work, notice.document))
    trucks = await lock_open_loadings(work.tx, notice)
    if any(line.loaded_tons > 0 for line in notice.lines):
        raise NOTICE_STATUS(status=BEING_LOADED)
    for truck in trucks:
        truck.status = Status.STOPPED
    await end_notice(work, notice, NoticeStatus.CANCELLED)
    await close_tasks(work, notice.document)
    if was is NoticeStatus.RELEASED:
        await give_reservation_back(work, notice)
    return notice
