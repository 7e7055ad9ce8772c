"""A notice is locked for whatever is done to it, in a state in which that can be done."""

from uuid import UUID

from fangxing.work import Work
from shipping_svc.notices.access import notice_seen_by
from shipping_svc.notices.errors import NOTICE_STATUS
from shipping_svc.notices.reasons import STATES
from shipping_svc.notices.rules import Status
from shipping_svc.notices.store import Notice


async def lock_notice(work: Work, notice_id: UUID, *statuses: Status) -> Notice:
    """The notice, its row locked, in one of `statuses`; raises `notice-not-found` or `notice-status`."""
    notice = await notice_seen_by(work.tx, work.actor, notice_id, lock=True)
    if notice.status not in statuses:
        raise NOTICE_STATUS(status=STATES[notice.status])
    return notice
