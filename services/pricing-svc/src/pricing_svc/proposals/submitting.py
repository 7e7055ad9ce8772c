"""Submitting a proposal: its route is frozen and its case opened (1-3.7, 1-3.8, 3-6, 3-7.2)."""

from uuid import UUID

from fangxing import approvals
from fangxing.approvals import Route
from fangxing.auth import role_required
from fangxing.documents import lock_for
from fangxing.roles import Role
from fangxing.routes import RoutePolicy
from fangxing.work import Work
from pricing_svc.approval.errors import EFFECTIVE_IN_PAST
from pricing_svc.approval.rules import backdated
from pricing_svc.prices.rules import Version
from pricing_svc.prices.store import latest_version, version_in_force
from pricing_svc.products.rules import Flow, flow_of
from pricing_svc.products.store import Product, lock_product
from pricing_svc.proposals import rules
from pricing_svc.proposals.access import must_be_his
from pricing_svc.proposals.errors import CHANGE_INCOMPLETE, FLOW_CHANGED, PRICE_UNCHANGED
from pricing_svc.proposals.policies import COMMITTEE, NEW_PRODUCT_ROUTES, PRICE_CHANGE_ROUTES
from pricing_svc.proposals.reasons import case_title
from pricing_svc.proposals.shapes import PricedProduct, PriceVersion, ProposalContent, SignedOpinion, Submit
from pricing_svc.proposals.store import PriceProposal, opinions_on, write_as_only_open


async def submit(work: Work, proposal_id: UUID, body: Submit) -> PriceProposal:
    """Submit the draft of a new product's price, or a returned proposal again, with a route frozen anew.

    Raises `price-proposal-not-found`, `wrong-state`, `not-your-proposal`, `pricing-flow-changed`, `role-required`,
    `effective-in-past`, and what `give_to_deciders` raises.
    """
    proposal = await lock_for(work, PriceProposal, proposal_id, rules.ProposalAction.SUBMIT)
    must_be_his(work.actor, proposal)
    product = await lock_product(work, proposal.product_id)
    flow = flow_of(product.lifecycle)
    if proposal.flow is not flow:
        raise FLOW_CHANGED()
    if rules.started_as(flow, work.actor.roles) is None:
        raise role_required(*rules.STARTERS[flow])
    if backdated(body.effective_from, work.today):
        raise EFFECTIVE_IN_PAST()
    proposal.base_price = body.base_price
    proposal.effective_from = body.effective_from
    proposal.evidence = body.evidence or proposal.evidence
    await give_to_deciders(work, proposal, product)
    return proposal


async def give_to_deciders(work: Work, proposal: PriceProposal, product: Product) -> None:
    """Freeze the route of a proposal for the locked product, and open its case.

    Raises `price-change-incomplete`, `price-unchanged`, `price-proposal-under-way` or `route-unset`.
    """
    if proposal.flow is Flow.ADJUSTMENT:
        lacking = rules.missing_in_change(proposal.base_price, proposal.reason, proposal.evidence)
        if lacking is not None:
            raise CHANGE_INCOMPLETE(at=lacking)
    assert proposal.base_price is not None
    latest = await latest_version(work, product.id)
    status = rules.status_after(proposal.flow)
    if not rules.changes_something(proposal.base_price, status, latest, work.today):
        raise PRICE_UNCHANGED()
    proposal.status = rules.ProposalStatus.IN_APPROVAL
    await write_as_only_open(work)
    policy, band = await _routes(work, proposal, latest)
    route = await approvals.route_of(work, policy, band)
    content = await _content(work, proposal, product, latest, dropped=await _dropped(work, policy, route))
    await approvals.submit(
        work,
        proposal,
        matter="new_product_price" if proposal.flow is Flow.NEW_PRODUCT else "price_change",
        content=content.model_dump(mode="json"),
        route=route,
        title=case_title(proposal.flow, product.name),
    )


async def _routes(work: Work, proposal: PriceProposal, latest: Version | None) -> tuple[RoutePolicy, str]:
    if proposal.flow is Flow.NEW_PRODUCT:
        return NEW_PRODUCT_ROUTES, Flow.NEW_PRODUCT
    return PRICE_CHANGE_ROUTES, rules.band_of((await work.policies()).get(COMMITTEE), latest)


async def _dropped(work: Work, policy: RoutePolicy, route: Route) -> list[Role]:
    routes = (await work.policies()).get(policy) or {}
    return [role for role in routes.get(route.band, ()) if role not in route.roles]


async def _content(
    work: Work, proposal: PriceProposal, product: Product, latest: Version | None, *, dropped: list[Role]
) -> ProposalContent:
    in_force = await version_in_force(work, product.id, work.today)
    opinions = await opinions_on(work, proposal)
    return ProposalContent(
        proposal=proposal.id,
        product=PricedProduct(
            id=product.id,
            code=product.code,
            name=product.name,
            family=product.family,
            lifecycle=product.lifecycle,
        ),
        flow=proposal.flow,
        base_price=proposal.base_price,
        status=rules.status_after(proposal.flow),
        effective_from=proposal.effective_from,
        reason=proposal.reason,
        evidence=proposal.evidence,
        author=proposal.author,
        in_force=PriceVersion.show(in_force) if in_force else None,
        latest=PriceVersion.show(latest) if latest else None,
        opinions=[
            SignedOpinion(
                side=opinion.side,
                cost_per_ton=opinion.cost_per_ton,
                opinion=opinion.opinion,
                signed_by=opinion.signed_by,
            )
            for opinion in opinions.values()
        ],
        dropped_steps=dropped,
    )
