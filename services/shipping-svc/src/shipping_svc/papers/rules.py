"""Pure rules of the papers that go with a truck."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from fangxing.clauses import clause
from fangxing.money import ZERO
from fangxing.moves import EVENT, NEW, Move, Moves
from fangxing.roles import Role


class NoteStatus(StrEnum):
    """Where a delivery note is: with the truck in the yard, or out of the gate."""

    SIGNED = "signed"
    LEFT = "left"


class NoteAction(StrEnum):
    """What can be done with a delivery note."""

    SIGN = "sign"
    REISSUE_PASS = "reissue_pass"
    LEAVE = "leave"


NOTE_MOVES: Moves[NoteAction, NoteStatus] = {
    NoteAction.SIGN: Move(NEW, {NoteStatus.SIGNED}, {Role.WAREHOUSE_KEEPER}),
    NoteAction.REISSUE_PASS: Move({NoteStatus.SIGNED}, {NoteStatus.SIGNED}, {Role.WAREHOUSE_SUPERVISOR}),
    # with its pass, at the gate
    NoteAction.LEAVE: Move({NoteStatus.SIGNED}, {NoteStatus.LEFT}, EVENT),
}
NOTE_FINAL = frozenset({NoteStatus.LEFT})


class PassStatus(StrEnum):
    """Whether an exit pass still lets its truck out; one whose hours are over is `issued` until it is void."""

    ISSUED = "issued"
    USED = "used"
    VOID = "void"


class PassAction(StrEnum):
    """What can be done with an exit pass."""

    ISSUE = "issue"
    LET_OUT = "let_out"
    VOID = "void"


PASS_MOVES: Moves[PassAction, PassStatus] = {
    PassAction.ISSUE: Move(NEW, {PassStatus.ISSUED}, {Role.WAREHOUSE_KEEPER, Role.WAREHOUSE_SUPERVISOR}),
    PassAction.LET_OUT: Move({PassStatus.ISSUED}, {PassStatus.USED}, {Role.GATE_GUARD}),
    # another one is issued
    PassAction.VOID: Move({PassStatus.ISSUED}, {PassStatus.VOID}, {Role.WAREHOUSE_SUPERVISOR}),
}
PASS_FINAL = frozenset({PassStatus.USED, PassStatus.VOID})


@clause("5-4.2.1-E")
def within_reservation(values: Sequence[Decimal], reserved: Decimal) -> list[Decimal]:
    """The lines' values in yuan, together at most `reserved`.

    Rounding lot by lot may add cents to what was reserved: the last lines give them up.
    """
    over = sum(values, ZERO) - reserved
    kept = []
    for value in reversed(values):
        given = min(max(ZERO, over), value)
        over -= given
        kept.append(value - given)
    return kept[::-1]


@clause("5-4.2.1-B")
def falls_short(reserved: Decimal, tons: Iterable[tuple[Decimal, Decimal]]) -> bool:
    """Whether a notice closes with something not loaded: yuan still `reserved`, or of a line less loaded than noticed.

    `tons` are (loaded, noticed) of each line. With the load tolerance yuan may be left and no tons.
    """
    return reserved > 0 or any(loaded < noticed for loaded, noticed in tons)


@clause("5-4.2.1-F")
def valid_until(now: datetime, hours: int | None) -> datetime:
    """The last moment of a pass issued now; without a policy it is good for one hour."""
    return now + timedelta(hours=hours or 1)


@clause("5-4.2.1-F")
def is_short_number(typed: str) -> bool:
    """Whether `typed` is eight digits of which the last one is the check digit."""
    return typed.isascii() and typed.isdigit() and len(typed) == 8 and check_digit(typed[:-1]) == typed[-1]


@clause("5-4.2.1-F")
def check_digit(digits: str) -> str:
    """The Luhn check digit of a short number, so that one mistyped digit never finds another truck's pass."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)
