"""Who may sign a handling, and what a caller may try with a complaint."""

from collections.abc import Sequence

from complaint_svc.complaints.access import must_own
from complaint_svc.complaints.rules import MOVES, ComplaintAction
from complaint_svc.complaints.store import Complaint
from complaint_svc.deciding.rules import HandlingAction
from complaint_svc.deciding.store import Handling
from complaint_svc.reference.access import reaches
from fangxing.auth import Principal, role_required
from fangxing.documents import actions
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


def offered(
    complaint: Complaint, handlings: Sequence[Handling], caller: Principal, book: PolicyBook, waiting_for: Role | None
) -> list[ComplaintAction]:
    """What `caller` may try with the complaint as it stands; `waiting_for` decides its last handling next."""
    decidable = handlings and HandlingAction.DECIDE in actions(handlings[-1], caller, book, waiting_for=waiting_for)
    fits = {
        ComplaintAction.SIGN: complaint.responsible in caller.held,
        ComplaintAction.DECIDE: bool(decidable),
    }
    rep = complaint.customer.rep
    possible = map(ComplaintAction, actions(complaint, caller, book, waiting_for=waiting_for))
    return [action for action in possible if fits.get(action, True) and reaches(caller, MOVES[action], rep)]
