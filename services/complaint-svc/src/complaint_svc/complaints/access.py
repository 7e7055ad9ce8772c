"""Who may read and change which complaint."""

from uuid import UUID

from sqlalchemy import ColumnElement

from complaint_svc.complaints.errors import NOT_YOUR_CUSTOMER
from complaint_svc.complaints.rules import ComplaintAction
from complaint_svc.complaints.store import Complaint
from complaint_svc.reference.access import CUSTOMERS
from complaint_svc.reference.store import Customer
from fangxing.auth import Principal
from fangxing.documents import lock_for, lock_to_judge
from fangxing.roles import Role
from fangxing.work import Work


def readable(caller: Principal) -> ColumnElement[bool]:
    """The scope of the register: complaints of the caller's customers, and those he took in himself."""
    return CUSTOMERS(caller) | Complaint.author.in_(sorted(caller.persons))


def is_readable(caller: Principal, complaint: Complaint) -> bool:
    """`readable` for one complaint."""
    return CUSTOMERS.sees(caller, complaint.customer.rep) or complaint.author in caller.persons


async def lock_complaint(work: Work, complaint_id: UUID, action: ComplaintAction, *, judged: bool = False) -> Complaint:
    """The complaint, its row locked for `action`; where that is `judged`, nothing is noted before the verdict.

    Raises `complaint-not-found`, also for one the actor may not read, or `wrong-state`.
    """
    lock = lock_to_judge if judged else lock_for
    here = Complaint.customer_id == Customer.id
    return await lock(work, Complaint, complaint_id, action, here, readable(work.actor))


def must_own(actor: Principal, complaint: Complaint) -> None:
    """Raise `not-your-customer` unless `actor` is the rep of the complaint's customer."""
    if not is_his(actor, complaint):
        raise NOT_YOUR_CUSTOMER()


def is_his(actor: Principal, complaint: Complaint) -> bool:
    """Whether `actor` is the rep of the complaint's customer."""
    return complaint.customer.rep in actor.whose(Role.SALES_REP)
