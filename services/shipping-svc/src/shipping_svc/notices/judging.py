"""What filing and review share: the verdict on a notice as things stand, its refusal, and the order it draws on."""

from sqlalchemy import select

from fangxing import decision_log
from fangxing.auth import Principal
from fangxing.money import ZERO
from fangxing.verdicts import Verdict
from fangxing.work import Work
from shipping_svc.credit import release as account_release
from shipping_svc.notices import release as releasing
from shipping_svc.notices.store import Notice
from shipping_svc.orders.store import Customer, Order, OrderLine


def sees(actor: Principal, customer: Customer) -> bool:
    return not actor.only_own_customers or customer.rep == actor.id


async def judged(work: Work, notice: Notice) -> Verdict:
    snapshot = await account_release.look(work, notice.account_id)
    figures = snapshot.figures() if snapshot else releasing.nothing_known()
    return releasing.judge(notice, figures, snapshot, work)


async def refuse(work: Work, notice: Notice, verdict: Verdict) -> None:
    kept = decision_log.keep(work, "notice", notice.document, verdict)
    notice.status, notice.road = "refused", verdict.outcome
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
