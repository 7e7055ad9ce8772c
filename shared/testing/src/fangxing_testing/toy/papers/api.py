"""HTTP of the papers."""

from uuid import UUID

from fangxing import approvals
from fangxing.approvals import Decide
from fangxing.documents import actions
from fangxing.web.access import allow
from fangxing.web.edge import CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.work import Work
from fangxing_testing.toy.papers import deciding, filing
from fangxing_testing.toy.papers.rules import MOVES, Action
from fangxing_testing.toy.papers.shapes import FilePaper, PaperOut
from fangxing_testing.toy.papers.store import Paper

router = edge_router("papers", "/papers")


async def _out(work: Work, paper: Paper) -> PaperOut:
    await work.tx.flush()
    approval = (await approvals.latest(work.tx, [paper.document]))[paper.document]
    possible = actions(paper, work.actor, await work.policies(), waiting_for=approval["waiting_for"])
    return PaperOut.show(paper, possible, approval)


@router.post("", status_code=201)
@allow(MOVES[Action.FILE])
async def file_paper(body: FilePaper, work: CurrentWork) -> PaperOut:
    """File a paper."""
    return await _out(work, await filing.file_paper(work, body))


@router.post("/{paper_id}/revision")
@allow(MOVES[Action.REVISE])
async def revise_paper(paper_id: UUID, body: FilePaper, work: CurrentWork) -> PaperOut:
    """File a returned paper again."""
    return await _out(work, await filing.revise_paper(work, paper_id, body))


@router.post("/{paper_id}/withdrawal")
@allow(MOVES[Action.WITHDRAW])
async def withdraw_paper(paper_id: UUID, work: CurrentWork) -> PaperOut:
    """Take a paper back."""
    return await _out(work, await filing.withdraw_paper(work, paper_id))


@router.post("/{paper_id}/decisions")
@allow(MOVES[Action.DECIDE])
async def decide_paper(paper_id: UUID, body: Decide, work: CurrentWork) -> PaperOut:
    """Decide the current step."""
    return await _out(work, await deciding.decide_paper(work, paper_id, body))
