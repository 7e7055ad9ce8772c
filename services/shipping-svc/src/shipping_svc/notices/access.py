"""Who reads notices: everybody in the chain from the order to the gate; a rep those of his customers."""

from sqlalchemy import ColumnElement

from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.documents import Documented, hindrance
from fangxing.offers import actions
from fangxing.policies import PolicyBook
from fangxing.roles import Role
from shipping_svc.credit.store import look
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


async def offered(tx: Tx, notice: Notice, caller: Principal, book: PolicyBook) -> list[str]:
    """What `caller` may try with the notice as it stands in `tx`; of a released one nothing is read for it."""
    reviewed = notice.kind is Kind.PREPAID and notice.status is NoticeStatus.FINANCE_REVIEW
    prepaid_by = (await look(tx, notice.account_id)).prepaid_by if reviewed else ()

    def fits(notice: Notice, actor: Principal, action: NoticeAction) -> bool:
        match action:
            case NoticeAction.REVIEW if is_own_prepayment(notice.kind, prepaid_by, actor.persons):
                return False
            case NoticeAction.SHIP if not may_sign(notice, actor, book):
                return False
        return CUSTOMERS.sees(actor, notice.customer.rep)

    return await actions(tx, notice, caller, book, fits)


def may_sign(papers: Documented, actor: Principal, book: PolicyBook) -> bool:
    """Whether no hand of the actor's on a notice, or a loading of it, keeps him from signing for the goods."""
    return hindrance(papers, "delivery-note.sign", actor, book) is None
