"""The rules of chapter 2 on grades and limits. Pure: no I/O, no clock, no settings."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from fangxing.clauses import clause
from fangxing.money import ZERO

Grade = Literal["A", "B", "C", "D", "ungraded"]
_STANDING: tuple[Grade, ...] = ("D", "C", "ungraded", "B", "A")


@clause("2-5.3.2", "2-5.2")
def effective_limit(grade: Grade, limit: Decimal | None) -> Decimal | None:
    """The limit in yuan that a grade gives: none for A (no cap), B's own, 0 for C, D and ungraded."""
    if grade == "A":
        return None
    return (limit or ZERO) if grade == "B" else ZERO


@clause("2-5.3.1-B")
def limit_fits_grade(grade: Grade, limit: Decimal | None) -> bool:
    """B needs a limit greater than 0; every other grade has none of its own."""
    return limit is not None and limit > 0 if grade == "B" else limit is None


@clause("2-5.4.4")
def is_more_credit(old_grade: Grade, old_limit: Decimal | None, new_grade: Grade, new_limit: Decimal | None) -> bool:
    """Whether the new grade and limit allow more than the old ones: more acts when finance enters it, less at once.

    Among the grades without a limit D allows least (debt first), then C (cash), then ungraded (5-4.2.4, by the GM).
    """
    old, new = effective_limit(old_grade, old_limit), effective_limit(new_grade, new_limit)
    if old == new:
        return _STANDING.index(new_grade) > _STANDING.index(old_grade)
    return new is None or (old is not None and new > old)


@clause("2-5.3.1-C")
def grade_until(grade: Grade, oldest_due: date | None, grace_days: int | None) -> date | None:
    """The last day grade A or B holds if nothing more is paid; None where no end is known.

    An open item falls overdue the day after its due date; `grace_days` later, still open, C takes effect. Without a
    grace policy the literal reading holds: C on the first day overdue.
    """
    if grade not in ("A", "B") or oldest_due is None:
        return None
    return oldest_due + timedelta(days=grace_days or 0)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An invoice with something still open: its due date and the open amount in yuan."""

    due_on: date
    open_amount: Decimal


@dataclass(frozen=True, slots=True)
class Overdue:
    """What is overdue: the amount in yuan and the due date of the oldest item."""

    amount: Decimal
    since: date | None

    def days(self, today: date) -> int:
        """Days of the oldest item past its due date."""
        return (today - self.since).days if self.since else 0


@clause("5-4.2.1-B")
def overdue(items: list[OpenItem], today: date) -> Overdue:
    """The open items past due: on the due date itself nothing is overdue."""
    late = [item for item in items if item.due_on < today and item.open_amount > 0]
    return Overdue(sum((item.open_amount for item in late), ZERO), min((item.due_on for item in late), default=None))
