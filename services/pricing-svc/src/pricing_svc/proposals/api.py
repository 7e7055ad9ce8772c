"""HTTP of price proposals."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import select

from fangxing.answers import HistoryOut
from fangxing.approvals import Decide
from fangxing.offers import possible_actions
from fangxing.organisation.people import name_of
from fangxing.policies import PolicyBook
from fangxing.scope import everyone
from fangxing.text import Search
from fangxing.web.access import allow
from fangxing.web.edge import CurrentLook, CurrentPolicies, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.history import history_of
from fangxing.web.listing import By, File, Is, Listing, ListQuery, Page, Where
from fangxing.work import Look, Work
from pricing_svc.prices.access import READERS
from pricing_svc.products.rules import Flow
from pricing_svc.products.store import Product, called
from pricing_svc.proposals import deciding, proposing, signing, submitting, withdrawing
from pricing_svc.proposals.reading import read_proposals
from pricing_svc.proposals.rules import MOVES, ProposalAction, ProposalStatus
from pricing_svc.proposals.shapes import ProposalDetail, ProposalOut, Propose, SignOpinion, Submit
from pricing_svc.proposals.store import PriceProposal

router = edge_router("price-proposals", "/price-proposals")


class ProposalQuery(ListQuery):
    """What the list of proposals can be asked; `search` is for their product."""

    sort: Annotated[str, By(PriceProposal.status, PriceProposal.flow)] = "-id"
    product_id: Annotated[UUID | None, Is(PriceProposal.product_id)] = None
    status: Annotated[ProposalStatus | None, Is(PriceProposal.status)] = None
    flow: Annotated[Flow | None, Is(PriceProposal.flow)] = None
    search: Annotated[Search | None, Where(called)] = None


PROPOSALS = Listing(
    ProposalOut,
    ProposalQuery,
    select(
        PriceProposal.__table__,
        Product.code.label("product_code"),
        Product.name.label("product_name"),
        name_of(PriceProposal.author).label("author_name"),
    ).join_from(PriceProposal, Product),
    id=PriceProposal.id,
    scope=everyone,
    shape=read_proposals,
)


async def _detail(look: Look, book: PolicyBook, proposal_id: UUID) -> ProposalDetail:
    proposal = await PROPOSALS.one(look, proposal_id, PriceProposal.not_found(proposal_id))
    possible = await possible_actions(look, PriceProposal, proposal_id, book)
    return ProposalDetail.with_actions(proposal, possible)


async def _changed(work: Work, proposal: PriceProposal) -> ProposalDetail:
    return await _detail(await work.look(), await work.policies(), proposal.id)


@router.post("", status_code=201)
@allow(MOVES[ProposalAction.PROPOSE])
async def propose(body: Propose, work: CurrentWork) -> ProposalDetail:
    """Propose a base price."""
    return await _changed(work, await proposing.propose(work, body))


@router.get("")
@allow(*READERS)
async def list_proposals(look: CurrentLook, query: Annotated[ProposalQuery, Query()]) -> Page[ProposalOut] | File:
    """Proposals, newest first."""
    return await PROPOSALS.page(look, query)


@router.get("/{proposal_id}")
@allow(*READERS)
async def get_proposal(proposal_id: UUID, look: CurrentLook, book: CurrentPolicies) -> ProposalDetail:
    """One proposal; `approval.hash` is what a decision has to name."""
    return await _detail(look, book, proposal_id)


@router.get("/{proposal_id}/history")
@allow(*READERS)
async def proposal_history(proposal_id: UUID, look: CurrentLook) -> list[HistoryOut]:
    """Who did what with the proposal, oldest first."""
    return await history_of(look, PROPOSALS, PriceProposal, proposal_id)


@router.post("/{proposal_id}/opinions", status_code=201)
@allow(MOVES[ProposalAction.SIGN_OPINION])
async def sign_opinion(proposal_id: UUID, body: SignOpinion, work: CurrentWork) -> ProposalDetail:
    """Sign an opinion on a new product's price, as finance or as production."""
    return await _changed(work, await signing.sign_opinion(work, proposal_id, body))


@router.post("/{proposal_id}/submission")
@allow(MOVES[ProposalAction.SUBMIT])
async def submit(proposal_id: UUID, body: Submit, work: CurrentWork) -> ProposalDetail:
    """Submit a new product's drafted price, or a returned proposal again."""
    return await _changed(work, await submitting.submit(work, proposal_id, body))


@router.post("/{proposal_id}/withdrawal")
@allow(MOVES[ProposalAction.WITHDRAW])
async def withdraw(proposal_id: UUID, work: CurrentWork) -> ProposalDetail:
    """Give a proposal up that is not with the deciders."""
    return await _changed(work, await withdrawing.withdraw(work, proposal_id))


@router.post("/{proposal_id}/decisions")
@allow(MOVES[ProposalAction.DECIDE])
async def decide(proposal_id: UUID, body: Decide, work: CurrentWork) -> ProposalDetail:
    """Decide the current step."""
    return await _changed(work, await deciding.decide(work, proposal_id, body))
