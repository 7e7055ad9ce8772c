"""The rules of 3-5 to 3-7 on proposals for base prices. Pure: no I/O, no clock, no settings."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from enum import StrEnum

from fangxing.clauses import clause
from fangxing.moves import NEW, ROUTE, Move, Moves
from fangxing.roles import Role
from pricing_svc.approval.rules import DECIDERS
from pricing_svc.prices.rules import PriceStatus, Version
from pricing_svc.products.rules import Flow


class ProposalStatus(StrEnum):
    """Where a proposal stands.

    A new product's waits for the opinions of finance and production, then as a draft for sales; one that was returned
    may be submitted again.
    """

    OPINIONS = "opinions"
    DRAFT = "draft"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class ProposalAction(StrEnum):
    """What can be done with a proposal."""

    PROPOSE = "propose"
    SIGN_OPINION = "sign_opinion"
    SUBMIT = "submit"
    DECIDE = "decide"
    WITHDRAW = "withdraw"


class Reason(StrEnum):
    """Why a base price changes: 3-7.1.1 A, B and C, and the change of strategy of 3-5.2-1."""

    OFF_MARKET = "off_market"
    BLOCKS_MARKETING = "blocks_marketing"
    COST_DEVIATION = "cost_deviation"
    STRATEGY = "strategy"


class Side(StrEnum):
    """Whose opinion a new product's price needs, with a cost figure (3-6)."""

    FINANCE = "finance"
    PRODUCTION = "production"


class RouteBand(StrEnum):
    """Which route an adjustment takes: through the price committee or past it (1-3.8)."""

    WITH_COMMITTEE = "with_committee"
    WITHOUT_COMMITTEE = "without_committee"


SIGNERS: dict[Side, tuple[Role, ...]] = {
    Side.FINANCE: (Role.ACCOUNTANT, Role.FINANCE_MANAGER),
    Side.PRODUCTION: (Role.PRODUCTION,),
}
"""Who signs which side's opinion (3-6)."""
STARTERS: dict[Flow, tuple[Role, ...]] = {
    Flow.ADJUSTMENT: (
        Role.SALES_MANAGER,
        Role.SALES_REP,
        Role.PRODUCTION,
        Role.FINANCE_MANAGER,
        Role.ACCOUNTANT,
    ),
    Flow.NEW_PRODUCT: (Role.SALES_MANAGER, Role.SALES_REP),
}
"""Who may start which flow: sales, production or finance (3-7.2), and sales alone for a new product (3-6)."""

MOVES: Moves[ProposalAction, ProposalStatus] = {
    ProposalAction.PROPOSE: Move(NEW, {ProposalStatus.OPINIONS, ProposalStatus.IN_APPROVAL}, STARTERS[Flow.ADJUSTMENT]),
    ProposalAction.SIGN_OPINION: Move(
        {ProposalStatus.OPINIONS},
        {ProposalStatus.OPINIONS, ProposalStatus.DRAFT},
        (*SIGNERS[Side.FINANCE], *SIGNERS[Side.PRODUCTION]),
    ),
    ProposalAction.SUBMIT: Move(
        {ProposalStatus.DRAFT, ProposalStatus.RETURNED}, {ProposalStatus.IN_APPROVAL}, STARTERS[Flow.ADJUSTMENT]
    ),
    ProposalAction.DECIDE: Move(
        {ProposalStatus.IN_APPROVAL},
        {
            ProposalStatus.IN_APPROVAL,
            ProposalStatus.APPROVED,
            ProposalStatus.REJECTED,
            ProposalStatus.RETURNED,
        },
        ROUTE,
        deciders=DECIDERS,
    ),
    ProposalAction.WITHDRAW: Move(
        {ProposalStatus.OPINIONS, ProposalStatus.DRAFT, ProposalStatus.RETURNED},
        {ProposalStatus.WITHDRAWN},
        STARTERS[Flow.ADJUSTMENT],
    ),
}
FINAL = frozenset({ProposalStatus.APPROVED, ProposalStatus.REJECTED, ProposalStatus.WITHDRAWN})


@clause("3-6", "3-7.2")
def started_as(flow: Flow, roles: Collection[Role]) -> Role | None:
    """The role in which someone with `roles` starts the flow; None where he may not."""
    return next((role for role in STARTERS[flow] if role in roles), None)


@clause("3-6", "3-5.2-3")
def status_after(flow: Flow) -> PriceStatus:
    """What an approved price is: initial from new product pricing, standard from an adjustment."""
    return PriceStatus.INITIAL if flow is Flow.NEW_PRODUCT else PriceStatus.STANDARD


@clause("1-3.8", "3-6")
def band_of(committee: bool | None, latest: Version | None) -> RouteBand:
    """Whether the committee is on the route of an adjustment.

    The policy decides; unset, the stricter way is taken. An initial price becomes standard through the committee
    alone, whatever the policy says.
    """
    if committee is False and (latest is None or latest.status is PriceStatus.STANDARD):
        return RouteBand.WITHOUT_COMMITTEE
    return RouteBand.WITH_COMMITTEE


@clause("3-7.1.1", "3-5.2-1")
def missing_in_change(price: Decimal | None, reason: Reason | None, evidence: str | None) -> str | None:
    """The first field an adjustment still lacks: the price, its reason, or the evidence; None where it is complete."""
    given = {"base_price": price, "reason": reason, "evidence": evidence}
    return next((name for name, value in given.items() if value is None), None)


@clause("3-7.1.2")
def changes_something(price: Decimal, status: PriceStatus, latest: Version | None, today: date) -> bool:
    """Whether the proposed price differs from the table: the same price is a change only of a version still to come."""
    if latest is None or latest.effective_from > today:
        return True
    return (price, status) != (latest.price, latest.status)


@clause("3-6")
def missing_opinions(signed: Collection[Side]) -> list[Side]:
    """The sides whose opinion with a cost figure is still missing before sales may submit the draft."""
    return [side for side in Side if side not in signed]
