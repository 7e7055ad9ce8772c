"""Deciding a proposal; with the GM's yes its price enters the table (3-7.2)."""

from uuid import UUID

from fangxing import approvals
from fangxing.approvals import OWN_CASE, TWO_STEPS, Decision
from fangxing.work import Work
from pricing_svc.approval.rules import takes_effect
from pricing_svc.prices.entering import enter_base_price
from pricing_svc.prices.rules import Version
from pricing_svc.products.rules import flow_of
from pricing_svc.products.store import Product, lock_product
from pricing_svc.proposals.errors import FLOW_CHANGED
from pricing_svc.proposals.reasons import REVISE_PRICE
from pricing_svc.proposals.returning import return_to_author
from pricing_svc.proposals.rules import Status, status_after
from pricing_svc.proposals.store import PriceProposal, lock_proposal, opinions_on


async def decide(
    work: Work, proposal_id: UUID, decision: Decision, *, seen_hash: str, comment: str | None
) -> PriceProposal:
    """Decide the current step; with the GM's yes the price enters the table, in force from its day on.

    Raises `price-proposal-not-found`, `pricing-flow-changed` and what `approvals.decide` raises.
    """
    proposal = await lock_proposal(work, proposal_id)
    product = await lock_product(work, proposal.product_id)
    case = await approvals.open_case(work, proposal.document)
    await _took_no_part(work, proposal)
    await approvals.decide(work, case, decision, seen_hash=seen_hash, comment=comment)
    if decision is Decision.APPROVE and proposal.flow is not flow_of(product.lifecycle):
        raise FLOW_CHANGED()
    if case.status == Status.APPROVED:
        version = _next_version(work, proposal, product)
        proposal.status, proposal.price_version = Status.APPROVED, version.number
        await enter_base_price(work, product, version, proposal_id=proposal.id)
    elif case.status == Status.REJECTED:
        proposal.status = Status.REJECTED
    elif case.status == Status.RETURNED:
        return_to_author(work, proposal, Status.RETURNED, kind="revise_price", title=REVISE_PRICE)
    return proposal


async def _took_no_part(work: Work, proposal: PriceProposal) -> None:
    """Whoever proposed or signed an opinion does not decide, also where a sales manager submitted in his place."""
    if work.actor.id == proposal.author:
        raise OWN_CASE()
    if any(opinion.signed_by == work.actor.id for opinion in (await opinions_on(work, proposal)).values()):
        raise TWO_STEPS()


def _next_version(work: Work, proposal: PriceProposal, product: Product) -> Version:
    assert proposal.base_price is not None
    return Version(
        number=product.price_versions + 1,
        price=proposal.base_price,
        status=status_after(proposal.flow),
        effective_from=takes_effect(proposal.effective_from, work.today),
    )
