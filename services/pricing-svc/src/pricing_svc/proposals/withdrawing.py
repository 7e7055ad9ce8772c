"""Withdrawing a proposal that is not with the deciders."""

from uuid import UUID

from fangxing.documents import lock_for
from fangxing.tasks import close_tasks
from fangxing.work import Work
from pricing_svc.proposals.access import must_be_his
from pricing_svc.proposals.rules import ProposalAction, ProposalStatus
from pricing_svc.proposals.store import PriceProposal


async def withdraw(work: Work, proposal_id: UUID) -> PriceProposal:
    """Give a proposal up; raises `price-proposal-not-found`, `wrong-state` or `not-your-proposal`."""
    proposal = await lock_for(work, PriceProposal, proposal_id, ProposalAction.WITHDRAW)
    must_be_his(work.actor, proposal)
    proposal.status = ProposalStatus.WITHDRAWN
    await close_tasks(work, proposal.document)
    return proposal
