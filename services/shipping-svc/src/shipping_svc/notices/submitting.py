"""A reviewed notice goes to its deciders; where something is overdue, with the rep's reason."""

from uuid import UUID

from fangxing import approvals
from fangxing.clauses import clause
from fangxing.roles import Role
from fangxing.tasks import close_tasks, open_task
from fangxing.verdicts import plain
from fangxing.work import Work
from shipping_svc.notices.access import lock_notice
from shipping_svc.notices.policies import NOTICE_ROUTES
from shipping_svc.notices.reasons import case_title, overdue_reason_title
from shipping_svc.notices.rules import Status
from shipping_svc.notices.shapes import OverdueReason
from shipping_svc.notices.store import Notice
from shipping_svc.reference.store import Customer


def ask_for_reason(work: Work, notice: Notice) -> None:
    """Have the rep say why the customer is late."""
    notice.status = Status.REASON_NEEDED
    open_task(
        work,
        kind="overdue_reason",
        role=Role.SALES_REP,
        assignee=notice.author,
        document=notice.document,
        clause="5-4.2.1-C",
        title=overdue_reason_title(notice.number),
    )


@clause("5-4.2.1-C")
async def give_overdue_reason(work: Work, notice_id: UUID, body: OverdueReason) -> Notice:
    """The rep gives the reason for the overdue amount; then the notice goes to its deciders."""
    notice = await lock_notice(work, notice_id, Status.REASON_NEEDED)
    notice.overdue_reason = body.reason
    await close_tasks(work, notice.document, "overdue_reason")
    await submit(work, notice)
    return notice


async def submit(work: Work, notice: Notice) -> None:
    """Open the approval of a reviewed notice on the route of its road."""
    assert notice.review is not None
    route = await approvals.route_of(work, NOTICE_ROUTES, str(notice.road))
    notice.status = Status.IN_APPROVAL
    customer = await work.tx.get_one(Customer, notice.customer_id)
    approvals.submit(
        work,
        matter="shipping_notice",
        document=notice.document,
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
        initiator=notice.author,
        # whoever reviewed the figures, and whoever gave the reason just now
        took_part={str(notice.reviewed_by), work.actor.id},
        route=route,
        title=case_title(notice.number, customer.name, notice.value),
    )
