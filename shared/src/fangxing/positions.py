"""Credit positions 信用头寸: what the two writers of a credit account tell each other.

Each side's figures of an account form its position, numbered by (epoch, version) under the account's row lock and sent
whole with every change. A reader overwrites its copy where a position is newer and ignores it otherwise, so that order,
loss of all but the newest and replay do no harm. Restoring a backup bumps the epoch.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel

from fangxing.clauses import clause
from fangxing.money import ZERO

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute


class Grade(StrEnum):
    """A customer's grade 客户等级 (2-5.3.1); `ungraded` is a new customer before his first evaluation (2-5.2)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    UNGRADED = "ungraded"


@clause("2-5.3.1-C", "2-5.3.1-D")
def grade_on(grade: Grade, *, c_from: date | None, d_from: date | None, day: date) -> Grade:
    """The grade on `day`: from `d_from` on D and from `c_from` on at best C, whether or not anybody has said so yet.

    The dates are those on which the grade falls by itself if nothing more is paid or traded; None where none is known.
    """
    if d_from is not None and day >= d_from:
        return Grade.D
    if c_from is not None and day >= c_from and grade is not Grade.D:
        return Grade.C
    return grade


@clause("2-5.3.2", "2-5.2")
def effective_limit(grade: Grade, limit: Decimal | None) -> Decimal | None:
    """The limit in yuan that a grade gives: none for A (no cap), B's own, 0 for C, D and ungraded."""
    if grade is Grade.A:
        return None
    return (limit or ZERO) if grade is Grade.B else ZERO


@clause("5-4.2.1-B")
def exposure(account: Any) -> Decimal:
    """Exposure 欠款额度 in yuan: receivables, plus shipped and not invoiced, plus released and not shipped.

    `account` is a row or the figures of a credit account, with those of both positions.
    """
    owed: Decimal = account.receivable + account.written_off + account.released
    not_invoiced: Decimal = account.shipped_total - account.settled_total
    not_covered: Decimal = account.prepaid_used_total - account.prepaid_total
    return owed + not_invoiced + max(ZERO, not_covered)


class Version(NamedTuple):
    """The number of a position; a later one compares greater."""

    epoch: int
    version: int

    def __str__(self) -> str:
        """As the envelope carries it: "epoch.version"."""
        return f"{self.epoch}.{self.version}"


class Seen(BaseModel):
    """The newest position of the other side that was known when a position was written."""

    epoch: int
    version: int

    @property
    def number(self) -> Version:
        """The number of that position."""
        return Version(self.epoch, self.version)


class Step(StrEnum):
    """What a position that arrives is to the copy there is."""

    NEXT = "next"
    OLD = "old"
    OUT_OF_LINE = "out_of_line"


def step(known: Version, arrived: Version, *, restated: bool, answer: bool) -> Step:
    """Whether the position `arrived` comes next after the copy `known`; epoch 0 is an account not heard of.

    A version may jump, since readers may come late. An epoch moves by one where the writer has restated the position
    for its own sake, and by more only where that answers the reader's own question.
    """
    if arrived <= known:
        return Step.OLD
    first = known.epoch == 0 and arrived.epoch == 1
    by_one = restated and arrived.epoch == known.epoch + 1
    return Step.NEXT if answer or first or by_one or arrived.epoch == known.epoch else Step.OUT_OF_LINE


def older_than(
    number: Version, epoch: "InstrumentedAttribute[int]", version: "InstrumentedAttribute[int]"
) -> "ColumnElement[bool]":
    """Whether the copy numbered by the columns `epoch` and `version` is older than the position `number`."""
    return (epoch < number.epoch) | ((epoch == number.epoch) & (version < number.version))


def account_document(account: UUID) -> str:
    """The name of a credit account as a document."""
    return f"credit-account/{account}"


def account_id(key: str) -> UUID | None:
    """The credit account a message's key names; None where no account can have that key."""
    try:
        return UUID(key)
    except ValueError:
        return None


def version_of(row: Any) -> Version:
    """The number of the own position in an account's `row`."""
    return Version(row.epoch, row.version)
