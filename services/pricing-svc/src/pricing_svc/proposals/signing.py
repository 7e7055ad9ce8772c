"""Signing an opinion on a new product's price, as finance or as production (3-6)."""

from uuid import UUID

from fangxing.approvals import OWN_CASE, TWO_STEPS
from fangxing.tasks import close_tasks
from fangxing.work import Work
from pricing_svc.proposals.access import role_required
from pricing_svc.proposals.errors import NO_OPINION_WANTED
from pricing_svc.proposals.reasons import DRAFT_PRICE
from pricing_svc.proposals.returning import return_to_author
from pricing_svc.proposals.rules import SIGNERS, Status, missing_opinions
from pricing_svc.proposals.shapes import SignOpinion
from pricing_svc.proposals.store import Opinion, PriceProposal, lock_proposal, opinions_on


async def sign_opinion(work: Work, proposal_id: UUID, body: SignOpinion) -> PriceProposal:
    """Sign one side's opinion with its cost in yuan per ton; with the second one the draft is sales'.

    Raises `price-proposal-not-found`, `role-required`, `own-case`, `two-steps` or `no-opinion-wanted`.
    """
    proposal = await lock_proposal(work, proposal_id)
    if not work.actor.has(*SIGNERS[body.side]):
        raise role_required(*SIGNERS[body.side])
    if work.actor.id == proposal.author:
        raise OWN_CASE()
    opinions = await opinions_on(work, proposal)
    if proposal.status is not Status.OPINIONS or body.side in opinions:
        raise NO_OPINION_WANTED()
    if any(other.signed_by == work.actor.id for other in opinions.values()):
        raise TWO_STEPS()
    work.tx.add(
        Opinion(
            proposal_id=proposal.id,
            side=body.side,
            cost_per_ton=body.cost_per_ton,
            opinion=body.opinion,
            signed_by=work.actor.id,
            signed_at=work.now,
        )
    )
    await close_tasks(work, proposal.document, f"price_opinion.{body.side}")
    if not missing_opinions([*opinions, body.side]):
        return_to_author(work, proposal, Status.DRAFT, kind="draft_price", title=DRAFT_PRICE)
    return proposal
