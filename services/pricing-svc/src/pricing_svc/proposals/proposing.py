"""Proposing a base price: the product's history chooses the flow (3-5)."""

from fangxing.auth import role_required
from fangxing.documents import born
from fangxing.ids import new_id
from fangxing.tasks import open_task
from fangxing.work import Work
from pricing_svc.approval.errors import EFFECTIVE_IN_PAST
from pricing_svc.approval.rules import backdated
from pricing_svc.products.rules import Flow, flow_of
from pricing_svc.products.store import Product, lock_product
from pricing_svc.proposals.reasons import opinion_wanted
from pricing_svc.proposals.rules import SIGNERS, STARTERS, ProposalAction, ProposalStatus, Side, started_as
from pricing_svc.proposals.shapes import Propose
from pricing_svc.proposals.store import PriceProposal, write_as_only_open
from pricing_svc.proposals.submitting import give_to_deciders


async def propose(work: Work, body: Propose) -> PriceProposal:
    """Start the flow that the product's history asks for.

    An adjustment goes to its deciders at once; a new product's price first asks finance and production (3-6). Raises
    `product-not-found`, `role-required`, `effective-in-past`, `price-proposal-under-way`, `price-change-incomplete`
    or `price-unchanged`.
    """
    product = await lock_product(work, body.product_id)
    flow = flow_of(product.lifecycle)
    if backdated(body.effective_from, work.today):
        raise EFFECTIVE_IN_PAST()
    role = started_as(flow, work.actor.roles)
    if role is None:
        raise role_required(*STARTERS[flow])
    proposal = PriceProposal(
        id=new_id(),
        product_id=product.id,
        flow=flow,
        base_price=body.base_price,
        reason=body.reason,
        evidence=body.evidence,
        effective_from=body.effective_from,
        author=work.actor.id,
        author_role=role,
        created_at=work.now,
        status=ProposalStatus.OPINIONS,
        price_version=None,
    )
    work.tx.add(proposal)
    await born(work, proposal, ProposalAction.PROPOSE)
    if flow is Flow.NEW_PRODUCT:
        await write_as_only_open(work)
        await _ask_for_opinions(work, proposal, product)
    else:
        await give_to_deciders(work, proposal, product)
    return proposal


async def _ask_for_opinions(work: Work, proposal: PriceProposal, product: Product) -> None:
    for side in Side:
        await open_task(
            work,
            kind=f"price_opinion.{side}",
            role=SIGNERS[side][0],
            document=proposal.document,
            clause="3-6",
            title=opinion_wanted(product.name),
        )
