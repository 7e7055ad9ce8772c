"""Hands 经手: the pairs of actions that no person does both of on one chain of documents (1-3).

The pairs that the code names are in force with the release that brings them, also in a database that is there already:
the policy holds only what the factory changes in them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from fangxing.policies import Policy, PolicyRegistry
from fangxing.roles import Role
from fangxing.text import Text
from fangxing.validation import Body, invalid

_KEY = "hands.incompatible"
_Hands = Mapping[str, Collection[str]]


def _name(value: str) -> str:
    kind, dot, action = value.partition(".")
    if not (kind and dot and action):
        raise invalid("action-name", Text("须为 单据.动作，如 notice.file", "an action is <document>.<action>"))
    return value


ActionName = Annotated[str, StringConstraints(max_length=80), AfterValidator(_name)]
Pair = tuple[ActionName, ActionName]
"""Two actions; which of them comes first is all the same."""


class Loosened(Body):
    """A pair of the release that one person may do both of from `since` to the end of the day `until`."""

    pair: Pair
    since: date
    until: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not 0 <= (self.until - self.since).days < MOST_LOOSENED_DAYS:
            raise invalid("pair-days", _DAYS, most=MOST_LOOSENED_DAYS)
        return self

    def holds(self, day: date) -> bool:
        """Whether the pair is loosened on `day`."""
        return self.since <= day <= self.until


class PairChanges(Body):
    """What the factory changes in the pairs of a release: those it adds, and those of the release it loosens."""

    added: list[Pair] = Field(default_factory=list)
    loosened: list[Loosened] = Field(default_factory=list)


@dataclass(frozen=True)
class PairsPolicy(Policy[PairChanges]):
    """The policy of a service's incompatible actions: `pairs`, of the release, hold unless the value loosens them.

    `own` are the actions of the service's documents, `elsewhere` those of others whose hands it is told, each as
    people say it.
    """

    pairs: tuple[Pair, ...] = ()
    own: Callable[[], Mapping[str, Text]] = dict
    elsewhere: Mapping[str, Text] = field(default_factory=dict)

    def in_force(self, changes: PairChanges | None, day: date) -> list[Pair]:
        """The pairs that hold on `day` under a value of the policy; without one those of the release."""
        changes = changes or PairChanges()
        loosened = _unordered(one.pair for one in changes.loosened if one.holds(day))
        return [*(pair for pair in self.pairs if frozenset(pair) not in loosened), *changes.added]

    def conflict(self, done: Collection[str], then: str, changes: PairChanges | None, day: date) -> str | None:
        """What of `done` the same person does not do `then` after."""
        return _against(self.in_force(changes, day), done, then)

    def loosened(self, done: Collection[str], then: str, changes: PairChanges | None, day: date) -> str | None:
        """What of `done` somebody does `then` after only because a pair is loosened on `day`."""
        loosened = [one.pair for one in (changes or PairChanges()).loosened if one.holds(day)]
        return _against(loosened, done, then)

    def clash(self, hands: _Hands, others: _Hands, changes: PairChanges | None, day: date) -> bool:
        """Whether somebody did to one document what does not go with what he did to the other."""
        return any(
            not set(hands.get(first, ())).isdisjoint(others.get(second, ()))
            for pair in self.in_force(changes, day)
            for first, second in (pair, pair[::-1])
        )

    def spoken(self, name: str) -> Text:
        """An action as people say it; as it is where the service no longer knows it."""
        return self.own().get(name) or self.elsewhere.get(name) or Text(name, name)

    def rows(self, value: PairChanges | None) -> list[Text]:
        """The pairs in force and what of them is loosened for which days, as people say them."""
        changes = value or PairChanges()
        return [
            *(self.said(pair) for pair in (*self.pairs, *changes.added)),
            *(_loosened(self.said(one.pair), one) for one in changes.loosened),
        ]

    def said(self, pair: Pair) -> Text:
        """A pair as people say it."""
        first, second = (self.spoken(name) for name in pair)
        return Text(f"{first.zh} × {second.zh}", f"{first.en} × {second.en}")


def pairs_of(registry: PolicyRegistry) -> PairsPolicy | None:
    """The policy of incompatible actions of a service that has one."""
    policy = registry.by_key.get(_KEY)
    return policy if isinstance(policy, PairsPolicy) else None


def pairs_policy(
    pairs: Iterable[Pair],
    *,
    own: Callable[[], Mapping[str, Text]],
    elsewhere: Mapping[str, Text],
) -> PairsPolicy:
    """The policy of the `pairs` of a service; its documents need not be there before a value is set."""
    release = tuple(pairs)

    def check(changes: PairChanges) -> PairChanges:
        _check_added(changes.added, own(), elsewhere)
        if stray := next(
            (pair for pair in [one.pair for one in changes.loosened] if frozenset(pair) not in _unordered(release)),
            None,
        ):
            raise invalid("pair-unknown", _NO_PAIR, pair=" × ".join(stray))
        return changes

    return PairsPolicy(
        key=_KEY,
        type=PairChanges,
        asked=Annotated[PairChanges, AfterValidator(check)],
        owner=Role.FINANCE_MANAGER,
        clause="1-3",
        text=Text("同一人不得兼办的环节", "pairs of actions that no person does both of"),
        initial=PairChanges(),
        widens=True,
        pairs=release,
        own=own,
        elsewhere=elsewhere,
    )


def _against(pairs: Iterable[Pair], done: Collection[str], then: str) -> str | None:
    against = {first for pair in pairs for first, second in (pair, pair[::-1]) if second == then}
    return min(against.intersection(done), default=None)


def _loosened(pair: Text, one: Loosened) -> Text:
    return Text(f"放宽 {pair.zh}（{one.since} 至 {one.until}）", f"loosened: {pair.en} ({one.since} to {one.until})")


MOST_LOOSENED_DAYS = 366
_DAYS = Text("放宽的起止日期颠倒，或超过 {most} 天", "the days are in the wrong order, or more than {most}")
_NO_PAIR = Text("没有“{pair}”这一对可放宽", "there is no pair '{pair}' to loosen")
_NO_ACTION = Text("没有动作 {name}", "there is no action {name}")
_NOT_HERE = Text("{pair} 都不是本服务的动作", "neither action of {pair} is done in this service")


def _check_added(pairs: Iterable[Pair], own: Collection[str], elsewhere: Collection[str]) -> None:
    for pair in pairs:
        if stray := next((name for name in pair if name not in own and name not in elsewhere), None):
            raise invalid("action-unknown", _NO_ACTION, name=stray)
        if not any(name in own for name in pair):
            raise invalid("action-elsewhere", _NOT_HERE, pair=" × ".join(pair))


def _unordered(pairs: Iterable[Pair]) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in pairs}
