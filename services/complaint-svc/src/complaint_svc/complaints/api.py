"""HTTP of the register."""

from uuid import UUID

from complaint_svc.complaints import registering, routing
from complaint_svc.complaints.reading import read_complaint
from complaint_svc.complaints.rules import MOVES, ComplaintAction, ComplaintKind, ComplaintStatus, Road
from complaint_svc.complaints.shapes import ComplaintLine, ComplaintOut, RegisterComplaint, RouteComplaint
from complaint_svc.complaints.store import COMPLAINTS, Complaint
from complaint_svc.reference.access import LIST_READERS, in_scope
from fangxing.text import Code
from fangxing.web.access import allow
from fangxing.web.edge import Caller, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page

router = edge_router("complaints", "/complaints")


@router.post("", status_code=201)
@allow(MOVES[ComplaintAction.REGISTER])
async def register_complaint(body: RegisterComplaint, work: CurrentWork) -> ComplaintOut:
    """Enter what a customer said in the register; open to everybody (6-5.1.1)."""
    complaint = await registering.register(work, body)
    return await read_complaint(work.tx, complaint.id, work.actor)


@router.get("")
@allow(*LIST_READERS)
async def list_complaints(
    reader: CurrentReader,
    caller: Caller,
    kind: ComplaintKind | None = None,
    status: ComplaintStatus | None = None,
    road: Road | None = None,
    customer_id: UUID | None = None,
    lot: Code | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ComplaintLine]:
    """The register, newest first; a rep sees his customers' complaints."""
    statement = in_scope(COMPLAINTS, caller)
    wanted = {
        Complaint.kind: kind,
        Complaint.status: status,
        Complaint.road: road,
        Complaint.customer_id: customer_id,
        Complaint.lot: lot,
    }
    for column, value in wanted.items():
        if value is not None:
            statement = statement.where(column == value)
    return await page(
        reader,
        statement,
        ComplaintLine.show,
        sorts={"number": Complaint.number, "answer_due": Complaint.answer_due},
        id=Complaint.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.post("/{complaint_id}/routing")
@allow(MOVES[ComplaintAction.ROUTE])
async def route_complaint(complaint_id: UUID, body: RouteComplaint, work: CurrentWork) -> ComplaintOut:
    """Put a complaint on its road, or on another one (6-5.1.2)."""
    complaint = await routing.route(work, complaint_id, body)
    return await read_complaint(work.tx, complaint.id, work.actor)
