"""Use cases of the prices feature: propose, give opinions, submit, decide. The product's history chooses the flow."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fangxing import approvals
from fangxing.approvals import OWN_CASE, TWO_STEPS, Decision, Route
from fangxing.auth import ROLE_REQUIRED
from fangxing.ids import new_id
from fangxing.roles import ROLE_NAMES, Role
from fangxing.tasks import close_tasks, open_task
from fangxing.text import Text
from fangxing.verdicts import plain
from fangxing.work import Work
from pricing_svc.prices import rules
from pricing_svc.prices.errors import (
    CHANGE_INCOMPLETE,
    EFFECTIVE_IN_PAST,
    FLOW_CHANGED,
    NO_OPINION_WANTED,
    NOT_TO_SUBMIT,
    NOT_TO_WITHDRAW,
    NOT_YOUR_PROPOSAL,
    PRICE_UNCHANGED,
    PROPOSAL_NOT_FOUND,
    PROPOSAL_UNDER_WAY,
)
from pricing_svc.prices.policies import COMMITTEE, NEW_PRODUCT_ROUTES, PRICE_CHANGE_ROUTES
from pricing_svc.prices.store import Opinion, PriceProposal
from pricing_svc.prices.table import enter_base_price, latest_version, version_in_force
from pricing_svc.products.rules import Flow, flow_of
from pricing_svc.products.service import lock_product
from pricing_svc.products.store import Product
from pricing_svc.routes import without_own_step


async def propose(
    work: Work,
    *,
    product_id: UUID,
    base_price: Decimal | None,
    reason: rules.Reason | None,
    evidence: str | None,
    effective_from: date | None,
) -> PriceProposal:
    """Start the flow that the product's history asks for (3-5).

    An adjustment goes to its deciders at once; a new product's price first asks finance and production (3-6). Raises
    `product-not-found`, `role-required`, `effective-in-past`, `price-proposal-under-way`, `price-change-incomplete`
    or `price-unchanged`.
    """
    product = await lock_product(work, product_id)
    flow = _flow(product)
    proposal = PriceProposal(
        id=new_id(),
        product_id=product.id,
        flow=flow,
        base_price=base_price,
        reason=reason,
        evidence=evidence,
        effective_from=_not_past(work, effective_from),
        proposed_by=work.actor.id,
        proposed_as=_started_as(work, flow),
        proposed_at=work.now,
        status="opinions",
        price_version=None,
    )
    if flow == "new_product":
        for side in rules.SIDES:
            _ask_opinion(work, proposal, product, side)
    else:
        await _submit(work, proposal, product)
    work.tx.add(proposal)
    await _flush_only_one_open(work)
    return proposal


async def give_opinion(
    work: Work, proposal_id: UUID, *, side: rules.Side, cost_per_ton: Decimal, opinion: str
) -> PriceProposal:
    """Sign one side's opinion with its cost in yuan per ton; with the second one the draft is sales' (3-6).

    Raises `price-proposal-not-found`, `role-required`, `own-case`, `two-steps` or `no-opinion-wanted`.
    """
    proposal = await _locked(work, proposal_id)
    if not work.actor.has(*rules.SIGNERS[side]):
        raise _role_required(*rules.SIGNERS[side])
    if work.actor.id == proposal.proposed_by:
        raise OWN_CASE()
    opinions = await _opinions(work, proposal)
    if proposal.status != "opinions" or side in opinions:
        raise NO_OPINION_WANTED()
    if any(other.signed_by == work.actor.id for other in opinions.values()):
        raise TWO_STEPS()
    work.tx.add(
        Opinion(
            proposal_id=proposal.id,
            side=side,
            cost_per_ton=cost_per_ton,
            opinion=opinion,
            signed_by=work.actor.id,
            signed_at=work.now,
        )
    )
    await close_tasks(work, proposal.document, f"price_opinion.{side}")
    if not rules.missing_opinions([*opinions, side]):
        proposal.status = "draft"
        _ask_proposer(work, proposal, "draft_price", Text("意见已齐，请拟定新产品价格并提交", _DRAFT_EN))
    return proposal


_DRAFT_EN = "The opinions are complete: draft the new product's price and submit it"


async def submit(
    work: Work, proposal_id: UUID, *, base_price: Decimal, effective_from: date | None, evidence: str | None
) -> PriceProposal:
    """Submit the draft of a new product's price, or a returned proposal again, with a route frozen anew.

    Raises `price-proposal-not-found`, `not-your-proposal`, `not-to-submit`, `pricing-flow-changed`, and what
    `propose` raises about the price.
    """
    proposal = await _locked(work, proposal_id)
    _must_be_his(work, proposal)
    product = await lock_product(work, proposal.product_id)
    opinions = await _opinions(work, proposal)
    waiting = proposal.flow == "new_product" and rules.missing_opinions(opinions)
    if proposal.status not in ("draft", "returned") or waiting:
        raise NOT_TO_SUBMIT()
    _same_flow(proposal, product)
    _started_as(work, _flow(product))
    proposal.base_price = base_price
    proposal.effective_from = _not_past(work, effective_from)
    proposal.evidence = evidence or proposal.evidence
    await close_tasks(work, proposal.document)
    await _submit(work, proposal, product)
    await _flush_only_one_open(work)
    return proposal


async def withdraw(work: Work, proposal_id: UUID) -> PriceProposal:
    """Give a proposal up that is not with the deciders.

    Raises `price-proposal-not-found`, `not-your-proposal` or `not-to-withdraw`.
    """
    proposal = await _locked(work, proposal_id)
    _must_be_his(work, proposal)
    if proposal.status not in ("opinions", "draft", "returned"):
        raise NOT_TO_WITHDRAW()
    proposal.status = "withdrawn"
    await close_tasks(work, proposal.document)
    return proposal


async def decide(
    work: Work, proposal_id: UUID, decision: Decision, *, seen_hash: str, comment: str | None
) -> PriceProposal:
    """Decide the current step; with the GM's yes the price enters the table, in force from its day on (3-7.2).

    Raises `price-proposal-not-found`, `pricing-flow-changed` and what `approvals.decide` raises.
    """
    proposal = await _locked(work, proposal_id)
    product = await lock_product(work, proposal.product_id)
    case = await approvals.open_case(work, proposal.document)
    await _took_no_part(work, proposal)
    await approvals.decide(work, case, decision, seen_hash=seen_hash, comment=comment)
    if decision is Decision.APPROVE:
        _same_flow(proposal, product)
    if case.status == "approved":
        assert proposal.base_price is not None
        status = rules.status_after(_flow(product))
        await enter_base_price(work, proposal, product, proposal.base_price, status)
    elif case.status in ("rejected", "returned"):
        proposal.status = case.status
        if case.status == "returned":
            _ask_proposer(work, proposal, "revise_price", Text("定价申请被退回，请修改后重新提交", _RETURNED_EN))
    return proposal


async def _took_no_part(work: Work, proposal: PriceProposal) -> None:
    """Whoever proposed or signed an opinion does not decide, also where a sales manager submitted in his place."""
    if work.actor.id == proposal.proposed_by:
        raise OWN_CASE()
    if any(opinion.signed_by == work.actor.id for opinion in (await _opinions(work, proposal)).values()):
        raise TWO_STEPS()


_RETURNED_EN = "The price proposal was returned: revise and submit it again, or withdraw it"


async def _submit(work: Work, proposal: PriceProposal, product: Product) -> None:
    """Freeze the route and open the case of a complete proposal for the locked product."""
    latest = await latest_version(work, product.id)
    flow = _flow(product)
    if flow == "adjustment":
        lacking = rules.missing_in_change(proposal.base_price, proposal.reason, proposal.evidence)  # type: ignore[arg-type]
        if lacking is not None:
            raise CHANGE_INCOMPLETE(at=lacking)
    price, status = proposal.base_price, rules.status_after(flow)
    assert price is not None
    if not rules.changes_something(price, status, latest, work.today):
        raise PRICE_UNCHANGED()
    route = await _route(work, flow, latest)
    frozen = without_own_step(route, work.actor.roles)
    content = await _content(work, proposal, product, latest)
    dropped: list[str] = [role for role in route.roles if role not in frozen.roles]
    proposal.status = "pending"
    approvals.submit(
        work,
        matter="new_product_price" if flow == "new_product" else "price_change",
        document=proposal.document,
        content={**content, "status": status, "dropped_steps": dropped},
        route=frozen,
        title=_title(flow, product, price),
    )


async def _route(work: Work, flow: Flow, latest: rules.Version | None) -> Route:
    if flow == "new_product":
        return await approvals.route_of(work, NEW_PRODUCT_ROUTES, "new_product")
    committee = (await work.policies()).get(COMMITTEE)
    return await approvals.route_of(work, PRICE_CHANGE_ROUTES, rules.band_of(committee, latest))


async def _content(
    work: Work, proposal: PriceProposal, product: Product, latest: rules.Version | None
) -> dict[str, object]:
    """What the deciders see and sign: the price with its reason, the product, its price so far, and the opinions."""
    in_force = await version_in_force(work, product.id, work.today)
    opinions = await _opinions(work, proposal)
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
        "proposed_by": proposal.proposed_by,
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


def _plain_version(version: rules.Version | None) -> dict[str, object] | None:
    if version is None:
        return None
    return {
        "price_version": version.number,
        "base_price": plain(version.price),
        "status": version.status,
        "effective_from": plain(version.effective_from),
    }


def _title(flow: Flow, product: Product, price: Decimal) -> Text:
    name, amount = product.name, plain(price)
    if flow == "new_product":
        return Text(f"新产品定价：{name}，{amount} 元/吨", f"New product price: {name}, {amount} yuan per ton")
    return Text(f"基准价格调整：{name}，{amount} 元/吨", f"Base price change: {name}, {amount} yuan per ton")


def _ask_opinion(work: Work, proposal: PriceProposal, product: Product, side: rules.Side) -> None:
    open_task(
        work,
        kind=f"price_opinion.{side}",
        role=rules.SIGNERS[side][0],
        document=proposal.document,
        clause="3-6",
        title=Text(
            f"新产品定价意见及成本：{product.name}", f"Opinion and cost for a new product's price: {product.name}"
        ),
    )


def _ask_proposer(work: Work, proposal: PriceProposal, kind: str, title: Text) -> None:
    open_task(
        work,
        kind=kind,
        role=Role(proposal.proposed_as),
        document=proposal.document,
        clause="3-6",
        title=title,
        assignee=proposal.proposed_by,
    )


def _flow(product: Product) -> Flow:
    return flow_of(product.lifecycle)  # type: ignore[arg-type]


def _same_flow(proposal: PriceProposal, product: Product) -> None:
    if proposal.flow != _flow(product):
        raise FLOW_CHANGED()


def _started_as(work: Work, flow: Flow) -> Role:
    role = rules.started_as(flow, work.actor.roles)
    if role is None:
        raise _role_required(*rules.STARTERS[flow])
    return role


def _role_required(*roles: Role) -> Exception:
    names = [ROLE_NAMES[role] for role in roles]
    return ROLE_REQUIRED(roles_zh="、".join(zh for zh, _ in names), roles_en=", ".join(en for _, en in names))


def _must_be_his(work: Work, proposal: PriceProposal) -> None:
    if work.actor.id != proposal.proposed_by and not work.actor.has(Role.SALES_MANAGER):
        raise NOT_YOUR_PROPOSAL()


def _not_past(work: Work, effective_from: date | None) -> date | None:
    if effective_from is not None and effective_from < work.today:
        raise EFFECTIVE_IN_PAST()
    return effective_from


async def _locked(work: Work, proposal_id: UUID) -> PriceProposal:
    proposal = await work.tx.get(PriceProposal, proposal_id, with_for_update=True)
    if proposal is None:
        raise PROPOSAL_NOT_FOUND(proposal=proposal_id)
    return proposal


async def _opinions(work: Work, proposal: PriceProposal) -> dict[rules.Side, Opinion]:
    signed = await work.tx.scalars(select(Opinion).where(Opinion.proposal_id == proposal.id).order_by(Opinion.side))
    return {opinion.side: opinion for opinion in signed}  # type: ignore[misc]


async def _flush_only_one_open(work: Work) -> None:
    """Write what was changed; the database allows one open proposal per product."""
    try:
        await work.tx.flush()
    except IntegrityError as error:
        if "uq_price_proposals_open" not in str(error.orig):
            raise
        raise PROPOSAL_UNDER_WAY() from error
