"""Who may sign a handling."""

from complaint_svc.complaints.access import must_own
from complaint_svc.complaints.store import Complaint
from fangxing.auth import Principal, role_required
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
