"""Signing an opinion on a new product's price, as finance or as production (3-6)."""

from uuid import UUID

from fangxing.auth import role_required
from fangxing.documents import lock_for
from fangxing.tasks import close_tasks, open_task
from fangxing.work import Work
from pricing_svc.proposals.errors import NO_OPINION_WANTED
from pricing_svc.proposals.reasons import DRAFT_PRICE
from pricing_svc.proposals.rules import SIGNERS, ProposalAction, ProposalStatus, missing_opinions
from pricing_svc.proposals.shapes import SignOpinion
from pricing_svc.proposals.store import Opinion, PriceProposal, opinions_on


async def sign_opinion(work: Work, proposal_id: UUID, body: SignOpinion) -> PriceProposal:
    """Sign one side's opinion with its cost in yuan per ton; with the second one the draft is sales'.

    Raises `price-proposal-not-found`, `wrong-state`, `incompatible-hands`, `role-required` or `no-opinion-wanted`.
    """
    proposal = await lock_for(work, PriceProposal, proposal_id, ProposalAction.SIGN_OPINION)
    if not work.actor.has(*SIGNERS[body.side]):
        raise role_required(*SIGNERS[body.side])
    opinions = await opinions_on(work, proposal)
    if body.side in opinions:
        raise NO_OPINION_WANTED()
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
        await _ask_for_the_draft(work, proposal)
    return proposal


async def _ask_for_the_draft(work: Work, proposal: PriceProposal) -> None:
    proposal.status = ProposalStatus.DRAFT
    await open_task(
        work,
        kind="draft_price",
        role=proposal.author_role,
        document=proposal.document,
        clause="3-6",
        title=DRAFT_PRICE,
        assignee=proposal.author,
    )
