"""HTTP of the papers."""

from uuid import UUID

from sqlalchemy import select

from fangxing import approvals
from fangxing.answers import ApprovalOut
from fangxing.approvals import Decide
from fangxing.database import reading
from fangxing.offers import actions
from fangxing.policies import PolicyBook
from fangxing.scope import everyone
from fangxing.web.access import allow, employees
from fangxing.web.attachments import attachment_routes
from fangxing.web.edge import CurrentLook, CurrentPolicies, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.listing import Listing, ListQuery
from fangxing.web.pdf import PRINT, Pdf, printed
from fangxing.work import Look, Work
from fangxing_testing.toy.papers import deciding, filing
from fangxing_testing.toy.papers.access import fits
from fangxing_testing.toy.papers.printing import PAPER
from fangxing_testing.toy.papers.rules import MOVES, Action
from fangxing_testing.toy.papers.shapes import FilePaper, PaperOut, PaperRow
from fangxing_testing.toy.papers.store import Paper

router = edge_router("papers", "/papers")


async def _detail(look: Look, book: PolicyBook, paper_id: UUID) -> PaperOut:
    async with reading(look.reader) as session:
        paper = await session.get(Paper, paper_id)
        if paper is None:
            raise Paper.not_found(paper_id)
        approval = ApprovalOut.show((await approvals.latest(session, [paper.document]))[paper.document])
        possible = await actions(session, paper, look.caller, book, fits)
        return PaperOut.show(paper, possible, approval)


async def _changed(work: Work, paper: Paper) -> PaperOut:
    return await _detail(await work.look(), await work.policies(), paper.id)


@router.get("/{paper_id}")
@employees()
async def get_paper(paper_id: UUID, look: CurrentLook, book: CurrentPolicies) -> PaperOut:
    """One paper."""
    return await _detail(look, book, paper_id)


@router.get("/{paper_id}/print", **PRINT)
@employees()
async def print_paper(paper_id: UUID, look: CurrentLook, book: CurrentPolicies) -> Pdf:
    """One paper, to print."""
    return await printed(PAPER, await _detail(look, book, paper_id), look, name="paper")


PAPERS = Listing(PaperRow, ListQuery, select(Paper.__table__), id=Paper.id, scope=everyone)
attachment_routes(router, "", Paper, PAPERS, readers=employees(), writers=allow(MOVES[Action.FILE]))


@router.post("", status_code=201)
@allow(MOVES[Action.FILE])
async def file_paper(body: FilePaper, work: CurrentWork) -> PaperOut:
    """File a paper."""
    return await _changed(work, await filing.file_paper(work, body))


@router.post("/{paper_id}/revision")
@allow(MOVES[Action.REVISE])
async def revise_paper(paper_id: UUID, body: FilePaper, work: CurrentWork) -> PaperOut:
    """File a returned paper again."""
    return await _changed(work, await filing.revise_paper(work, paper_id, body))


@router.post("/{paper_id}/withdrawal")
@allow(MOVES[Action.WITHDRAW])
async def withdraw_paper(paper_id: UUID, work: CurrentWork) -> PaperOut:
    """Take a paper back."""
    return await _changed(work, await filing.withdraw_paper(work, paper_id))


@router.post("/{paper_id}/decisions")
@allow(MOVES[Action.DECIDE])
async def decide_paper(paper_id: UUID, body: Decide, work: CurrentWork) -> PaperOut:
    """Decide the current step."""
    return await _changed(work, await deciding.decide_paper(work, paper_id, body))
