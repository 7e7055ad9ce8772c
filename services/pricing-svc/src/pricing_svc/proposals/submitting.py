"""Submitting a proposal: its route is frozen and its case opened (1-3.7, 1-3.8, 3-6, 3-7.2)."""

from uuid import UUID

from fangxing import approvals
from fangxing.approvals import Route
from fangxing.tasks import close_tasks
from fangxing.verdicts import plain
from fangxing.work import Work
from pricing_svc.approval.errors import EFFECTIVE_IN_PAST
from pricing_svc.approval.routing import without_own_step
from pricing_svc.approval.rules import backdated
from pricing_svc.prices.rules import Version
from pricing_svc.prices.store import latest_version, version_in_force
from pricing_svc.products.rules import Flow, flow_of
from pricing_svc.products.store import Product, lock_product
from pricing_svc.proposals import rules
from pricing_svc.proposals.access import must_be_his, role_required
from pricing_svc.proposals.errors import CHANGE_INCOMPLETE, FLOW_CHANGED, NOT_TO_SUBMIT, PRICE_UNCHANGED
from pricing_svc.proposals.policies import COMMITTEE, NEW_PRODUCT_ROUTES, PRICE_CHANGE_ROUTES
from pricing_svc.proposals.reasons import case_title
from pricing_svc.proposals.shapes import Submit
from pricing_svc.proposals.store import PriceProposal, lock_proposal, opinions_on, write_as_only_open


async def submit(work: Work, proposal_id: UUID, body: Submit) -> PriceProposal:
    """Submit the draft of a new product's price, or a returned proposal again, with a route frozen anew.

    Raises `price-proposal-not-found`, `not-your-proposal`, `not-to-submit`, `pricing-flow-changed`, `role-required`,
    `effective-in-past`, `price-proposal-under-way`, and what `give_to_deciders` raises.
    """
    proposal = await lock_proposal(work, proposal_id)
    must_be_his(work.actor, proposal)
    product = await lock_product(work, proposal.product_id)
    flow = flow_of(product.lifecycle)
    if not rules.can_submit(proposal.status, proposal.flow, await opinions_on(work, proposal)):
        raise NOT_TO_SUBMIT()
    if proposal.flow is not flow:
        raise FLOW_CHANGED()
    if rules.started_as(flow, work.actor.roles) is None:
        raise role_required(*rules.STARTERS[flow])
    if backdated(body.effective_from, work.today):
        raise EFFECTIVE_IN_PAST()
    proposal.base_price = body.base_price
    proposal.effective_from = body.effective_from
    proposal.evidence = body.evidence or proposal.evidence
    await close_tasks(work, proposal.document)
    await give_to_deciders(work, proposal, product)
    await write_as_only_open(work)
    return proposal


async def give_to_deciders(work: Work, proposal: PriceProposal, product: Product) -> None:
    """Freeze the route of a proposal for the locked product, and open its case.

    Raises `price-change-incomplete`, `price-unchanged` or `route-unset`.
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
    route = await _route(work, proposal, latest)
    frozen = without_own_step(route, work.actor.roles)
    dropped = [role for role in route.roles if role not in frozen.roles]
    content = await _content(work, proposal, product, latest)
    proposal.status = rules.Status.IN_APPROVAL
    approvals.submit(
        work,
        matter="new_product_price" if proposal.flow is Flow.NEW_PRODUCT else "price_change",
        document=proposal.document,
        content={**content, "status": status, "dropped_steps": dropped},
        route=frozen,
        title=case_title(proposal.flow, product.name, proposal.base_price),
    )


async def _route(work: Work, proposal: PriceProposal, latest: Version | None) -> Route:
    if proposal.flow is Flow.NEW_PRODUCT:
        return await approvals.route_of(work, NEW_PRODUCT_ROUTES, Flow.NEW_PRODUCT)
    committee = (await work.policies()).get(COMMITTEE)
    return await approvals.route_of(work, PRICE_CHANGE_ROUTES, rules.band_of(committee, latest))


async def _content(work: Work, proposal: PriceProposal, product: Product, latest: Version | None) -> dict[str, object]:
    """What the deciders see and sign: the price with its reason, the product, its price so far, and the opinions."""
    in_force = await version_in_force(work, product.id, work.today)
    opinions = await opinions_on(work, proposal)
    return {
        "proposal": str(proposal.id),
        "product": {
            "id": str(product.id),
            "code": product.code,
            "name": product.name,
            "family": product.family,
            "lifecycle": product.lifecycle,
        },
        "flow": proposal.flow,
        "base_price": plain(proposal.base_price),
        "effective_from": plain(proposal.effective_from),
        "reason": proposal.reason,
        "evidence": proposal.evidence,
        "author": proposal.author,
        "in_force": _plain_version(in_force),
        "latest": _plain_version(latest),
        "opinions": [
            {
                "side": opinion.side,
                "cost_per_ton": plain(opinion.cost_per_ton),
                "opinion": opinion.opinion,
                "signed_by": opinion.signed_by,
            }
            for opinion in opinions.values()
        ],
    }


def _plain_version(version: Version | None) -> dict[str, object] | None:
    if version is None:
        return None
    return {
        "price_version": version.number,
        "base_price": plain(version.price),
        "status": version.status,
        "effective_from": plain(version.effective_from),
    }
