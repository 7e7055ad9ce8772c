"""A breach is decided, passed on to the company, appealed against and judged, or withdrawn."""

from uuid import UUID

from fangxing import decision_log
from fangxing.breaches.access import refusal, visible
from fangxing.breaches.opening import DECIDING, give_to_decider, tell_person
from fangxing.breaches.reasons import to_judge
from fangxing.breaches.rules import (
    BreachAction,
    BreachStatus,
    decider_of,
    decision_verdict,
    judge_of,
    judgement_verdict,
)
from fangxing.breaches.shapes import Appeal, DecideBreach, Judge, PassOn, WithdrawBreach
from fangxing.breaches.store import Breach
from fangxing.decision_log import VerdictRow
from fangxing.documents import act, lock_to_judge
from fangxing.roles import Role
from fangxing.tasks import close_tasks, open_task
from fangxing.work import Work

JUDGING = "breach.judge"
"""The kind of the task of who judges an appeal."""


async def pass_on(work: Work, breach_id: UUID, body: PassOn) -> Breach:
    """Pass a breach with serious consequences 造成严重后果 on to the company, as its decider or the GM does.

    Raises `breach-not-found`, `wrong-state`, `own-breach`, `breach-with-the-company` or `role-required`.
    """
    breach = await _locked(work, breach_id, BreachAction.PASS_ON)
    await act(work, breach, BreachAction.PASS_ON)
    breach.status, breach.serious_because = BreachStatus.SERIOUS, body.because
    breach.decider = decider_of(Role.GENERAL_MANAGER, breach.acted_as, breach.opened_as)
    await close_tasks(work, breach.document, DECIDING)
    await give_to_decider(work, breach)
    return breach


async def decide(work: Work, breach_id: UUID, body: DecideBreach) -> tuple[Breach, VerdictRow]:
    """Fine within the clause's range, confirm without a fine where it names none, or waive; the verdict is kept.

    Raises `breach-not-found`, `wrong-state`, `own-breach`, `role-required` or `incompatible-hands`.
    """
    breach = await _locked(work, breach_id, BreachAction.DECIDE)
    verdict = decision_verdict(breach.clause, breach.fines, body.finding, body.fine)
    kept = decision_log.keep(work, "breach.decide", breach.document, verdict)
    if not verdict.allowed:
        return breach, kept
    await act(work, breach, BreachAction.DECIDE)
    breach.status, breach.fine, breach.decision = BreachStatus(verdict.outcome), body.fine, body.because
    breach.decided_by, breach.decided_at = work.actor.id, work.now
    await close_tasks(work, breach.document, DECIDING)
    await tell_person(work, breach)
    return breach, kept


async def appeal(work: Work, breach_id: UUID, body: Appeal) -> Breach:
    """The person concerned appeals; raises `breach-not-found`, `wrong-state` or `not-your-breach`."""
    breach = await _locked(work, breach_id, BreachAction.APPEAL)
    await act(work, breach, BreachAction.APPEAL)
    breach.status, breach.appeal = BreachStatus.APPEALED, body.because
    breach.decider = judge_of(breach.decider, breach.acted_as, breach.opened_as)
    title = to_judge(breach.name, breach.person)
    await open_task(
        work, kind=JUDGING, role=breach.decider, document=breach.document, clause=breach.clause, title=title
    )
    return breach


async def judge(work: Work, breach_id: UUID, body: Judge) -> tuple[Breach, VerdictRow]:
    """Uphold the decision, with the same fine or a lower one, or lift it; the verdict is kept.

    Raises `breach-not-found`, `wrong-state`, `own-breach`, `role-required` or `incompatible-hands`.
    """
    breach = await _locked(work, breach_id, BreachAction.JUDGE)
    verdict = judgement_verdict(breach.clause, breach.fines, body.judgement, body.fine, breach.fine)
    kept = decision_log.keep(work, "breach.judge", breach.document, verdict)
    if not verdict.allowed:
        return breach, kept
    await act(work, breach, BreachAction.JUDGE)
    breach.status, breach.judgement, breach.judged_by = BreachStatus(verdict.outcome), body.because, work.actor.id
    breach.fine = None if breach.status is BreachStatus.LIFTED else body.fine or breach.fine
    await close_tasks(work, breach.document, JUDGING)
    await tell_person(work, breach)
    return breach, kept


async def withdraw(work: Work, breach_id: UUID, body: WithdrawBreach) -> Breach:
    """Who entered it by hand takes it back, undecided; raises `breach-not-found`, `wrong-state` or
    `not-your-breach-entry`.
    """
    breach = await _locked(work, breach_id, BreachAction.WITHDRAW)
    await act(work, breach, BreachAction.WITHDRAW)
    breach.status, breach.withdrawn_because = BreachStatus.WITHDRAWN, body.because
    await close_tasks(work, breach.document, DECIDING)
    await tell_person(work, breach)
    return breach


async def _locked(work: Work, breach_id: UUID, action: BreachAction) -> Breach:
    breach = await lock_to_judge(work, Breach, breach_id, action, visible(work.actor))
    if refused := refusal(breach, work.actor, action):
        raise refused
    return breach
