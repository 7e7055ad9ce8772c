"""HTTP of the register: complaints are taken in and routed."""

from uuid import UUID

from complaint_svc.complaints import registering, routing
from complaint_svc.complaints.reading import read_complaint
from complaint_svc.complaints.rules import MOVES, ComplaintAction
from complaint_svc.complaints.shapes import ComplaintOut, RegisterComplaint, RouteComplaint
from fangxing.web.access import allow
from fangxing.web.edge import CurrentWork
from fangxing.web.edge import router as edge_router

router = edge_router("complaints", "/complaints")


@router.post("", status_code=201)
@allow(MOVES[ComplaintAction.REGISTER])
async def register_complaint(body: RegisterComplaint, work: CurrentWork) -> ComplaintOut:
    """Enter what a customer said in the register; open to everybody (6-5.1.1)."""
    complaint = await registering.register(work, body)
    return await read_complaint(await work.look(), complaint.id)


@router.post("/{complaint_id}/routing")
@allow(MOVES[ComplaintAction.ROUTE])
async def route_complaint(complaint_id: UUID, body: RouteComplaint, work: CurrentWork) -> ComplaintOut:
    """Put a complaint on its road, or on another one (6-5.1.2)."""
    complaint = await routing.route(work, complaint_id, body)
    return await read_complaint(await work.look(), complaint.id)
