"""Who reads notices: everybody in the chain from the order to the gate; a rep those of his customers."""

from typing import Any
from uuid import UUID

from fangxing import approvals
from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.roles import Role
from shipping_svc.notices.errors import NOTICE_NOT_FOUND
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


async def approval_of(tx: Tx, notice: Notice) -> dict[str, Any] | None:
    """The summary of the notice's newest approval, as things stand in the unit of work."""
    await tx.flush()
    return (await approvals.latest(tx, [notice.document])).get(notice.document)
