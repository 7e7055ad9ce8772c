"""Deciding a proposal; with the GM's yes its price enters the table (3-7.2)."""

from uuid import UUID

from fangxing import approvals
from fangxing.approvals import CaseStatus, Decide, Decision
from fangxing.documents import lock_for
from fangxing.work import Work
from pricing_svc.approval.rules import takes_effect
from pricing_svc.prices.entering import enter_base_price
from pricing_svc.prices.rules import Version
from pricing_svc.products.rules import flow_of
from pricing_svc.products.store import Product, lock_product
from pricing_svc.proposals.errors import FLOW_CHANGED
from pricing_svc.proposals.rules import ProposalAction, ProposalStatus, status_after
from pricing_svc.proposals.store import PriceProposal


async def decide(work: Work, proposal_id: UUID, body: Decide) -> PriceProposal:
    """Decide the current step; with the GM's yes the price enters the table, in force from its day on.

    Raises `price-proposal-not-found`, `wrong-state`, `pricing-flow-changed` and what `approvals.decide_on` raises.
    """
    proposal = await lock_for(work, PriceProposal, proposal_id, ProposalAction.DECIDE)
    product = await lock_product(work, proposal.product_id)
    case = await approvals.decide_on(work, proposal, body)
    if body.decision is Decision.APPROVE and proposal.flow is not flow_of(product.lifecycle):
        raise FLOW_CHANGED()
    if case.status is not CaseStatus.OPEN:
        proposal.status = ProposalStatus(case.status)
    if case.status is CaseStatus.APPROVED:
        version = _next_version(work, proposal, product)
        proposal.price_version = version.number
        await enter_base_price(work, product, version, proposal_id=proposal.id)
    return proposal


def _next_version(work: Work, proposal: PriceProposal, product: Product) -> Version:
    assert proposal.base_price is not None
    return Version(
        number=product.price_versions + 1,
        price=proposal.base_price,
        status=status_after(proposal.flow),
        effective_from=takes_effect(proposal.effective_from, work.today),
    )
