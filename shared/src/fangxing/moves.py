"""Moves 流转: which action takes a document from which states to which, and by whom. Data alone: no engine, no hooks.

A feature declares them once, in its rules::

    MOVES: Moves[Status, Action] = {
        Action.FILE: Move(NEW, {Status.FINANCE_REVIEW}, {Role.SALES_REP}),
        Action.DECIDE: Move({Status.IN_APPROVAL}, {Status.RELEASED, Status.REJECTED}, ROUTE, deciders=DECIDERS),
        Action.EXPIRE: Move({Status.RELEASED}, {Status.EXPIRED}, TIMER),
    }

Who may call a route, which state refuses it and with what advice, what an answer offers, and the diagrams in the docs
are all read from it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, NamedTuple, TypeVar

from fangxing.roles import Role
from fangxing.text import Text

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


class By(StrEnum):
    """Who moves a document where it is not one of a few roles."""

    ROUTE = "route"
    TIMER = "timer"
    EVENT = "event"
    AUTHOR = "author"
    WORKER = "worker"


ROUTE = By.ROUTE
"""Whoever the current step of the document's approval route names."""
TIMER = By.TIMER
"""The clock."""
EVENT = By.EVENT
"""Something that happened elsewhere."""
AUTHOR = By.AUTHOR
"""Whoever made the document, in whatever role; its use case asks who that is."""
WORKER = By.WORKER
"""The service itself, in the background."""
NEW: frozenset[Any] = frozenset()
"""From nothing: the action by which the document comes to be."""


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """One action: from any state of `from_` to one of `to`, by roles or by one of `By`.

    `deciders` are the roles that a route may name, for `ROUTE` alone. An action that leaves the state as it is names
    the same states on both sides.
    """

    from_: Collection[S]
    to: Collection[S]
    by: Collection[Role] | By
    deciders: Collection[Role] = ()

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that may ask for it; empty where the clock, an event or the worker moves the document."""
        if self.by is AUTHOR:
            return frozenset(Role)
        return frozenset(self.deciders if isinstance(self.by, By) else self.by)


Moves = Mapping[A, Move[S]]
"""The moves of one kind of document, by action."""


class Words(NamedTuple):
    """A kind of document, its states and its actions as people say them."""

    name: Text
    states: Mapping[StrEnum, Text]
    actions: Mapping[StrEnum, Text]


def possible(moves: Moves[A, S], status: S) -> dict[A, Move[S]]:
    """What can be done with a document in `status`."""
    return {action: move for action, move in moves.items() if status in move.from_}


def dead_ends(moves: Moves[A, S], final: Collection[S]) -> set[S]:
    """The states that can be reached, are not `final`, and that nothing leads out of."""
    leaving = {state for move in moves.values() for state in move.from_ if set(move.to) - {state}}
    return reachable(moves) - leaving - set(final)


def reachable(moves: Moves[A, S]) -> set[S]:
    """The states a document can come to."""
    found: set[S] = set()
    while True:
        more = found | set(_next(moves.values(), found))
        if more == found:
            return found
        found = more


def _next(moves: Iterable[Move[S]], states: set[S]) -> Iterable[S]:
    return (state for move in moves if not move.from_ or states.intersection(move.from_) for state in move.to)
