"""HTTP of price proposals."""

from uuid import UUID

from fangxing.web.access import allow
from fangxing.web.deciding import Decide
from fangxing.web.edge import Caller, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page
from pricing_svc.approval.rules import DECIDERS
from pricing_svc.prices.access import READERS
from pricing_svc.products.rules import Flow
from pricing_svc.proposals import deciding, proposing, signing, submitting, withdrawing
from pricing_svc.proposals.reading import read_changed, read_proposal, read_proposals
from pricing_svc.proposals.rules import SIGNERS, STARTERS, Side, Status
from pricing_svc.proposals.shapes import ProposalOut, Propose, SignOpinion, Submit
from pricing_svc.proposals.store import PROPOSALS, PriceProposal

router = edge_router("price-proposals", "/price-proposals")


@router.post("", status_code=201)
@allow(*STARTERS[Flow.ADJUSTMENT])
async def propose(body: Propose, work: CurrentWork) -> ProposalOut:
    """Propose a base price."""
    return await read_changed(work, await proposing.propose(work, body))


@router.get("")
@allow(*READERS)
async def list_proposals(
    reader: CurrentReader,
    caller: Caller,
    product_id: UUID | None = None,
    status: Status | None = None,
    flow: Flow | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ProposalOut]:
    """Proposals, newest first."""
    statement = PROPOSALS
    exact = ((PriceProposal.product_id, product_id), (PriceProposal.status, status), (PriceProposal.flow, flow))
    for column, wanted in exact:
        if wanted is not None:
            statement = statement.where(column == wanted)
    found = await page(
        reader,
        statement,
        dict,
        sorts={"status": PriceProposal.status, "flow": PriceProposal.flow},
        id=PriceProposal.id,
        sort=sort,
        after=after,
        limit=limit,
    )
    return Page(items=await read_proposals(reader, found.items, caller), next=found.next)


@router.get("/{proposal_id}")
@allow(*READERS)
async def get_proposal(proposal_id: UUID, reader: CurrentReader, caller: Caller) -> ProposalOut:
    """One proposal; `approval.hash` is what a decision has to name."""
    return await read_proposal(reader, proposal_id, caller)


@router.post("/{proposal_id}/opinions", status_code=201)
@allow(*SIGNERS[Side.FINANCE], *SIGNERS[Side.PRODUCTION])
async def sign_opinion(proposal_id: UUID, body: SignOpinion, work: CurrentWork) -> ProposalOut:
    """Sign an opinion on a new product's price, as finance or as production."""
    return await read_changed(work, await signing.sign_opinion(work, proposal_id, body))


@router.post("/{proposal_id}/submission")
@allow(*STARTERS[Flow.ADJUSTMENT])
async def submit(proposal_id: UUID, body: Submit, work: CurrentWork) -> ProposalOut:
    """Submit a new product's drafted price, or a returned proposal again."""
    return await read_changed(work, await submitting.submit(work, proposal_id, body))


@router.post("/{proposal_id}/withdrawal")
@allow(*STARTERS[Flow.ADJUSTMENT])
async def withdraw(proposal_id: UUID, work: CurrentWork) -> ProposalOut:
    """Give a proposal up that is not with the deciders."""
    return await read_changed(work, await withdrawing.withdraw(work, proposal_id))


@router.post("/{proposal_id}/decisions")
@allow(*DECIDERS)
async def decide(proposal_id: UUID, body: Decide, work: CurrentWork) -> ProposalOut:
    """Decide the current step."""
    proposal = await deciding.decide(work, proposal_id, body.decision, seen_hash=body.seen_hash, comment=body.comment)
    return await read_changed(work, proposal)
