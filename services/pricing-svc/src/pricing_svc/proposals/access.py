"""Who sees costs, and whose proposal it is."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.offers import Fits, fitting
from fangxing.policies import PolicyBook
from fangxing.roles import Role
from fangxing.sight import Group
from pricing_svc.proposals.errors import NOT_YOUR_PROPOSAL
from pricing_svc.proposals.rules import SIGNERS, ProposalAction, Side, missing_opinions, started_as
from pricing_svc.proposals.store import Opinion, PriceProposal

COSTS = Group(
    "costs",
    frozenset(
        {
            Role.SALES_MANAGER,
            Role.GENERAL_MANAGER,
            Role.FINANCE_MANAGER,
            Role.ACCOUNTANT,
            Role.PRODUCTION,
            Role.PRICE_COMMITTEE,
            Role.AUDIT_MANAGER,
        }
    ),
)
"""Who sees what a product costs (3-8.2-C)."""


def must_be_his(actor: Principal, proposal: PriceProposal) -> None:
    """Raise `not-your-proposal` unless the actor made the proposal or is a sales manager."""
    if not _is_his(actor, proposal):
        raise NOT_YOUR_PROPOSAL()


def _is_his(actor: Principal, proposal: PriceProposal) -> bool:
    return proposal.author in actor.persons or actor.has(Role.SALES_MANAGER)


@fitting(PriceProposal)
async def fits_proposals(tx: Tx, proposals: Sequence[PriceProposal], book: PolicyBook) -> Fits:
    """Each side gives its opinion once; its author, or a sales manager, submits and withdraws a proposal.

    It is submitted by who may start its flow.
    """
    opinions = await tx.execute(
        select(Opinion.proposal_id, Opinion.side).where(Opinion.proposal_id.in_([one.id for one in proposals]))
    )
    signed: defaultdict[UUID, list[Side]] = defaultdict(list)
    for proposal_id, side in opinions:
        signed[proposal_id].append(side)

    def fits(proposal: PriceProposal, actor: Principal, action: ProposalAction) -> bool:
        match action:
            case ProposalAction.SIGN_OPINION:
                return any(actor.has(*SIGNERS[side]) for side in missing_opinions(signed[proposal.id]))
            case ProposalAction.SUBMIT:
                return _is_his(actor, proposal) and started_as(proposal.flow, actor.roles) is not None
            case ProposalAction.WITHDRAW:
                return _is_his(actor, proposal)
        return True

    return fits
