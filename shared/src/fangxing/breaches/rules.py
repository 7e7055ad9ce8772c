"""What a breach is, who decides about it, and how far a fine goes. Pure: no I/O, no clock, no settings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from fangxing.breaches.reasons import (
    BREACH_CONFIRMED,
    BREACH_WAIVED,
    FINE_BY_THE_CLAUSE,
    FINE_LIFTED,
    FINE_NOT_NAMED,
    FINE_OR_WAIVE,
    FINE_OUTSIDE,
    FINE_RAISED,
    FINE_UPHELD,
)
from fangxing.clauses import clause
from fangxing.moves import NEW, Move, Moves
from fangxing.roles import Role
from fangxing.text import Text
from fangxing.verdicts import Outcome, ReasonType, Verdict


class BreachStatus(StrEnum):
    """The state of a breach."""

    OPEN = "open"
    SERIOUS = "serious"
    FINED = "fined"
    CONFIRMED = "confirmed"
    WAIVED = "waived"
    APPEALED = "appealed"
    UPHELD = "upheld"
    LIFTED = "lifted"
    WITHDRAWN = "withdrawn"


class BreachAction(StrEnum):
    """What can be done with a breach."""

    OPEN = "open"
    PASS_ON = "pass_on"
    DECIDE = "decide"
    APPEAL = "appeal"
    JUDGE = "judge"
    WITHDRAW = "withdraw"


class Finding(StrEnum):
    """What a decider finds: a fine, a breach without a fine where the clause names none, or that it is let pass."""

    FINE = "fine"
    CONFIRM = "confirm"
    WAIVE = "waive"


class AppealOutcome(StrEnum):
    """What becomes of a decision that was appealed against."""

    UPHOLD = "uphold"
    LIFT = "lift"


COMPANY = (Role.GENERAL_MANAGER, Role.AUDIT_MANAGER, Role.FINANCE_MANAGER)
"""The company 公司 as the instance above the departments: the GM; for his own, the audit manager; then finance."""
OPENERS = frozenset({Role.SALES_MANAGER, *COMPANY})
"""Who enters by hand what happened on paper, and sees every breach."""
EMPLOYEES = frozenset(Role)
UNDECIDED = frozenset({BreachStatus.OPEN, BreachStatus.SERIOUS})
"""The states in which nobody has decided yet."""

MOVES: Moves[BreachAction, BreachStatus] = {
    BreachAction.OPEN: Move(NEW, {BreachStatus.OPEN}, OPENERS),
    BreachAction.PASS_ON: Move({BreachStatus.OPEN}, {BreachStatus.SERIOUS}, OPENERS),
    BreachAction.DECIDE: Move(UNDECIDED, {BreachStatus.FINED, BreachStatus.CONFIRMED, BreachStatus.WAIVED}, OPENERS),
    BreachAction.WITHDRAW: Move(UNDECIDED, {BreachStatus.WITHDRAWN}, OPENERS),
    BreachAction.APPEAL: Move({BreachStatus.FINED, BreachStatus.CONFIRMED}, {BreachStatus.APPEALED}, EMPLOYEES),
    BreachAction.JUDGE: Move({BreachStatus.APPEALED}, {BreachStatus.UPHELD, BreachStatus.LIFTED}, COMPANY),
}
FINAL = frozenset({BreachStatus.WAIVED, BreachStatus.UPHELD, BreachStatus.LIFTED, BreachStatus.WITHDRAWN})

BREACH_PAIRS = (
    ("breach.open", "breach.decide"),
    ("breach.open", "breach.judge"),
    ("breach.decide", "breach.judge"),
)
"""Who opens one by hand does not decide it, and who decided does not judge the appeal."""


@dataclass(frozen=True, slots=True)
class Fines:
    """How far the fine of a clause goes: yuan for one person in one case, both ends included."""

    least: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class BreachKind:
    """A kind of breach that a clause names: how people call it, who decides, and the fine, where there is one."""

    slug: str
    clause: str
    text: Text
    decider: Role
    fines: Fines | None = None


@clause("3-10", "4-5", "5-4.2.5")
def decider_of(named: Role, acted_as: Role, opened_as: Collection[str] = ()) -> Role:
    """Who decides about what somebody did as `acted_as`: whom the clause names, but for his own case the company.

    One that the decider has entered himself is the company's, too; `opened_as` are the roles of who entered it.
    """
    ranks = COMPANY if acted_as in COMPANY else (named, *COMPANY)
    return _first(ranks, {acted_as}, opened_as)


@clause("3-10", "4-5", "5-4.2.5")
def judge_of(decider: Role, acted_as: Role, opened_as: Collection[str] = ()) -> Role:
    """Who judges the appeal against what `decider` decided: the next of the company, never in his own case."""
    after = COMPANY[COMPANY.index(decider) + 1 :] if decider in COMPANY else ()
    return _first((*after, *COMPANY), {acted_as, decider}, opened_as)


def _first(ranks: Sequence[Role], never: Collection[Role], rather_not: Collection[str]) -> Role:
    left = [role for role in ranks if role not in never]
    return next((role for role in left if role not in rather_not), left[0])


@clause("3-10", "4-5", "5-4.2.5")
def decision_verdict(clause_id: str, fines: Fines | None, finding: Finding, fine: Decimal | None) -> Verdict:
    """Whether a decider may find so: within the clause's range, without a fine where it names none, or waived."""
    outcome = {
        Finding.FINE: BreachStatus.FINED,
        Finding.CONFIRM: BreachStatus.CONFIRMED,
        Finding.WAIVE: BreachStatus.WAIVED,
    }[finding]
    if finding is Finding.WAIVE:
        return _verdict(True, outcome, BREACH_WAIVED, clause_id, fines, fine)
    if finding is Finding.CONFIRM:
        if fines is not None:
            return _verdict(False, Outcome.REFUSED, FINE_OR_WAIVE, clause_id, fines, fine)
        return _verdict(True, outcome, BREACH_CONFIRMED, clause_id, fines, fine)
    refused = _no_such_fine(fines, fine)
    if refused is not None:
        return _verdict(False, Outcome.REFUSED, refused, clause_id, fines, fine)
    return _verdict(True, outcome, FINE_BY_THE_CLAUSE, clause_id, fines, fine)


@clause("3-10", "4-5", "5-4.2.5")
def judgement_verdict(
    clause_id: str, fines: Fines | None, judgement: AppealOutcome, fine: Decimal | None, before: Decimal | None
) -> Verdict:
    """Whether an appeal may end so: lifted, or upheld with the fine of before or a lower one of the clause's range."""
    if judgement is AppealOutcome.LIFT:
        return _verdict(True, BreachStatus.LIFTED, FINE_LIFTED, clause_id, fines, fine, before)
    if fine is not None:
        refused = _no_such_fine(fines, fine)
        if refused is None and before is not None and fine > before:
            refused = FINE_RAISED
        if refused is not None:
            return _verdict(False, Outcome.REFUSED, refused, clause_id, fines, fine, before)
    return _verdict(True, BreachStatus.UPHELD, FINE_UPHELD, clause_id, fines, fine, before)


def _no_such_fine(fines: Fines | None, fine: Decimal | None) -> ReasonType | None:
    if fines is None:
        return FINE_NOT_NAMED
    return None if fine is not None and fines.least <= fine <= fines.most else FINE_OUTSIDE


def _verdict(
    allowed: bool,
    outcome: str,
    reason: ReasonType,
    clause_id: str,
    fines: Fines | None,
    fine: Decimal | None,
    before: Decimal | None = None,
) -> Verdict:
    least, most = (fines.least, fines.most) if fines else (None, None)
    said = replace(reason, clause=clause_id)(clause=clause_id, fine=fine, before=before, least=least, most=most)
    inputs = {"breach_clause": clause_id, "fine": fine, "fine_before": before, "fine_least": least, "fine_most": most}
    return Verdict(allowed=allowed, outcome=outcome, reasons=(said,), inputs=inputs)
