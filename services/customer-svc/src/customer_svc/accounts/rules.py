"""The rules of an account: what a grade allows and when it falls, its items, and what is overdue (2-5.3, 5-4.2.1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate
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
def c_from(grade: Grade, next_due: date | None, grace_days: int | None) -> date | None:
    """The day from which on grade A or B is C if nothing more is paid; None where none is known.

    What is owed falls overdue the day after `next_due`; `grace_days` later, still owed, C takes effect. Without a
    grace policy the literal reading holds: C on the first day overdue.
    """
    if grade not in (Grade.A, Grade.B) or next_due is None:
        return None
    return next_due + timedelta(days=1 + (grace_days or 0))


def after_correction(c_from: date | None, corrected_on: date | None) -> date | None:
    """The day from which on the grade is C: on the day of a correction, which may be half done, no grade falls."""
    if c_from is None or corrected_on is None:
        return c_from
    return max(c_from, corrected_on + timedelta(days=1))


class ItemKind(StrEnum):
    """What an open item is of; a reversal takes its document's item back, a transfer passes it on."""

    INVOICE = "invoice"
    RECEIPT = "receipt"
    PREPAYMENT = "prepayment"
    CREDIT_NOTE = "credit_note"
    REVERSAL = "reversal"
    TRANSFER = "transfer"
    REFUND = "refund"
    WRITE_OFF = "write_off"
    ROUNDING = "rounding"


class Side(StrEnum):
    """A debit is owed by the customer, a credit is his."""

    DEBIT = "debit"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Owed:
    """Debits of one due date: what of them is open, and what of that is disputed, in yuan."""

    due_on: date
    open_amount: Decimal
    disputed: Decimal = ZERO

    @property
    def undisputed(self) -> "Owed":
        """Without what is disputed."""
        return Owed(self.due_on, self.open_amount - self.disputed)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How much may be past due, in yuan, and for how many days, before anything is overdue; then the grace to C."""

    amount: Decimal = ZERO
    days: int = 0
    grace_days: int | None = None


@dataclass(frozen=True, slots=True)
class Overdue:
    """What is overdue: the amount in yuan and the due date of the oldest item."""

    amount: Decimal
    since: date | None

    def days(self, today: date) -> int:
        """Days of the oldest item past its due date."""
        return (today - self.since).days if self.since else 0


def first_uncovered(owed: Sequence[Owed], covered: Decimal) -> date | None:
    """The first due date by which more is due than `covered` yuan, the oldest being covered first."""
    by_date = sorted(owed, key=lambda item: item.due_on)
    sums = accumulate(item.open_amount for item in by_date)
    return next((item.due_on for item, due_by in zip(by_date, sums, strict=True) if due_by > covered), None)


@clause("5-4.2.1-B")
def overdue(owed: Sequence[Owed], credit: Decimal, today: date, tolerance: Tolerance) -> Overdue:
    """What is past due, less the `credit` not allocated yet: on the due date itself nothing is overdue.

    So never more than the receivable, and nothing where that is 0.00.
    """
    last = today - timedelta(days=1 + tolerance.days)
    late = [item for item in owed if item.due_on <= last]
    amount = sum((item.open_amount for item in late), ZERO) - credit
    if amount <= tolerance.amount:
        return Overdue(ZERO, None)
    return Overdue(amount, first_uncovered(late, credit + tolerance.amount))


@dataclass(frozen=True, slots=True)
class Due:
    """What the open items of an account come to.

    After `next_due` something is overdue, if nothing more is paid; `undisputed_due` is the same of what is not
    disputed, from which the fall of the grade is counted.
    """

    next_due: date | None
    undisputed_due: date | None
    overdue: Overdue
    c_from: date | None


@clause("5-4.2.1-B", "2-5.3.1-C")
def due(owed: Sequence[Owed], credit: Decimal, today: date, grade: Grade, tolerance: Tolerance) -> Due:
    """What debits and the `credit` not allocated, in yuan, come to on a day for a customer of `grade`.

    The credit goes to what is not disputed first; a disputed amount is overdue, but no grade falls by it.
    """
    covered = credit + tolerance.amount

    def due_of(items: Sequence[Owed]) -> date | None:
        first = first_uncovered(items, covered)
        return first and first + timedelta(days=tolerance.days)

    undisputed = due_of([item.undisputed for item in owed])
    return Due(
        next_due=due_of(owed),
        undisputed_due=undisputed,
        overdue=overdue(owed, credit, today, tolerance),
        c_from=c_from(grade, undisputed, tolerance.grace_days),
    )


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a credit for one open item, in yuan."""

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


def in_order(left: Decimal, open_amounts: Iterable[tuple[UUID, Decimal]]) -> list[Share]:
    """How `left` yuan cover items in the order given; an item may come twice, as what of it is disputed does."""
    shares: dict[UUID, Decimal] = {}
    for item, open_amount in open_amounts:
        part = min(left, open_amount)
        if part > 0:
            shares[item] = shares.get(item, ZERO) + part
            left -= part
    return [Share(item, amount) for item, amount in shares.items()]


def due_after_bounce(due_on: date, open_before: Decimal, bounced_on: date) -> date:
    """When a debit is due that a bounced prepayment opens again.

    One that it had paid whole is due on the day it bounced; one of which something was open is due as it was.
    """
    return due_on if open_before > 0 else max(due_on, bounced_on)


class EntryKind(StrEnum):
    """What an entry of the ledger is about."""

    INVOICE = "invoice"
    PAYMENT = "payment"
    PREPAYMENT = "prepayment"
    REVERSAL = "reversal"
    CREDIT_NOTE = "credit_note"
    INVOICE_CANCELLED = "invoice_cancelled"
    CREDIT_NOTE_CANCELLED = "credit_note_cancelled"
    TRANSFER = "transfer"
    REFUND = "refund"
    WRITE_OFF = "write_off"
    ROUNDING = "rounding"


class Figure(StrEnum):
    """A figure of the account that the ledger adds up to."""

    RECEIVABLE = "receivable"
    WRITTEN_OFF = "written_off"
    SETTLED_TOTAL = "settled_total"
    PREPAID_TOTAL = "prepaid_total"


class Checked(StrEnum):
    """What is held against the ledger besides: the items in sum, the prepayments in sum, one item's open amount."""

    OPEN_ITEMS = "open_items"
    OPEN_PREPAYMENTS = "open_prepayments"
    OPEN_AMOUNT = "open_amount"


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored figure, in yuan, that is not what the ledger says, or of one `item` what its allocations say."""

    account_id: UUID
    figure: Figure | Checked
    stored: Decimal
    ledger: Decimal
    item: UUID | None = None
