"""The deciders of a notice say yes or no; with the last yes it is released, re-checked at that very moment."""

from decimal import Decimal
from uuid import UUID

from fangxing import approvals
from fangxing.approvals import ApprovalCase, CaseStatus, Decide
from fangxing.clauses import clause
from fangxing.documents import lock_for
from fangxing.roles import Role
from fangxing.work import Work
from shipping_svc.credit.reasons import OVERDUE
from shipping_svc.credit.rules import Approval, Road
from shipping_svc.notices.access import notices_of
from shipping_svc.notices.ending import end_notice
from shipping_svc.notices.releasing import release, send_back
from shipping_svc.notices.rules import NoticeAction, NoticeStatus
from shipping_svc.notices.store import Notice


@clause("5-4.2.1-C")
async def decide_notice(work: Work, notice_id: UUID, body: Decide) -> tuple[Notice, ApprovalCase]:
    """Decide the current step; with the last yes the notice is released, if its account allows it at that moment.

    If the road changed meanwhile the notice goes back to finance with the reason. The GM's yes names the exposure he
    saw and does not cover more. A notice that is returned or rejected ends. Returns the notice and its case.
    """
    notice = await lock_for(work, Notice, notice_id, NoticeAction.DECIDE, notices_of(work.actor))
    case = await approvals.decide_on(work, notice, body)
    if case.status is CaseStatus.APPROVED:
        verdict = await release(work, notice, _approval(case), {case.policy_key: case.policy_version})
        if not verdict.allowed:
            await send_back(work, notice)
    elif case.status is not CaseStatus.OPEN:
        await end_notice(work, notice, NoticeStatus(case.status))
    return notice, case


def _approval(case: ApprovalCase) -> Approval:
    """What the deciders of a closed case said yes to."""
    overdue = OVERDUE.slug in [reason["slug"] for reason in case.content["reasons"]]
    decided_by_gm = any(step.role == Role.GENERAL_MANAGER for step in case.steps)
    ceiling = Decimal(case.content["figures"]["exposure_after"]) if decided_by_gm else None
    return Approval(Road(case.content["road"]), ceiling, overdue=overdue)
