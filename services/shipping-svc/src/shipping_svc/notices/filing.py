"""The rep files a notice; where no road is open for it, it is refused at once."""

from dataclasses import replace
from decimal import Decimal

from sqlalchemy import func, select

from fangxing import decision_log
from fangxing.documents import born
from fangxing.ids import new_id
from fangxing.money import ZERO, value_of
from fangxing.policies import PolicyBook
from fangxing.roles import Role
from fangxing.tasks import open_task
from fangxing.verdicts import Scalar, Verdict
from fangxing.work import Work
from shipping_svc.credit.rules import CLOSED_BY_GRADE, Road, judge
from shipping_svc.credit.store import look, open_account
from shipping_svc.notices import rules
from shipping_svc.notices.ending import refuse_notice
from shipping_svc.notices.errors import ORDER_LINE_EXCEEDED, ORDER_LINE_NOT_FOUND, ORDER_NOT_FOUND
from shipping_svc.notices.policies import LEAD_DAYS, LOAD_TOLERANCE, STRICT_LEAD
from shipping_svc.notices.reasons import to_review
from shipping_svc.notices.releasing import exception_for
from shipping_svc.notices.rules import NoticeAction, NoticeStatus, NoticeTask
from shipping_svc.notices.shapes import FileNotice
from shipping_svc.notices.store import NOTICE_NUMBERS, Notice, NoticeLine
from shipping_svc.reference.access import customer_for
from shipping_svc.reference.store import NO_KEY_UPDATE, Order, OrderLine


async def file_notice(work: Work, body: FileNotice) -> Notice:
    """File a notice for finance (5-4.2.1-A), or have it refused where no road is open for it (2-5.3.2).

    Raises `order-not-found`, `order-line-not-found` or `order-line-exceeded`.
    """
    order = await work.tx.get(Order, body.order_id, with_for_update=NO_KEY_UPDATE)
    customer = await customer_for(work.tx, order.customer_id, work.actor) if order else None
    if order is None or customer is None:
        raise ORDER_NOT_FOUND(order=body.order_id)
    book = await work.policies()
    await open_account(work.tx, order.account_id)
    notice = Notice(
        id=new_id(),
        number=f"FH{await work.tx.scalar(select(func.nextval(NOTICE_NUMBERS.name))):07d}",
        order_id=order.id,
        contract_id=order.contract_id,
        customer_id=customer.id,
        customer=customer,
        account_id=order.account_id,
        kind=body.kind,
        ship_on=body.ship_on,
        short_notice=rules.is_short_notice(work.today, body.ship_on, book.get(LEAD_DAYS)),
        short_notice_reason=body.short_notice_reason,
        status=NoticeStatus.FINANCE_REVIEW,
        reserved_credit=ZERO,
        reserved_prepaid=ZERO,
        author=work.actor.id,
        created_at=work.now,
    )
    notice.lines = await _take_lines(work, notice, body, book.get(LOAD_TOLERANCE) or ZERO)
    notice.value = sum((line.value for line in notice.lines), ZERO)
    await born(work, notice, NoticeAction.FILE, order.hands)
    await _judge(work, notice, order, book)
    return notice


async def _judge(work: Work, notice: Notice, order: Order, book: PolicyBook) -> None:
    """Keep the verdict on a new notice; it goes to finance, or is refused."""
    verdict = _refused_by_itself(work, notice, order, book) or await _judge_by_its_account(work, notice)
    notice.verdict = decision_log.keep(work, "notice", notice.document, verdict).content
    work.tx.add(notice)
    await work.tx.flush()
    if verdict.allowed:
        await _give_to_finance(work, notice)
    else:
        await refuse_notice(work, notice)


async def _take_lines(work: Work, notice: Notice, body: FileNotice, tolerance: Decimal) -> list[NoticeLine]:
    """The notice's lines, their tons taken from the order's lines under the order's row lock."""
    if twice := rules.named_twice(line.order_line_id for line in body.lines):
        raise ORDER_LINE_NOT_FOUND(line=twice)
    rows = await work.tx.scalars(select(OrderLine).where(OrderLine.order_id == notice.order_id))
    known = {row.id: row for row in rows}
    lines = []
    for wanted in body.lines:
        row = known.get(wanted.order_line_id)
        if row is None:
            raise ORDER_LINE_NOT_FOUND(line=wanted.order_line_id)
        if row.noticed_tons + wanted.tons > row.tons:
            raise ORDER_LINE_EXCEEDED(left=row.tons - row.noticed_tons)
        row.noticed_tons += wanted.tons
        most = rules.most_tons(wanted.tons, tolerance)
        lines.append(
            NoticeLine(
                notice_id=notice.id,
                order_line_id=row.id,
                contract_line_id=row.contract_line_id,
                product_id=row.product_id,
                product_name=row.product_name,
                tons=wanted.tons,
                most_tons=most,
                price_per_ton=row.price_per_ton,
                value=value_of(most, row.price_per_ton),
                loaded_tons=ZERO,
            )
        )
    return lines


def _refused_by_itself(work: Work, notice: Notice, order: Order, book: PolicyBook) -> Verdict | None:
    """The refusal of a notice that is wrong by itself, before any figure is looked at."""
    lead_days, strict = book.get(LEAD_DAYS), book.get(STRICT_LEAD)
    has_reason = notice.short_notice_reason is not None
    fault = rules.why_too_loose(notice.kind, order.terms_kind) or rules.why_too_late(
        work.today, notice.ship_on, lead_days=lead_days, strict=strict, has_reason=has_reason
    )
    if fault is None:
        return None
    inputs: dict[str, Scalar] = {
        "today": work.today,
        "ship_on": notice.ship_on,
        "kind": notice.kind,
        "terms_kind": order.terms_kind,
        "lead_days": lead_days,
        "strict_lead": strict,
        "has_reason": has_reason,
    }
    versions = book.versions(LEAD_DAYS, STRICT_LEAD)
    return Verdict(False, fault.type.slug.replace("-", "_"), (fault,), inputs, versions)


async def _judge_by_its_account(work: Work, notice: Notice) -> Verdict:
    """Refused where the customer's grade, or a stop, closes every road for the notice's kind; else finance is next."""
    figures = await look(work.tx, notice.account_id)
    verdict = judge(figures, notice.amounts, work.today, notice.inputs)
    road = Road(verdict.outcome)
    if road is Road.STOPPED or (road in CLOSED_BY_GRADE and not await exception_for(work, notice)):
        notice.road = road
        return verdict
    return replace(verdict, allowed=True, outcome=notice.status)


async def _give_to_finance(work: Work, notice: Notice) -> None:
    await open_task(
        work,
        kind=NoticeTask.FINANCE_REVIEW,
        role=Role.ACCOUNTANT,
        document=notice.document,
        clause="5-4.2.1-B",
        title=to_review(notice.number),
        due_on=notice.ship_on,
    )
