"""The rules of an account: what a grade allows, when it falls by itself, and what is overdue (2-5.3, 5-4.2.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple
from uuid import UUID

from fangxing.clauses import clause
from fangxing.money import ZERO
from fangxing.positions import Grade, effective_limit, grade_on
from fangxing.roles import Role

FINANCE = (Role.ACCOUNTANT, Role.FINANCE_MANAGER)
"""Who keeps the books: invoices, payments, credit notes and the credit master."""

# among the grades without a limit D allows least (debt first), then C (cash), then ungraded (5-4.2.4, by the GM)
_STANDING = (Grade.D, Grade.C, Grade.UNGRADED, Grade.B, Grade.A)


class Credit(NamedTuple):
    """A grade, and the limit in yuan that it gives; None for no cap."""

    grade: Grade
    limit: Decimal | None


def credit_on(day: date, *, grade: Grade, limit: Decimal | None, c_from: date | None, d_from: date | None) -> Credit:
    """The credit in force on `day`, whether or not anybody has noticed yet that the grade fell by itself."""
    today = grade_on(grade, c_from=c_from, d_from=d_from, day=day)
    return Credit(today, effective_limit(today, limit))


@clause("2-5.4.4")
def is_more_credit(old: Credit, new: Credit) -> bool:
    """Whether the new grade and limit allow more than the old ones: more acts when finance enters it, less at once."""
    if old.limit == new.limit:
        return _STANDING.index(new.grade) > _STANDING.index(old.grade)
    return new.limit is None or (old.limit is not None and new.limit > old.limit)


@clause("2-5.3.1-C")
def c_from(grade: Grade, oldest_due: date | None, grace_days: int | None) -> date | None:
    """The day from which on grade A or B is C if nothing more is paid; None where none is known.

    An open item falls overdue the day after its due date; `grace_days` later, still open, C takes effect. Without a
    grace policy the literal reading holds: C on the first day overdue.
    """
    if grade not in (Grade.A, Grade.B) or oldest_due is None:
        return None
    return oldest_due + timedelta(days=1 + (grace_days or 0))


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that is still open: its due date and the open amount in yuan."""

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
def overdue(items: Sequence[Owed], today: date) -> Overdue:
    """The items past due: on the due date itself nothing is overdue."""
    late = [item for item in items if item.due_on < today and item.open_amount > 0]
    return Overdue(sum((item.open_amount for item in late), ZERO), min((item.due_on for item in late), default=None))


@dataclass(frozen=True, slots=True)
class Due:
    """What the open items of an account come to: when the oldest is due, what is overdue, when the grade falls."""

    next_due: date | None
    overdue: Overdue
    c_from: date | None


def due(items: Sequence[Owed], today: date, grade: Grade, grace_days: int | None) -> Due:
    """What `items` come to on a day for a customer of `grade`, who has `grace_days` once he is overdue."""
    oldest = min((item.due_on for item in items), default=None)
    return Due(oldest, overdue(items, today), c_from(grade, oldest, grace_days))


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a receipt for one open item, in yuan."""

    item: UUID
    amount: Decimal


def allocation_fault(
    left: Decimal, shares: Sequence[Share], open_amounts: Mapping[UUID, Decimal]
) -> UUID | Literal["total"] | None:
    """The item that a share does not fit, or "total" where they exceed what is left; None where all is well."""
    seen: set[UUID] = set()
    for share in shares:
        still_open = open_amounts.get(share.item)
        if still_open is None or share.amount > still_open or share.item in seen:
            return share.item
        seen.add(share.item)
    return "total" if sum((share.amount for share in shares), ZERO) > left else None
