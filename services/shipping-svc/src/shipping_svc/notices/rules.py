"""Pure rules of the notices."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from uuid import UUID

from fangxing.clauses import clause
from fangxing.money import KILOGRAM
from fangxing.moves import NEW, ROUTE, Move, Moves
from fangxing.roles import Role
from fangxing.terms import TermsKind
from fangxing.verdicts import Reason
from shipping_svc.notices import reasons


class NoticeStatus(StrEnum):
    """Where a shipping notice is."""

    REFUSED = "refused"
    FINANCE_REVIEW = "finance_review"
    REASON_NEEDED = "reason_needed"
    IN_APPROVAL = "in_approval"
    REJECTED = "rejected"
    RETURNED = "returned"
    RELEASED = "released"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


class NoticeAction(StrEnum):
    """What can be done with a shipping notice."""

    FILE = "file"
    REVIEW = "review"
    GIVE_REASON = "give_reason"
    DECIDE = "decide"
    ANNOUNCE = "announce"
    LOAD = "load"
    SHIP = "ship"
    CLOSE = "close"
    CANCEL = "cancel"


class NoticeTask(StrEnum):
    """What a notice asks somebody to do."""

    FINANCE_REVIEW = "finance_review"
    OVERDUE_REASON = "overdue_reason"


DECIDERS = (Role.SALES_MANAGER, Role.GENERAL_MANAGER)
BEFORE_RELEASE = frozenset({NoticeStatus.FINANCE_REVIEW, NoticeStatus.REASON_NEEDED, NoticeStatus.IN_APPROVAL})
"""A notice on its way to a release."""
OPEN = BEFORE_RELEASE | {NoticeStatus.RELEASED}
STOPPED = frozenset({NoticeStatus.REFUSED, NoticeStatus.REJECTED, NoticeStatus.RETURNED, NoticeStatus.CANCELLED})
"""A notice that ended before anything was shipped on it."""

MOVES: Moves[NoticeAction, NoticeStatus] = {
    NoticeAction.FILE: Move(NEW, {NoticeStatus.FINANCE_REVIEW, NoticeStatus.REFUSED}, {Role.SALES_REP}),
    # one whose prepayment went to another notice at the last moment stays under review
    NoticeAction.REVIEW: Move(
        {NoticeStatus.FINANCE_REVIEW},
        {
            NoticeStatus.FINANCE_REVIEW,
            NoticeStatus.REASON_NEEDED,
            NoticeStatus.IN_APPROVAL,
            NoticeStatus.RELEASED,
            NoticeStatus.REFUSED,
        },
        {Role.ACCOUNTANT},
    ),
    NoticeAction.GIVE_REASON: Move({NoticeStatus.REASON_NEEDED}, {NoticeStatus.IN_APPROVAL}, {Role.SALES_REP}),
    # one whose road changed meanwhile goes back to finance
    NoticeAction.DECIDE: Move(
        {NoticeStatus.IN_APPROVAL},
        {
            NoticeStatus.IN_APPROVAL,
            NoticeStatus.RELEASED,
            NoticeStatus.FINANCE_REVIEW,
            NoticeStatus.RETURNED,
            NoticeStatus.REJECTED,
        },
        ROUTE,
        deciders=DECIDERS,
    ),
    NoticeAction.ANNOUNCE: Move(OPEN, OPEN, {Role.SALES_REP}),
    NoticeAction.LOAD: Move({NoticeStatus.RELEASED}, {NoticeStatus.RELEASED}, {Role.WAREHOUSE_KEEPER}),
    # the last truck ends the notice
    NoticeAction.SHIP: Move(
        {NoticeStatus.RELEASED}, {NoticeStatus.RELEASED, NoticeStatus.SHIPPED}, {Role.WAREHOUSE_KEEPER}
    ),
    NoticeAction.CLOSE: Move(
        {NoticeStatus.RELEASED},
        {NoticeStatus.SHIPPED, NoticeStatus.CANCELLED},
        {Role.WAREHOUSE_SUPERVISOR, Role.SALES_MANAGER},
    ),
    NoticeAction.CANCEL: Move(OPEN, {NoticeStatus.CANCELLED}, {Role.SALES_REP, Role.SALES_MANAGER}),
}
FINAL = frozenset(NoticeStatus) - OPEN
"""Whoever wants the goods after all files another notice."""


class Kind(StrEnum):
    """How goods are paid for (5-4.1): on credit, or before they are shipped 款到发货."""

    REGULAR = "regular"
    PREPAID = "prepaid"


@clause("5-4.2.1-A")
def is_short_notice(today: date, ship_on: date, lead_days: int | None) -> bool:
    """Whether the notice comes less than `lead_days` before the shipping date; exactly that many days is in time.

    Without a policy every notice is short, and needs its reason.
    """
    return lead_days is None or ship_on < today + timedelta(days=lead_days)


@clause("5-4.2.1-A")
def why_too_late(
    today: date, ship_on: date, *, lead_days: int | None, strict: bool | None, has_reason: bool
) -> Reason | None:
    """Why a notice comes too late; None where it is in time, or has its reason and the policy lets a reason count."""
    if not is_short_notice(today, ship_on, lead_days) or (has_reason and strict is False):
        return None
    if lead_days is None:
        return reasons.LEAD_DAYS_UNSET()
    return reasons.SHORT_NOTICE(ship_on=ship_on, days=lead_days, earliest=today + timedelta(days=lead_days))


@clause("5-4.1")
def why_too_loose(kind: Kind, terms: TermsKind) -> Reason | None:
    """Why a notice of `kind` is looser than the order's terms; None where it is what they ask for, or stricter."""
    if kind is Kind.PREPAID or terms is TermsKind.CREDIT:
        return None
    return reasons.looser_than(terms)


@clause("1-3")
def is_own_prepayment(kind: Kind, prepaid_by: Collection[str], reviewer: Collection[str]) -> bool:
    """Whether the reviewer, or whom he stands in for, entered a receipt that a prepaid notice may be paid from."""
    return kind is Kind.PREPAID and not set(prepaid_by).isdisjoint(reviewer)


@clause("4-orders")
def named_twice(lines: Iterable[UUID]) -> UUID | None:
    """A line that is named more than once; None where each is named once."""
    seen: set[UUID] = set()
    for line in lines:
        if line in seen:
            return line
        seen.add(line)
    return None


@clause("5-4.2.1-D")
def most_tons(tons: Decimal, tolerance_pct: Decimal) -> Decimal:
    """The most that may be loaded on a line of `tons`, with the load tolerance, down to the kilogram."""
    return (tons * (1 + tolerance_pct / 100)).quantize(KILOGRAM, ROUND_DOWN)
