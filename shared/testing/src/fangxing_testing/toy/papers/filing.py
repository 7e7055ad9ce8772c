"""A paper is filed, revised after a return, and withdrawn."""

from uuid import UUID

from fangxing import approvals
from fangxing.documents import act, born, lock_for
from fangxing.ids import new_id
from fangxing.work import Work
from fangxing_testing.toy.papers.access import fits
from fangxing_testing.toy.papers.errors import NOT_YOUR_PAPER
from fangxing_testing.toy.papers.policies import ROUTES
from fangxing_testing.toy.papers.reasons import case_title
from fangxing_testing.toy.papers.rules import Action, Status
from fangxing_testing.toy.papers.shapes import FilePaper
from fangxing_testing.toy.papers.store import Paper


async def file_paper(work: Work, body: FilePaper) -> Paper:
    """File a paper for its deciders; raises `route-unset`."""
    paper = Paper(id=new_id(), title=body.title, status=Status.IN_APPROVAL, author=work.actor.id)
    work.tx.add(paper)
    await born(work, paper, Action.FILE)
    await _submit(work, paper, body.band)
    return paper


async def revise_paper(work: Work, paper_id: UUID, body: FilePaper) -> Paper:
    """File a returned paper again; raises `paper-not-found` or `wrong-state`."""
    paper = await lock_for(work, Paper, paper_id, Action.REVISE)
    paper.title = body.title
    await _submit(work, paper, body.band)
    return paper


async def withdraw_paper(work: Work, paper_id: UUID) -> Paper:
    """Its author takes a paper back; raises `paper-not-found`, `wrong-state` or `not-your-paper`."""
    paper = await lock_for(work, Paper, paper_id, Action.WITHDRAW)
    if not fits(paper, work.actor, Action.WITHDRAW):
        raise NOT_YOUR_PAPER()
    await approvals.withdraw(work, paper)
    paper.status = Status.WITHDRAWN
    return paper


async def file_away(work: Work, paper: Paper) -> None:
    """File an approved paper away; raises `wrong-state`."""
    await act(work, paper, Action.FILE_AWAY)
    paper.status = Status.FILED_AWAY


async def _submit(work: Work, paper: Paper, band: str) -> None:
    paper.status = Status.IN_APPROVAL
    await approvals.submit(
        work,
        paper,
        matter="paper",
        content={"paper": str(paper.id), "title": paper.title},
        route=await approvals.route_of(work, ROUTES, band),
        title=case_title(paper.title),
    )
