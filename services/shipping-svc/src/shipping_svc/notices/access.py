"""Who reads notices: the whole chain from the order to the gate, a rep those of his customers; and who may act."""

from uuid import UUID

from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.roles import Role
from fangxing.work import Work
from shipping_svc.notices.errors import NOTICE_NOT_FOUND, NOTICE_STATUS
from shipping_svc.notices.reasons import STATUS_NAMES
from shipping_svc.notices.rules import Status
from shipping_svc.notices.store import Notice
from shipping_svc.reference.access import sees_customer

READERS = (
    Role.SALES_REP,
    Role.SALES_MANAGER,
    Role.GENERAL_MANAGER,
    Role.FINANCE_MANAGER,
    Role.ACCOUNTANT,
    Role.WAREHOUSE_KEEPER,
    Role.WAREHOUSE_SUPERVISOR,
    Role.GATE_GUARD,
    Role.AUDIT_MANAGER,
)


async def notice_seen_by(tx: Tx, caller: Principal, notice_id: UUID, *, lock: bool = False) -> Notice:
    """The notice, its row locked on request, where the caller sees it; raises `notice-not-found`."""
    notice = await tx.get(Notice, notice_id, with_for_update=lock or None, populate_existing=lock)
    if notice is None or not await sees_customer(tx, caller, notice.customer_id):
        raise NOTICE_NOT_FOUND(notice=notice_id)
    return notice


async def lock_notice(work: Work, notice_id: UUID, *statuses: Status) -> Notice:
    """The notice, its row locked for what is done to it in one of `statuses`.

    Raises `notice-not-found` or `notice-status`.
    """
    notice = await notice_seen_by(work.tx, work.actor, notice_id, lock=True)
    if notice.status not in statuses:
        raise NOTICE_STATUS(status=STATUS_NAMES[notice.status])
    return notice
