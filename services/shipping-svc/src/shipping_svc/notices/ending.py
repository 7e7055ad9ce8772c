"""A notice ends: what it took of its order, and of its account, and did not load, is free again."""

from sqlalchemy import select

from fangxing.documents import tell_author
from fangxing.money import ZERO
from fangxing.work import Work
from shipping_svc.credit.store import advance
from shipping_svc.notices.events import ReleaseCancelled, publish
from shipping_svc.notices.reasons import refused_title
from shipping_svc.notices.rules import NoticeStatus
from shipping_svc.notices.store import Notice
from shipping_svc.reference.store import NO_KEY_UPDATE, Order, OrderLine


async def end_notice(work: Work, notice: Notice, status: NoticeStatus) -> None:
    """The locked notice ends in `status`; its order's lines can be noticed again for what was not loaded."""
    notice.status = status
    await work.tx.get(Order, notice.order_id, with_for_update=NO_KEY_UPDATE)
    rows = await work.tx.scalars(
        select(OrderLine)
        .where(OrderLine.id.in_([line.order_line_id for line in notice.lines]))
        .execution_options(populate_existing=True)
    )
    unloaded = {line.order_line_id: max(ZERO, line.tons - line.loaded_tons) for line in notice.lines}
    for row in rows:
        row.noticed_tons -= unloaded[row.id]


async def refuse_notice(work: Work, notice: Notice) -> None:
    """The locked or new notice is refused by its verdict, which its author is told."""
    await end_notice(work, notice, NoticeStatus.REFUSED)
    reason = notice.verdict["reasons"][0]
    clause, title = reason["clause"], refused_title(notice.number)
    await tell_author(work, notice, kind="refused.shipping_notice", clause=clause, title=title)


async def give_reservation_back(work: Work, notice: Notice) -> None:
    """Give what the locked notice still reserves back to its account, and say that its release has ended.

    The notice has ended before, so that the order's row is locked before the account's, as everywhere.
    """
    credit, prepaid = notice.reserved_credit, notice.reserved_prepaid
    notice.reserved_credit = notice.reserved_prepaid = ZERO
    await work.tx.flush()
    figures = await advance(work.tx, notice.account_id, released=-credit, prepaid_used_total=-prepaid)
    publish(work, notice, ReleaseCancelled.of(notice, figures))
