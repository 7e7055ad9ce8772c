"""The rep files a notice; where no road is open for it, it is refused at once."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select

from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.money import ZERO, value_of
from fangxing.policies import PolicyBook
from fangxing.roles import Role
from fangxing.tasks import open_task
from fangxing.text import Text
from fangxing.verdicts import Reason, Scalar, Verdict
from fangxing.work import Work
from shipping_svc.credit import exceptions
from shipping_svc.notices import rules, words
from shipping_svc.notices.judging import judged, refuse, sees
from shipping_svc.notices.policies import LEAD_DAYS, LOAD_TOLERANCE, STRICT_LEAD
from shipping_svc.notices.store import NOTICE_NUMBERS, Notice, NoticeLine
from shipping_svc.orders.store import Customer, Order, OrderLine

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
    if order is None or customer is None or not sees(work.actor, customer):
        raise ORDER_NOT_FOUND(order=order_id)
    book = await work.policies()
    notice = Notice(
        id=new_id(),
        number=f"FH{await work.tx.scalar(select(func.nextval(NOTICE_NUMBERS.name))):07d}",
        order_id=order.id,
        contract_id=order.contract_id,
        customer_id=order.customer_id,
        account_id=order.account_id,
        kind=kind,
        ship_on=ship_on,
        short_notice=rules.is_short_notice(work.today, ship_on, book.get(LEAD_DAYS)),
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
    fault = _fault(work, notice, order, book)
    if fault is None:
        await _admit(work, notice)
    else:
        inputs: dict[str, Scalar] = {"today": work.today, "ship_on": ship_on, "kind": kind, "terms": order.terms_kind}
        versions = book.versions(LEAD_DAYS, STRICT_LEAD)
        await refuse(work, notice, Verdict(False, fault.type.slug.replace("-", "_"), (fault,), inputs, versions))
    return notice


def _fault(work: Work, notice: Notice, order: Order, book: PolicyBook) -> Reason | None:
    """What is wrong with the notice by itself, before any figure is looked at."""
    if not rules.kind_fits_terms(notice.kind, order.terms_kind):
        terms = words.TERMS[order.terms_kind]
        return rules.LOOSER_THAN_TERMS(terms_zh=terms.zh, terms_en=terms.en)
    if notice.short_notice and (not notice.short_notice_reason or book.get(STRICT_LEAD) is not False):
        days = book.get(LEAD_DAYS)
        if days is None:
            return rules.LEAD_DAYS_UNSET()
        return rules.SHORT_NOTICE(ship_on=notice.ship_on, days=days, earliest=work.today + timedelta(days=days))
    return None


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
    verdict = await judged(work, notice)
    exception = await exceptions.in_force(work, notice.account_id)
    if verdict.outcome in ("cash_only", "debt_first") and exception is None:
        await refuse(work, notice, verdict)
        return
    open_task(
        work,
        kind="finance_review",
        role=Role.ACCOUNTANT,
        document=notice.document,
        clause="5-4.2.1-B",
        title=Text(f"审核发货通知单 {notice.number}", f"Review shipping notice {notice.number}"),
        due_on=notice.ship_on,
    )
