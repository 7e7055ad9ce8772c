"""The rules on handling complaints and closing them. Pure: no I/O, no clock, no settings."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum

from complaint_svc.complaints.rules import DECIDERS, ComplaintAction, ComplaintKind, ComplaintStatus, Road
from complaint_svc.complaints.rules import MOVES as COMPLAINT_MOVES
from complaint_svc.deciding.reasons import NOT_APPROVED, RETURNS_OPEN, TOLD_BEFORE_APPROVAL
from fangxing.clauses import clause
from fangxing.moves import NEW, ROUTE, Move, Moves
from fangxing.roles import Role
from fangxing.verdicts import Outcome, Reason, Scalar, Verdict


class HandlingStatus(StrEnum):
    """The state of a signed handling; one that was sent back stays as it was signed, and another is signed anew."""

    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"


class HandlingAction(StrEnum):
    """What can be done with a handling."""

    SIGN = "sign"
    DECIDE = "decide"


MOVES: Moves[HandlingAction, HandlingStatus] = {
    HandlingAction.SIGN: Move(NEW, {HandlingStatus.IN_APPROVAL}, COMPLAINT_MOVES[ComplaintAction.SIGN].roles),
    HandlingAction.DECIDE: Move({HandlingStatus.IN_APPROVAL}, frozenset(HandlingStatus), ROUTE, deciders=DECIDERS),
}
FINAL = frozenset(HandlingStatus) - {HandlingStatus.IN_APPROVAL}

CURRENT = (HandlingStatus.IN_APPROVAL, HandlingStatus.APPROVED)
"""States of the one handling a complaint goes by; the others were sent back."""


class Band(StrEnum):
    """Which deciders a handling has."""

    PLAIN_GRUMBLE = "plain_grumble"
    OTHER = "other"


@clause("6-5.2.2")
def missing_analysis(road: Road | None, secondary_causes: str | None, improvement: str | None) -> str | None:
    """The field a quality handling lacks: beside the main cause it names secondary causes and the improvement."""
    if road is not Road.QUALITY:
        return None
    if secondary_causes is None:
        return "secondary_causes"
    return "improvement" if improvement is None else None


@clause("6-5.2.1", "1-3.12")
def decision_band(
    kind: ComplaintKind, *, with_returns: bool, responsible: Role, grumble_deciders: Collection[Role]
) -> Band:
    """Who decides a handling: a plain grumble's own deciders, in every other case those of 1-3.12, the GM last.

    A grumble with returns is not plain, nor is one whose decider would be the responsible party himself.
    """
    plain = kind is ComplaintKind.GRUMBLE and not with_returns and responsible not in grumble_deciders
    return Band.PLAIN_GRUMBLE if plain else Band.OTHER


@clause("6-5.2.1", "6-3")
def handling_verdict(
    band: Band, refused: Sequence[Reason], inputs: Mapping[str, Scalar], policy_versions: Mapping[str, int]
) -> Verdict:
    """Whether a handling goes to its deciders: as long as none of the returns it proposes is refused."""
    return Verdict(
        allowed=not refused,
        outcome=Outcome.REFUSED if refused else band,
        reasons=tuple(refused),
        inputs=inputs,
        policy_versions=policy_versions,
    )


@clause("6-5.3", "6-5.2.1")
def closing_verdict(*, approved_on: date | None, told_on: date, open_returns: Sequence[str], today: date) -> Verdict:
    """Whether a complaint may close: approved, the customer told on or after that day, no return of it still open."""
    reasons: list[Reason] = []
    if approved_on is None:
        reasons.append(NOT_APPROVED())
    elif told_on < approved_on:
        reasons.append(TOLD_BEFORE_APPROVAL(told=told_on, approved=approved_on))
    if open_returns:
        reasons.append(RETURNS_OPEN(returns=", ".join(open_returns)))
    return Verdict(
        allowed=not reasons,
        outcome=Outcome.REFUSED if reasons else ComplaintStatus.CLOSED,
        reasons=tuple(reasons),
        inputs={
            "approved_on": approved_on,
            "told_customer_on": told_on,
            "open_returns": len(open_returns),
            "today": today,
        },
    )
