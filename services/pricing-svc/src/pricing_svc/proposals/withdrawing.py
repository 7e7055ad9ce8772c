"""Withdrawing a proposal that is not with the deciders."""

from uuid import UUID

from fangxing.tasks import close_tasks
from fangxing.work import Work
from pricing_svc.proposals.access import must_be_his
from pricing_svc.proposals.errors import NOT_TO_WITHDRAW
from pricing_svc.proposals.rules import Status, can_withdraw
from pricing_svc.proposals.store import PriceProposal, lock_proposal


async def withdraw(work: Work, proposal_id: UUID) -> PriceProposal:
    """Give a proposal up.

    Raises `price-proposal-not-found`, `not-your-proposal` or `not-to-withdraw`.
    """
    proposal = await lock_proposal(work, proposal_id)
    must_be_his(work.actor, proposal)
    if not can_withdraw(proposal.status):
        raise NOT_TO_WITHDRAW()
    proposal.status = Status.WITHDRAWN
    await close_tasks(work, proposal.document)
    return proposal
