"""Use cases of the notices: file, review, give the reason, decide, cancel; and the GM's written exceptions."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select

from fangxing import approvals, decision_log
from fangxing.approvals import ApprovalCase, Decision
from fangxing.auth import Principal
from fangxing.clauses import clause
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.money import ZERO, value_of
from fangxing.roles import Role
from fangxing.tasks import close_tasks, open_task
from fangxing.text import Text
from fangxing.verdicts import Verdict, plain
from fangxing.work import Work
from shipping_svc.credit import release as account_release
from shipping_svc.credit.rules import Approval
from shipping_svc.credit.store import CreditException
from shipping_svc.notices import release as releasing
from shipping_svc.notices import rules
from shipping_svc.notices.events import ReleaseCancelled
from shipping_svc.notices.policies import LEAD_DAYS, LOAD_TOLERANCE, NOTICE_ROUTES, STRICT_LEAD
from shipping_svc.notices.store import NOTICE_NUMBERS, Notice, NoticeLine
from shipping_svc.orders.store import Customer, Order, OrderLine
from shipping_svc.warehouse.trucks import lock_open_loadings

ORDER_NOT_FOUND = ErrorType(
    "order-not-found", Kind.NOT_FOUND, "没有订单 {order}", "There is no order {order}", field="order_id"
)
ORDER_LINE_NOT_FOUND = ErrorType(
    "order-line-not-found",
    Kind.INVALID,
    "订单没有这一行 {line}，或同一行写了两次",
    "The order has no line {line}, or it is given twice",
    field="lines",
)
ORDER_LINE_EXCEEDED = ErrorType(
    "order-line-exceeded",
    Kind.CONFLICT,
    "订单行只剩 {left} 吨未通知发货",
    "Only {left} t of the order line are not on a notice yet",
    clause="4-orders",
    field="lines",
)
NOTICE_NOT_FOUND = ErrorType(
    "notice-not-found", Kind.NOT_FOUND, "没有发货通知单 {notice}", "There is no shipping notice {notice}"
)
WRONG_STATUS = ErrorType(
    "notice-status",
    Kind.CONFLICT,
    "发货通知单现为“{status}”，不能做此操作",
    "The notice is '{status}': this cannot be done now",
)
CUSTOMER_NOT_FOUND = ErrorType(
    "customer-not-found", Kind.NOT_FOUND, "没有客户 {customer}", "There is no customer {customer}", field="customer_id"
)


async def file_notice(
    work: Work,
    *,
    order_id: UUID,
    kind: Literal["regular", "prepaid"],
    ship_on: date,
    tons_by_line: Mapping[UUID, Decimal],
    short_notice_reason: str | None,
) -> Notice:
    """File a notice for finance (5-4.2.1-A), or have it refused where no road is open for it (2-5.3.2).

    Raises `order-not-found`, `order-line-not-found` or `order-line-exceeded`.
    """
    order = await work.tx.get(Order, order_id, with_for_update=True)
    customer = await work.tx.get(Customer, order.customer_id) if order else None
    if order is None or customer is None or not _sees(work.actor, customer):
        raise ORDER_NOT_FOUND(order=order_id)
    book = await work.policies()
    lead_days = book.get(LEAD_DAYS) or 0
    short = rules.is_short_notice(work.today, ship_on, lead_days)
    notice = Notice(
        id=new_id(),
        number=f"FH{await work.tx.scalar(select(func.nextval(NOTICE_NUMBERS.name))):07d}",
        order_id=order.id,
        contract_id=order.contract_id,
        customer_id=order.customer_id,
        account_id=order.account_id,
        kind=kind,
        ship_on=ship_on,
        short_notice=short,
        short_notice_reason=short_notice_reason,
        status="finance_review",
        reserved_credit=ZERO,
        reserved_prepaid=ZERO,
        created_by=work.actor.id,
        created_at=work.now,
    )
    notice.lines = await _take_lines(work, notice, order, tons_by_line, book.get(LOAD_TOLERANCE) or ZERO)
    notice.value = sum((line.value for line in notice.lines), ZERO)
    work.tx.add(notice)
    await work.tx.flush()
    if short and (not short_notice_reason or book.get(STRICT_LEAD) is not False):
        reason = rules.SHORT_NOTICE(ship_on=ship_on, days=lead_days, earliest=work.today + timedelta(days=lead_days))
        versions = book.versions(LEAD_DAYS, STRICT_LEAD)
        verdict = Verdict(False, "short_notice", (reason,), {"today": work.today, "ship_on": ship_on}, versions)
        await _refuse(work, notice, verdict)
    else:
        await _admit(work, notice)
    return notice


def _sees(actor: Principal, customer: Customer) -> bool:
    return not actor.only_own_customers or customer.rep == actor.id


async def _take_lines(
    work: Work, notice: Notice, order: Order, tons_by_line: Mapping[UUID, Decimal], tolerance: Decimal
) -> list[NoticeLine]:
    """The notice's lines, their tons taken from the order's lines under the order's row lock."""
    rows = await work.tx.scalars(select(OrderLine).where(OrderLine.order_id == order.id))
    known = {row.id: row for row in rows}
    lines = []
    for line_id, tons in tons_by_line.items():
        row = known.get(line_id)
        if row is None:
            raise ORDER_LINE_NOT_FOUND(line=line_id)
        if row.noticed_tons + tons > row.tons:
            raise ORDER_LINE_EXCEEDED(left=row.tons - row.noticed_tons)
        row.noticed_tons += tons
        most = rules.most_tons(tons, tolerance)
        lines.append(
            NoticeLine(
                notice_id=notice.id,
                order_line_id=row.id,
                contract_line_id=row.contract_line_id,
                product_id=row.product_id,
                product_name=row.product_name,
                tons=tons,
                most_tons=most,
                price_per_ton=row.price_per_ton,
                value=value_of(most, row.price_per_ton),
                loaded_tons=ZERO,
            )
        )
    return lines


async def _admit(work: Work, notice: Notice) -> None:
    """Give the notice to finance, unless the customer's grade closes every road for its kind."""
    verdict = await _judged(work, notice)
    exception = await _exception(work, notice)
    if verdict.road in ("cash_only", "debt_first") and exception is None:
        await _refuse(work, notice, verdict)
        return
    open_task(
        work,
        kind="finance_review",
        role=Role.ACCOUNTANT,
        subject=notice.document,
        clause="5-4.2.1-B",
        title=Text(f"审核发货通知单 {notice.number}", f"Review shipping notice {notice.number}"),
        due_on=notice.ship_on,
    )


async def _judged(work: Work, notice: Notice) -> Verdict:
    snapshot = await account_release.look(work, notice.account_id)
    figures = snapshot.figures() if snapshot else releasing.nothing_known()
    return releasing.judge(notice, figures, snapshot, work)


async def _refuse(work: Work, notice: Notice, verdict: Verdict) -> None:
    kept = decision_log.keep(work, "notice", notice.document, verdict)
    notice.status, notice.road = "refused", verdict.road
    notice.verdict, notice.verdict_hash = kept.content, kept.hash
    await give_lines_back(work, notice)


async def give_lines_back(work: Work, notice: Notice) -> None:
    """Let the order's lines be noticed again for what was not loaded."""
    await work.tx.get(Order, notice.order_id, with_for_update=True)
    rows = await work.tx.scalars(
        select(OrderLine)
        .where(OrderLine.id.in_([line.order_line_id for line in notice.lines]))
        .execution_options(populate_existing=True)
    )
    unloaded = {line.order_line_id: max(ZERO, line.tons - line.loaded_tons) for line in notice.lines}
    for row in rows:
        row.noticed_tons -= unloaded[row.id]


async def _exception(work: Work, notice: Notice) -> CreditException | None:
    """The GM's exception in force today for the notice's account with the highest ceiling."""
    return (
        await work.tx.scalars(
            select(CreditException)
            .where(CreditException.account_id == notice.account_id, CreditException.valid_until >= work.today)
            .order_by(CreditException.ceiling.desc())
            .limit(1)
        )
    ).first()


async def _sees_customer(work: Work, customer_id: UUID) -> bool:
    if not work.actor.only_own_customers:
        return True
    customer = await work.tx.get(Customer, customer_id)
    return customer is not None and _sees(work.actor, customer)


async def lock_notice(work: Work, notice_id: UUID, *statuses: str) -> Notice:
    """The notice, its row locked, in one of `statuses`; raises `notice-not-found` or `notice-status`."""
    notice = await work.tx.get(Notice, notice_id, with_for_update=True, populate_existing=True)
    if notice is None or not await _sees_customer(work, notice.customer_id):
        raise NOTICE_NOT_FOUND(notice=notice_id)
    if statuses and notice.status not in statuses:
        raise WRONG_STATUS(status=notice.status)
    return notice


@clause("5-4.2.1-B", "5-4.2.2-B")
async def review(work: Work, notice_id: UUID) -> Notice:
    """Finance confirms the figures the system computed (a frozen snapshot), and with them the road.

    Prepaid goods whose money is there are released at once; a credit road goes to its deciders; the rest is refused.
    """
    notice = await lock_notice(work, notice_id, "finance_review")
    await close_tasks(work, notice.document, "finance_review")
    verdict = await _judged(work, notice)
    if verdict.road == "prepaid":
        if not (await releasing.release(work, notice, Approval("prepaid"))).allowed:
            _send_back(work, notice)
        return notice
    exception = await _exception(work, notice)
    if exception is not None and verdict.road in ("cash_only", "debt_first", "over"):
        # the order before the account, as everywhere: a refusal below still gives its lines back
        await work.tx.get(Order, notice.order_id, with_for_update=True)
        released = await releasing.release(work, notice, Approval("over", exception.ceiling, in_writing=True))
        if released.allowed:
            return notice
        verdict = released
    kept = decision_log.keep(work, "finance_review", notice.document, verdict)
    notice.road, notice.verdict, notice.verdict_hash = verdict.road, kept.content, kept.hash
    notice.review = kept.content
    if verdict.road in ("hold", "cash_only", "debt_first") or notice.kind == "prepaid":
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
        subject=notice.document,
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
    """Decide the current step of the notice's case; with the last yes the notice is released, re-checked at that very moment.

    If the road changed meanwhile the notice goes back to finance with the reason. The GM's yes names the exposure he
    saw and does not cover more.
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
    decided_by_gm = any(step.role == Role.GENERAL_MANAGER for step in case.steps)
    ceiling = Decimal(case.content["figures"]["exposure_after"]) if decided_by_gm else None
    return Approval(case.content["road"], ceiling)


def _send_back(work: Work, notice: Notice) -> None:
    notice.status = "finance_review"
    open_task(
        work,
        kind="finance_review",
        role=Role.ACCOUNTANT,
        subject=notice.document,
        clause="5-4.2.1-C",
        title=Text(
            f"发货通知单 {notice.number} 放行时情况已变，请重新审核",
            f"Notice {notice.number}: the road changed before its release; review it again",
        ),
    )


async def cancel(work: Work, notice_id: UUID) -> Notice:
    """Cancel a notice nothing was loaded on; a released one gives its reservation back."""
    notice = await lock_notice(work, notice_id, "finance_review", "reason_needed", "released")
    trucks = await lock_open_loadings(work, notice)
    if any(line.loaded_tons > 0 for line in notice.lines):
        raise WRONG_STATUS(status="loading")
    for truck in trucks:
        truck.status = "stopped"
    was_released = notice.status == "released"
    notice.status = "cancelled"
    await give_lines_back(work, notice)
    await close_tasks(work, notice.document)
    if was_released:
        credit, prepaid = notice.reserved_credit, notice.reserved_prepaid
        notice.reserved_credit = notice.reserved_prepaid = ZERO
        await work.tx.flush()
        snapshot = await account_release.move(work, notice.account_id, released=-credit, prepaid_used=-prepaid)
        event = ReleaseCancelled(**releasing.notice_fields(notice), position=snapshot.position())
        releasing.publish(work, notice, event, snapshot)
    return notice


@clause("2-5.3.2")
async def grant_exception(
    work: Work, *, customer_id: UUID, ceiling: Decimal, valid_until: date, reason: str
) -> CreditException:
    """The GM's written exception: up to an exposure of `ceiling` yuan, until a date. Raises `customer-not-found`."""
    customer = await work.tx.get(Customer, customer_id)
    if customer is None:
        raise CUSTOMER_NOT_FOUND(customer=customer_id)
    exception = CreditException(
        id=new_id(),
        account_id=customer.account_id,
        customer_id=customer.id,
        ceiling=ceiling,
        valid_until=valid_until,
        reason=reason,
        granted_by=work.actor.id,
        granted_at=work.now,
    )
    work.tx.add(exception)
    verdict = Verdict(True, "exception", (), {"ceiling": ceiling, "valid_until": valid_until})
    decision_log.keep(work, "credit_exception", f"credit-account/{customer.account_id}", verdict)
    return exception
