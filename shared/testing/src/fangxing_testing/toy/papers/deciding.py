"""The deciders of a paper say yes, no, or send it back."""

from uuid import UUID

from fangxing import approvals
from fangxing.approvals import CaseStatus, Decide
from fangxing.documents import lock_for
from fangxing.work import Work
from fangxing_testing.toy.papers.rules import Action, Status
from fangxing_testing.toy.papers.store import Paper


async def decide_paper(work: Work, paper_id: UUID, body: Decide) -> Paper:
    """Decide the current step; raises `paper-not-found`, `wrong-state` or what `decide_on` raises."""
    paper = await lock_for(work, Paper, paper_id, Action.DECIDE)
    case = await approvals.decide_on(work, paper, body)
    if case.status is not CaseStatus.OPEN:
        paper.status = Status(case.status)
    return paper
