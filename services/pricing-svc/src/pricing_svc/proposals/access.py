"""Who sees costs, and whose proposal it is."""

from collections.abc import Collection

from fangxing.auth import Principal
from fangxing.offers import Fits
from fangxing.roles import Role
from fangxing.sight import Group
from pricing_svc.proposals.errors import NOT_YOUR_PROPOSAL
from pricing_svc.proposals.rules import SIGNERS, ProposalAction, Side, missing_opinions, started_as
from pricing_svc.proposals.store import PriceProposal

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


def fitting(signed: Collection[Side]) -> Fits:
    """Who may do what with a proposal on which the sides `signed` have given their opinion.

    Its author, or a sales manager, submits and withdraws it; it is submitted by who may start its flow.
    """

    def fits(proposal: PriceProposal, actor: Principal, action: ProposalAction) -> bool:
        match action:
            case ProposalAction.SIGN_OPINION:
                return any(actor.has(*SIGNERS[side]) for side in missing_opinions(signed))
            case ProposalAction.SUBMIT:
                return _is_his(actor, proposal) and started_as(proposal.flow, actor.roles) is not None
            case ProposalAction.WITHDRAW:
                return _is_his(actor, proposal)
        return True

    return fits
