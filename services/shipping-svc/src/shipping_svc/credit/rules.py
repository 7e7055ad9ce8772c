"""The rules of chapter 5 on who may ship what on credit. Pure; `store.reserve` holds the same in SQL.

A property test shows the two equal for whatever figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from fangxing.clauses import clause
from fangxing.money import ZERO
from fangxing.moves import EVENT, NEW, Move, Moves
from fangxing.positions import Grade, Version, effective_limit, exposure, grade_on
from fangxing.roles import Role
from fangxing.verdicts import Reason, Scalar, Verdict
from shipping_svc.credit import reasons


class ExceptionStatus(StrEnum):
    """The state of an exception in writing; one whose last day is past stays `granted` and covers nothing."""

    GRANTED = "granted"
    REVOKED = "revoked"
    REPLACED = "replaced"


class ExceptionAction(StrEnum):
    """What can be done with an exception in writing."""

    GRANT = "grant"
    REVOKE = "revoke"
    REPLACE = "replace"


MOVES: Moves[ExceptionAction, ExceptionStatus] = {
    ExceptionAction.GRANT: Move(NEW, {ExceptionStatus.GRANTED}, {Role.GENERAL_MANAGER}),
    ExceptionAction.REVOKE: Move({ExceptionStatus.GRANTED}, {ExceptionStatus.REVOKED}, {Role.GENERAL_MANAGER}),
    ExceptionAction.REPLACE: Move({ExceptionStatus.GRANTED}, {ExceptionStatus.REPLACED}, EVENT),
}
FINAL = frozenset({ExceptionStatus.REVOKED, ExceptionStatus.REPLACED})


class Road(StrEnum):
    """Whose decision a shipment is.

    `within` and `overdue` are the sales manager's, `over` the GM's; `cash_only` (C) and `debt_first` (D) nobody's
    without a written exception of the GM; `prepaid` is finance's alone; `hold` and, on credit, `stopped` nobody's.
    """

    HOLD = "hold"
    STOPPED = "stopped"
    DEBT_FIRST = "debt_first"
    CASH_ONLY = "cash_only"
    OVER = "over"
    OVERDUE = "overdue"
    WITHIN = "within"
    PREPAID = "prepaid"


CLOSED_BY_GRADE = frozenset({Road.CASH_ONLY, Road.DEBT_FIRST})
"""Roads that are closed unless the GM has agreed in writing."""
CLOSED = CLOSED_BY_GRADE | {Road.HOLD, Road.STOPPED}
"""Roads that nobody decides."""
EXCEPTED = CLOSED_BY_GRADE | {Road.OVER}
"""Roads that a written exception of the GM opens, up to its ceiling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A credit account as shipping decides on it: its own position, and its copy of customer-svc's.

    Amounts in yuan, totals cumulative; `limit` None for no cap. From `c_from` on the customer is at best C, from
    `d_from` on D; None where no such day is known. `stopped`: finance or the GM stopped the credit. `prepaid_by`
    entered receipts that are still open in the prepayments. `hold`: there is no customer position to be trusted.
    """

    id: UUID
    epoch: int
    version: int
    released: Decimal
    shipped_total: Decimal
    prepaid_used_total: Decimal
    customer_epoch: int
    customer_version: int
    receivable: Decimal
    written_off: Decimal
    settled_total: Decimal
    prepaid_total: Decimal
    grade: Grade
    limit: Decimal | None
    c_from: date | None
    d_from: date | None
    stopped: bool
    next_due: date | None
    overdue_amount: Decimal
    overdue_since: date | None
    prepaid_by: Sequence[str]
    hold: bool

    def inputs(self, today: date) -> dict[str, Scalar]:
        """What a verdict stores of them: everything it looked at, limit and grade as they are on `today`."""
        return {
            "today": today,
            "exposure": exposure(self),
            "limit": limit_on(self, today),
            "grade": effective_grade(self, today),
            "c_from": self.c_from,
            "d_from": self.d_from,
            "stopped": self.stopped,
            "next_due": self.next_due,
            "overdue_amount": self.overdue_amount,
            "receivable": self.receivable,
            "written_off": self.written_off,
            "released": self.released,
            "shipped_total": self.shipped_total,
            "settled_total": self.settled_total,
            "prepaid_total": self.prepaid_total,
            "prepaid_used_total": self.prepaid_used_total,
            "hold": self.hold,
            "customer_position": str(Version(self.customer_epoch, self.customer_version)),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What goods take of their account, in yuan: of the credit, or of the prepayments."""

    on_credit: Decimal = ZERO
    on_prepayment: Decimal = ZERO

    @classmethod
    @clause("5-4.2.1-B", "5-4.2.2-B")
    def of(cls, value: Decimal, *, prepaid: bool) -> "Amounts":
        """What goods worth `value` yuan take: prepaid ones use no credit."""
        return cls(on_prepayment=value) if prepaid else cls(on_credit=value)


def effective_grade(figures: Figures, today: date) -> Grade:
    """The grade on `today`, whether or not customer-svc has said so yet."""
    return grade_on(figures.grade, c_from=figures.c_from, d_from=figures.d_from, day=today)


def limit_on(figures: Figures, today: date) -> Decimal | None:
    """The limit on `today` in yuan; None for no cap."""
    return effective_limit(effective_grade(figures, today), figures.limit)


@clause("5-4.2.1-B")
def is_overdue(figures: Figures, today: date) -> bool:
    """Whether something is past due on `today`; on the due date itself nothing is."""
    return figures.next_due is not None and figures.next_due < today


@clause("5-2-5.3.2")
def owes_as_d(figures: Figures, today: date) -> bool:
    """Whether the customer is grade D and owes something: then nothing is traded until it is cleared."""
    return effective_grade(figures, today) is Grade.D and exposure(figures) > 0


@clause("5-4.2.2-B")
def prepayment_covers(figures: Figures, on_prepayment: Decimal) -> bool:
    """Whether so many yuan of the prepayments are free: each earmarked yuan covers once."""
    return figures.prepaid_used_total + on_prepayment <= figures.prepaid_total


@clause("5-4.2.1-C", "5-4.2.2-B", "5-2-5.3.2", "2-5.4.4")
def road(figures: Figures, amounts: Amounts, today: date) -> Road:
    """The road of a shipment. Exposure with it equal to the limit is within; prepaid goods without their money: over.

    Stopped credit closes every road on credit, whatever the GM has agreed to, and leaves prepaid goods alone (2-5.4.4).
    D with debt ships nothing, not even prepaid, until the debt is cleared or the GM agrees in writing (2-5.3.2).
    """
    if figures.hold:
        return Road.HOLD
    if figures.stopped and amounts.on_prepayment == 0:
        return Road.STOPPED
    if owes_as_d(figures, today):
        return Road.DEBT_FIRST
    if amounts.on_prepayment > 0:
        return Road.PREPAID if prepayment_covers(figures, amounts.on_prepayment) else Road.OVER
    if effective_grade(figures, today) in (Grade.C, Grade.D):
        return Road.CASH_ONLY
    limit = limit_on(figures, today)
    if limit is not None and exposure(figures) + amounts.on_credit > limit:
        return Road.OVER
    return Road.OVERDUE if is_overdue(figures, today) else Road.WITHIN


@dataclass(frozen=True, slots=True)
class Approval:
    """What the deciders said yes to: the road they saw, and the GM's ceiling in yuan where he decided.

    `overdue`: they saw that something is overdue, with the rep's reason. `in_writing`: the ceiling is that of a written
    exception 总经理书面特批, which grade C and D need and which needs no reason.
    """

    road: Road
    ceiling: Decimal | None = None
    overdue: bool = False
    in_writing: bool = False

    def reaches(self, exposure_after: Decimal) -> bool:
        """Whether the GM's ceiling covers an exposure of so many yuan."""
        return self.ceiling is not None and exposure_after <= self.ceiling


@clause("5-4.2.1-C", "5-4.2.2-B", "5-2-5.3.2")
def may_release(figures: Figures, amounts: Amounts, approval: Approval, today: date) -> bool:
    """Whether the release may happen at this very moment, with the approval there is.

    The GM's yes covers the limit up to the exposure he saw. It does not cover what fell due since, which takes the
    rep's reason, nor a grade that fell to C or D since: that takes his exception in writing. Nothing covers a hold,
    nor stopped credit, nor money that is not there for prepaid goods.
    """
    now = road(figures, amounts, today)
    if now in (Road.HOLD, Road.STOPPED):
        return False
    reached = approval.reaches(exposure(figures) + amounts.on_credit)
    excepted = approval.in_writing and reached
    if amounts.on_prepayment > 0:
        return prepayment_covers(figures, amounts.on_prepayment) and (now is Road.PREPAID or excepted)
    if excepted:
        return True
    if now in CLOSED_BY_GRADE or (is_overdue(figures, today) and not approval.overdue):
        return False
    return reached or now is not Road.OVER


@clause("5-4.2.1-C")
def ceiling_given(figures: Figures, amounts: Amounts, approval: Approval, today: date) -> Decimal | None:
    """The exposure in yuan up to which a release went: the limit or the GM's ceiling; None where nothing caps it."""
    limit = limit_on(figures, today)
    if amounts.on_prepayment > 0 or limit is None:
        return None
    return max(limit, approval.ceiling or ZERO)


@dataclass(frozen=True, slots=True)
class Reservation:
    """A release on the account: the figures it was judged on and those it left, the same where it was refused."""

    before: Figures
    after: Figures

    @property
    def made(self) -> bool:
        """Whether the amounts are reserved."""
        return self.after.version > self.before.version


def judge(figures: Figures, amounts: Amounts, today: date, about: Mapping[str, Scalar]) -> Verdict:
    """The verdict on a shipment's road as the figures stand; allowed means that no exception is needed.

    `about` is what it stores of the shipment itself.
    """
    found = road(figures, amounts, today)
    return Verdict(
        allowed=found in (Road.WITHIN, Road.OVERDUE, Road.PREPAID),
        outcome=found,
        reasons=why(figures, amounts, today),
        inputs={**about, **figures.inputs(today), "exposure_after": exposure(figures) + amounts.on_credit},
    )


def judge_release(
    reservation: Reservation,
    amounts: Amounts,
    approval: Approval,
    today: date,
    about: Mapping[str, Scalar],
    policy_versions: Mapping[str, int],
) -> Verdict:
    """The verdict on a release: whether it happened, on which road, and how far the approval reached.

    `policy_versions` are those of the route on which the approval was given.
    """
    judged = judge(reservation.before, amounts, today, about)
    given: dict[str, Scalar] = {
        "approved_road": approval.road,
        "ceiling": approval.ceiling,
        "overdue_seen": approval.overdue,
        "in_writing": approval.in_writing,
    }
    return replace(
        judged,
        allowed=reservation.made,
        reasons=(*judged.reasons, *_about_the_ceiling(reservation, amounts, approval, today)),
        inputs={**judged.inputs, **given},
        policy_versions=policy_versions,
    )


def why(figures: Figures, amounts: Amounts, today: date) -> tuple[Reason, ...]:
    """Why the shipment stands on its road, with the figures and what would make it pass."""
    before, after = exposure(figures), exposure(figures) + amounts.on_credit
    late = (reasons.overdue(figures.next_due, today),) if figures.next_due and is_overdue(figures, today) else ()
    match road(figures, amounts, today):
        case Road.HOLD:
            return (reasons.ON_HOLD(),)
        case Road.STOPPED:
            debt = (reasons.DEBT_FIRST(exposure=before),) if owes_as_d(figures, today) else ()
            return (reasons.STOPPED(), *debt)
        case Road.DEBT_FIRST:
            missing = amounts.on_prepayment > 0 and not prepayment_covers(figures, amounts.on_prepayment)
            return (reasons.DEBT_FIRST(exposure=before), *(_prepayment(figures, amounts) if missing else ()))
        case Road.CASH_ONLY:
            return (reasons.CASH_ONLY(grade=effective_grade(figures, today)),)
        case _ if amounts.on_prepayment > 0:
            return _prepayment(figures, amounts)
        case Road.OVER:
            return (reasons.over_limit(before, after, limit_on(figures, today) or ZERO), *late)
    return late or (reasons.WITHIN_LIMIT(exposure_after=after),)


def _prepayment(figures: Figures, amounts: Amounts) -> tuple[Reason, ...]:
    available = max(ZERO, figures.prepaid_total - figures.prepaid_used_total)
    return (reasons.prepayment(available, amounts.on_prepayment),)


def _about_the_ceiling(
    reservation: Reservation, amounts: Amounts, approval: Approval, today: date
) -> tuple[Reason, ...]:
    """What the GM's ceiling has to do with it, where the road was not open without it."""
    found = road(reservation.before, amounts, today)
    after = exposure(reservation.before) + amounts.on_credit
    if approval.ceiling is None or found not in EXCEPTED:
        return ()
    if not approval.reaches(after):
        return (reasons.GM_CEILING_EXCEEDED(exposure_after=after, ceiling=approval.ceiling),)
    return (reasons.GM_CEILING(ceiling=approval.ceiling),) if reservation.made else ()
