"""Who reads notices: everybody in the chain from the order to the gate; a rep those of his customers."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement

from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.documents import Documented, hindrance
from fangxing.offers import Fits, fitting
from fangxing.policies import PolicyBook
from fangxing.roles import Role
from shipping_svc.credit.store import who_prepaid
from shipping_svc.notices.rules import Kind, NoticeAction, NoticeStatus, is_own_prepayment
from shipping_svc.notices.store import Notice
from shipping_svc.reference.access import CUSTOMERS, MONEY, of_customers_of

READERS = (
    *sorted(MONEY.roles - {Role.ADMINISTRATOR}),
    Role.WAREHOUSE_KEEPER,
    Role.WAREHOUSE_SUPERVISOR,
    Role.QUALITY,
    Role.QUALITY_SUPERVISOR,
    Role.GATE_GUARD,
)
"""Yard, gate and quality see the goods without the money."""


def notices_of(actor: Principal) -> ColumnElement[bool]:
    """The condition under which a notice exists for `actor`."""
    return of_customers_of(actor, Notice.customer_id)


@fitting(Notice)
async def fits_notices(tx: Tx, notices: Sequence[Notice], book: PolicyBook) -> Fits:
    """A rep's own customers alone; who entered the money does not review what it pays, nor signs who noticed.

    Of a released notice nothing is read for it.
    """
    reviewed = {
        notice.account_id
        for notice in notices
        if notice.kind is Kind.PREPAID and notice.status is NoticeStatus.FINANCE_REVIEW
    }
    prepaid_by = await who_prepaid(tx, reviewed) if reviewed else {}

    def fits(notice: Notice, actor: Principal, action: NoticeAction) -> bool:
        match action:
            case NoticeAction.REVIEW if is_own_prepayment(
                notice.kind, prepaid_by.get(notice.account_id, ()), actor.persons
            ):
                return False
            case NoticeAction.SHIP if not may_sign(notice, actor, book):
                return False
        return CUSTOMERS.sees(actor, notice.customer.rep)

    return fits


def may_sign(papers: Documented, actor: Principal, book: PolicyBook) -> bool:
    """Whether no hand of the actor's on a notice, or a loading of it, keeps him from signing for the goods."""
    return hindrance(papers, "delivery-note.sign", actor, book) is None
