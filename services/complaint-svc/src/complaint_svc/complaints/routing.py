"""Sorting a complaint: the rep puts it on one of the five roads (6-5.1.2)."""

from uuid import UUID

from complaint_svc.complaints import rules
from complaint_svc.complaints.access import lock_complaint, must_own
from complaint_svc.complaints.asking import ask_for_handling
from complaint_svc.complaints.errors import NO_LOT_TO_BLOCK
from complaint_svc.complaints.events import LotBlockRequested
from complaint_svc.complaints.rules import ComplaintAction, ComplaintStatus
from complaint_svc.complaints.shapes import RouteComplaint
from complaint_svc.complaints.store import Complaint, Routing, count_routings, products_of
from fangxing.outbox import record_fact
from fangxing.tasks import close_tasks
from fangxing.work import Work


async def route(work: Work, complaint_id: UUID, body: RouteComplaint) -> Complaint:
    """The rep puts a complaint on its road, or on another one while no handling is signed; each routing is recorded.

    Raises `complaint-not-found`, `wrong-state`, `not-your-customer` or `no-lot-to-block`.
    """
    complaint = await lock_complaint(work, complaint_id, ComplaintAction.ROUTE)
    must_own(work.actor, complaint)
    if body.block_lot and not rules.may_block_lot(body.road, complaint.lot):
        raise NO_LOT_TO_BLOCK()
    responsible = rules.responsible_role(body.road)
    work.tx.add(
        Routing(
            complaint_id=complaint.id,
            number=await count_routings(work.tx, complaint.id) + 1,
            road=body.road,
            responsible=responsible,
            note=body.note,
            block_lot=body.block_lot,
            routed_by=work.actor.id,
            routed_by_name=work.actor.name,
            routed_at=work.now,
        )
    )
    complaint.status, complaint.road, complaint.responsible = ComplaintStatus.ROUTED, body.road, responsible
    await close_tasks(work, complaint.document)
    await ask_for_handling(work, complaint)
    if body.block_lot:
        await _request_block(work, complaint, body.note)
    return complaint


async def _request_block(work: Work, complaint: Complaint, reason: str) -> None:
    """Ask once for the lot to be blocked; routing again does not ask again."""
    if complaint.block_requested_on is not None or complaint.lot is None:
        return
    complaint.block_requested_on = work.today
    products = await products_of(work.tx, complaint.lot, complaint.delivery_note_id)
    event = LotBlockRequested(
        lot=complaint.lot,
        product_id=rules.product_meant(products),
        complaint_id=complaint.id,
        reason=reason,
    )
    record_fact(work, event, about=complaint, key=str(complaint.account_id))
