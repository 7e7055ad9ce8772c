"""Use cases of a filed notice: review, give the reason, decide, cancel."""

from decimal import Decimal
from uuid import UUID

from fangxing import approvals, decision_log
from fangxing.approvals import ApprovalCase, Decision
from fangxing.clauses import clause
from fangxing.errors import DomainError, ErrorType, Kind
from fangxing.roles import Role
from fangxing.tasks import close_tasks, open_task
from fangxing.text import Text
from fangxing.verdicts import plain
from fangxing.work import Work
from shipping_svc.credit import exceptions
from shipping_svc.credit.rules import Approval
from shipping_svc.notices import release as releasing
from shipping_svc.notices import words
from shipping_svc.notices.judging import give_lines_back, judged, sees
from shipping_svc.notices.policies import NOTICE_ROUTES
from shipping_svc.notices.store import Notice
from shipping_svc.orders.store import Customer, Order
from shipping_svc.warehouse.trucks import lock_open_loadings

NOTICE_NOT_FOUND = ErrorType(
    "notice-not-found", Kind.NOT_FOUND, "没有发货通知单 {notice}", "There is no shipping notice {notice}"
)
WRONG_STATUS = ErrorType(
    "notice-status",
    Kind.CONFLICT,
    "发货通知单现为“{status_zh}”，不能做此操作",
    "The notice is '{status_en}': this cannot be done now",
)
OWN_NOTICE = ErrorType(
    "own-notice",
    Kind.FORBIDDEN,
    "不能审核自己开的发货通知单",
    "Nobody reviews a notice he filed himself",
    clause="1-3",
)


def wrong_status(status: str) -> DomainError:
    """The error `notice-status` for a notice that is in `status`."""
    word = words.STATUSES[status]
    return WRONG_STATUS(status_zh=word.zh, status_en=word.en)


async def _sees_customer(work: Work, customer_id: UUID) -> bool:
    if not work.actor.only_own_customers:
        return True
    customer = await work.tx.get(Customer, customer_id)
    return customer is not None and sees(work.actor, customer)


async def lock_notice(work: Work, notice_id: UUID, *statuses: str) -> Notice:
    """The notice, its row locked, in one of `statuses`; raises `notice-not-found` or `notice-status`."""
    notice = await work.tx.get(Notice, notice_id, with_for_update=True, populate_existing=True)
    if notice is None or not await _sees_customer(work, notice.customer_id):
        raise NOTICE_NOT_FOUND(notice=notice_id)
    if statuses and notice.status not in statuses:
        raise wrong_status(notice.status)
    return notice


@clause("5-4.2.1-B", "5-4.2.2-B", "1-3")
async def review(work: Work, notice_id: UUID) -> Notice:
    """Finance confirms the figures the system computed (a frozen snapshot), and with them the road.

    Prepaid goods whose money is there are released at once; a credit road goes to its deciders; the rest is refused.
    Raises `own-notice`: what is released on one person's word needs another one to have filed it.
    """
    notice = await lock_notice(work, notice_id, "finance_review")
    if notice.created_by == work.actor.id:
        raise OWN_NOTICE()
    notice.reviewed_by = work.actor.id
    await close_tasks(work, notice.document, "finance_review")
    verdict = await judged(work, notice)
    if verdict.outcome == "prepaid":
        if not (await releasing.release(work, notice, Approval("prepaid"))).allowed:
            _send_back(work, notice)
        return notice
    exception = await exceptions.in_force(work, notice.account_id)
    if exception is not None and verdict.outcome in ("cash_only", "debt_first", "over"):
        # the order before the account, as everywhere: a refusal below still gives its lines back
        await work.tx.get(Order, notice.order_id, with_for_update=True)
        released = await releasing.release(work, notice, Approval("over", exception.ceiling, in_writing=True))
        if released.allowed:
            return notice
        verdict = released
    kept = decision_log.keep(work, "finance_review", notice.document, verdict)
    notice.road, notice.verdict, notice.verdict_hash = verdict.outcome, kept.content, kept.hash
    notice.review = kept.content
    if verdict.outcome in ("hold", "cash_only", "debt_first") or notice.kind == "prepaid":
        notice.status = "refused"
        await give_lines_back(work, notice)
    elif "overdue" in [reason.type.slug for reason in verdict.reasons]:
        _ask_for_reason(work, notice)
    else:
        await _start_approval(work, notice)
    return notice


def _ask_for_reason(work: Work, notice: Notice) -> None:
    notice.status = "reason_needed"
    open_task(
        work,
        kind="overdue_reason",
        role=Role.SALES_REP,
        assignee=notice.created_by,
        document=notice.document,
        clause="5-4.2.1-C",
        title=Text(
            f"填写发货通知单 {notice.number} 的逾期原因", f"Give the reason for the overdue amount: {notice.number}"
        ),
    )


@clause("5-4.2.1-C")
async def give_overdue_reason(work: Work, notice_id: UUID, reason: str) -> Notice:
    """The rep gives the reason for the overdue amount; then the notice goes to its deciders."""
    notice = await lock_notice(work, notice_id, "reason_needed")
    notice.overdue_reason = reason
    await close_tasks(work, notice.document, "overdue_reason")
    await _start_approval(work, notice)
    return notice


async def _start_approval(work: Work, notice: Notice) -> None:
    assert notice.review is not None
    route = await approvals.route_of(work, NOTICE_ROUTES, str(notice.road))
    notice.status = "approval"
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
        initiator=notice.created_by,
        # whoever reviewed the figures, and whoever gave the reason just now
        took_part={str(notice.reviewed_by), work.actor.id},
        route=route,
        title=Text(
            f"审批发货通知单 {notice.number}：{customer.name}，{notice.value} 元",
            f"Decide on shipping notice {notice.number}: {customer.name}, {notice.value} yuan",
        ),
    )


@clause("5-4.2.1-C")
async def decide(
    work: Work, notice_id: UUID, decision: Decision, *, seen_hash: str, comment: str | None
) -> tuple[Notice, ApprovalCase]:
    """Decide the current step; with the last yes the notice is released, re-checked at that very moment.

    If the road changed meanwhile the notice goes back to finance with the reason. The GM's yes names the exposure he
    saw and does not cover more. Returns the notice and its case.
    """
    notice = await lock_notice(work, notice_id, "approval")
    case = await approvals.open_case(work, notice.document)
    await approvals.decide(work, case, decision, seen_hash=seen_hash, comment=comment)
    if case.status == "approved":
        verdict = await releasing.release(work, notice, _approval(case), {case.policy_key: case.policy_version})
        if not verdict.allowed:
            _send_back(work, notice)
    elif case.status in ("rejected", "returned"):
        notice.status = "rejected"
        await give_lines_back(work, notice)
    return notice, case


def _approval(case: ApprovalCase) -> Approval:
    """What the deciders of a closed case said yes to."""
    overdue = "overdue" in [reason["slug"] for reason in case.content["reasons"]]
    decided_by_gm = any(step.role == Role.GENERAL_MANAGER for step in case.steps)
    ceiling = Decimal(case.content["figures"]["exposure_after"]) if decided_by_gm else None
    return Approval(case.content["road"], ceiling, overdue=overdue)


def _send_back(work: Work, notice: Notice) -> None:
    notice.status = "finance_review"
    open_task(
        work,
        kind="finance_review",
        role=Role.ACCOUNTANT,
        document=notice.document,
        clause="5-4.2.1-C",
        title=Text(
            f"发货通知单 {notice.number} 放行时情况已变，请重新审核",
            f"Notice {notice.number}: the road changed before its release; review it again",
        ),
    )


async def cancel(work: Work, notice_id: UUID) -> Notice:
    """Cancel a notice nothing was loaded on; a released one gives its reservation back."""
    notice = await lock_notice(work, notice_id, "finance_review", "reason_needed", "approval", "released")
    if notice.status == "approval":
        await approvals.withdraw(work, await approvals.open_case(work, notice.document))
    trucks = await lock_open_loadings(work, notice)
    if any(line.loaded_tons > 0 for line in notice.lines):
        raise wrong_status("loading")
    for truck in trucks:
        truck.status = "stopped"
    was_released = notice.status == "released"
    notice.status = "cancelled"
    await give_lines_back(work, notice)
    await close_tasks(work, notice.document)
    if was_released:
        await releasing.give_reservation_back(work, notice)
    return notice
