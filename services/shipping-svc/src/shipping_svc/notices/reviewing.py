"""Finance reviews a notice: it confirms the figures the system computed, and with them the road."""

from uuid import UUID

from fangxing import decision_log
from fangxing.clauses import clause
from fangxing.documents import lock_for
from fangxing.tasks import close_tasks
from fangxing.verdicts import Verdict
from fangxing.work import Work
from shipping_svc.credit.reasons import OVERDUE
from shipping_svc.credit.rules import CLOSED, EXCEPTED, Approval, Road, judge
from shipping_svc.credit.store import look
from shipping_svc.notices.access import notices_of
from shipping_svc.notices.ending import refuse_notice
from shipping_svc.notices.errors import OWN_PREPAYMENT
from shipping_svc.notices.releasing import exception_for, release, send_back
from shipping_svc.notices.rules import Kind, NoticeAction, NoticeTask, is_own_prepayment
from shipping_svc.notices.store import Notice
from shipping_svc.notices.submitting import ask_for_reason, submit
from shipping_svc.reference.store import NO_KEY_UPDATE, Order


@clause("5-4.2.1-B", "5-4.2.2-B", "1-3")
async def review_notice(work: Work, notice_id: UUID) -> Notice:
    """Finance confirms the figures (a frozen snapshot), and with them the road.

    Prepaid goods whose money is there are released at once, and so is what the GM's written exception covers; a
    credit road goes to its deciders; the rest is refused. What is released on one person's word needs another
    one to have filed it and, prepaid, others to have entered the money: raises `incompatible-hands` or
    `own-prepayment`.
    """
    notice = await lock_for(work, Notice, notice_id, NoticeAction.REVIEW, notices_of(work.actor))
    figures = await look(work.tx, notice.account_id)
    if is_own_prepayment(notice.kind, figures.prepaid_by, work.actor.persons):
        raise OWN_PREPAYMENT()
    await close_tasks(work, notice.document, NoticeTask.FINANCE_REVIEW)
    verdict = judge(figures, notice.amounts, work.today, notice.inputs)
    if verdict.outcome == Road.PREPAID:
        if not (await release(work, notice, Approval(Road.PREPAID))).allowed:
            await send_back(work, notice)
        return notice
    excepted = await _release_in_writing(work, notice) if verdict.outcome in EXCEPTED else None
    if excepted is None or not excepted.allowed:
        await _pass_on(work, notice, excepted or verdict)
    return notice


async def _release_in_writing(work: Work, notice: Notice) -> Verdict | None:
    """Release the notice on the GM's written exception, if there is one for it and it reaches so far."""
    exception = await exception_for(work, notice)
    if exception is None:
        return None
    # the order before the account, as everywhere: a refusal after it still gives its lines back
    await work.tx.get(Order, notice.order_id, with_for_update=NO_KEY_UPDATE)
    return await release(work, notice, Approval(Road.OVER, exception.ceiling, in_writing=True))


async def _pass_on(work: Work, notice: Notice, verdict: Verdict) -> None:
    """Refuse the notice where its road is closed; else it goes to the rep for his reason, or to its deciders."""
    kept = decision_log.keep(work, "finance_review", notice.document, verdict)
    notice.road, notice.verdict, notice.review = Road(verdict.outcome), kept.content, kept.content
    if notice.road in CLOSED or notice.kind is Kind.PREPAID:
        await refuse_notice(work, notice)
    elif any(reason.type is OVERDUE for reason in verdict.reasons):
        await ask_for_reason(work, notice)
    else:
        await submit(work, notice)
