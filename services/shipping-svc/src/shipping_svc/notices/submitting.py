"""A reviewed notice goes to its deciders; where something is overdue, with the rep's reason."""

from uuid import UUID

from fangxing import approvals
from fangxing.clauses import clause
from fangxing.documents import lock_for
from fangxing.roles import Role
from fangxing.tasks import open_task
from fangxing.verdicts import plain
from fangxing.work import Work
from shipping_svc.notices.access import notices_of
from shipping_svc.notices.policies import NOTICE_ROUTES
from shipping_svc.notices.reasons import reason_to_give, to_decide
from shipping_svc.notices.rules import NoticeAction, NoticeStatus, NoticeTask
from shipping_svc.notices.shapes import OverdueReason
from shipping_svc.notices.store import Notice


async def ask_for_reason(work: Work, notice: Notice) -> None:
    """Have the rep say why the customer is late."""
    notice.status = NoticeStatus.REASON_NEEDED
    await open_task(
        work,
        kind=NoticeTask.OVERDUE_REASON,
        role=Role.SALES_REP,
        customer=notice.customer_id,
        document=notice.document,
        clause="5-4.2.1-C",
        title=reason_to_give(notice.number),
    )


@clause("5-4.2.1-C")
async def give_overdue_reason(work: Work, notice_id: UUID, body: OverdueReason) -> Notice:
    """The rep gives the reason for the overdue amount; then the notice goes to its deciders."""
    notice = await lock_for(work, Notice, notice_id, NoticeAction.GIVE_REASON, notices_of(work.actor))
    notice.overdue_reason = body.reason
    await submit(work, notice)
    return notice


async def submit(work: Work, notice: Notice) -> None:
    """Open the approval of a reviewed notice on the route of its road."""
    assert notice.review is not None
    route = await approvals.route_of(work, NOTICE_ROUTES, str(notice.road), author=notice.author)
    notice.status = NoticeStatus.IN_APPROVAL
    customer = notice.customer
    await approvals.submit(
        work,
        notice,
        matter="shipping_notice",
        content={
            "notice": str(notice.id),
            "number": notice.number,
            "customer": {"id": str(customer.id), "name": customer.name},
            "value": plain(notice.value),
            "ship_on": plain(notice.ship_on),
            "road": notice.road,
            "overdue_reason": notice.overdue_reason,
            "figures": notice.review["inputs"],
            "reasons": notice.review["reasons"],
        },
        route=route,
        title=to_decide(notice.number, customer.name),
    )
