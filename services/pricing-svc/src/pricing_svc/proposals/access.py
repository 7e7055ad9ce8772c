"""Who sees costs, and whose proposal it is."""

from typing import Any

from fangxing.auth import ROLE_REQUIRED, Principal
from fangxing.clauses import clause
from fangxing.errors import DomainError
from fangxing.roles import ROLE_NAMES, Role
from pricing_svc.proposals.errors import NOT_YOUR_PROPOSAL
from pricing_svc.proposals.store import PriceProposal
from pricing_svc.tables import Row

COST_READERS = (
    Role.SALES_MANAGER,
    Role.GENERAL_MANAGER,
    Role.FINANCE_MANAGER,
    Role.ACCOUNTANT,
    Role.PRODUCTION,
    Role.PRICE_COMMITTEE,
    Role.AUDIT_MANAGER,
)
"""Who may see costs (3-8.2-C)."""


@clause("3-8.2-C")
def seen_by(caller: Principal, opinion: Row) -> dict[str, Any]:
    """`opinion` as the caller may see it: the cost for those allowed to see costs alone."""
    return {**opinion} if caller.has(*COST_READERS) else {**opinion, "cost_per_ton": None}


def case_seen_by(caller: Principal, case: dict[str, Any]) -> dict[str, Any]:
    """`case` as the caller may see it; its hash is still of all that is signed."""
    content = case["content"]
    return {**case, "content": {**content, "opinions": [seen_by(caller, opinion) for opinion in content["opinions"]]}}


def must_be_his(actor: Principal, proposal: PriceProposal) -> None:
    """Raise `not-your-proposal` unless the actor made the proposal or is a sales manager."""
    if actor.id != proposal.author and not actor.has(Role.SALES_MANAGER):
        raise NOT_YOUR_PROPOSAL()


def role_required(*roles: Role) -> DomainError:
    """The error for an actor who holds none of `roles`."""
    names = [ROLE_NAMES[role] for role in roles]
    return ROLE_REQUIRED(roles_zh="、".join(zh for zh, _ in names), roles_en=", ".join(en for _, en in names))
