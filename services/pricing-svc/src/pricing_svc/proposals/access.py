"""Who sees costs, and whose proposal it is."""

from fangxing.auth import Principal
from fangxing.roles import Role
from fangxing.sight import Group
from pricing_svc.proposals.errors import NOT_YOUR_PROPOSAL
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
    if actor.id != proposal.author and not actor.has(Role.SALES_MANAGER):
        raise NOT_YOUR_PROPOSAL()
