"""Who may sign a handling, and what a caller may try with a complaint."""

from collections.abc import Sequence

from sqlalchemy import select

from complaint_svc.complaints.access import is_his, is_readable, must_own
from complaint_svc.complaints.rules import ComplaintAction
from complaint_svc.complaints.store import Complaint
from complaint_svc.deciding.rules import HandlingAction
from complaint_svc.deciding.store import Handling
from fangxing import offers
from fangxing.auth import Principal, role_required
from fangxing.database import Tx
from fangxing.documents import hindrance
from fangxing.offers import Fits
from fangxing.policies import PolicyBook
from fangxing.roles import Role


def must_be_responsible(actor: Principal, complaint: Complaint) -> Role:
    """The role of the responsible party, which `actor` holds; on a rep's road he is the customer's own (6-5.2.1).

    Raises `role-required` or `not-your-customer`.
    """
    responsible = complaint.responsible or Role.SALES_REP
    if not actor.has(responsible):
        raise role_required(responsible)
    if responsible is Role.SALES_REP:
        must_own(actor, complaint)
    return responsible


@offers.fitting(Complaint)
async def fits_complaints(tx: Tx, complaints: Sequence[Complaint], book: PolicyBook) -> Fits:
    """Its rep routes and closes a complaint, the responsible party signs."""

    def fits(complaint: Complaint, actor: Principal, action: ComplaintAction) -> bool:
        match action:
            case ComplaintAction.ROUTE | ComplaintAction.CLOSE:
                return is_his(actor, complaint)
            case ComplaintAction.SIGN:
                responsible = complaint.responsible or Role.SALES_REP
                his = responsible is not Role.SALES_REP or is_his(actor, complaint)
                return his and actor.has(responsible) and is_readable(actor, complaint)
        return is_readable(actor, complaint)

    return fits


@offers.fitting(Handling)
async def fits_handlings(tx: Tx, handlings: Sequence[Handling], book: PolicyBook) -> Fits:
    """Who decides a handling decides its complaint, which he reads and in which he had no other hand."""
    of_handlings = select(Complaint).where(Complaint.id.in_({one.complaint_id for one in handlings}))
    complaints = {complaint.id: complaint for complaint in await tx.scalars(of_handlings)}

    def fits(handling: Handling, actor: Principal, action: HandlingAction) -> bool:
        complaint = complaints[handling.complaint_id]
        return is_readable(actor, complaint) and hindrance(complaint, "complaint.decide", actor, book) is None

    return fits


async def offered(
    tx: Tx, complaint: Complaint, handlings: Sequence[Handling], caller: Principal, book: PolicyBook
) -> list[str]:
    """What `caller` may try with the complaint as it stands; deciding it is deciding its last handling."""
    possible = await offers.actions(tx, complaint, caller, book)
    if handlings and HandlingAction.DECIDE in await offers.actions(tx, handlings[-1], caller, book):
        possible.append(ComplaintAction.DECIDE)
    return possible
