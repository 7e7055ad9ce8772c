"""docs/states.md: every document's states and what moves it, and the pairs of actions no person does both of."""

from collections.abc import Iterator
from typing import Any

from fangxing.documents import MACHINERY, Documented, by_whom, kinds
from fangxing.hands import PairsPolicy, pairs_of
from fangxing.moves import Move
from fangxing.running.service import Service
from standalone.services import SERVICES

_HEAD = """# States 状态

Made from the code by `make documents`: what each document goes through, by which action, by whom. A state with an arrow
to the end is final. The table under each chapter names the actions that no person does both of on one chain of
documents; by the policy `hands.incompatible` GM and finance manager together loosen a row or add one.
"""


def documents_of(service: Service) -> list[type[Documented]]:
    """The kinds of document of a service, by name."""
    return sorted(kinds(service.package), key=lambda kind: kind.document_kind)


OF_THE_MACHINERY: list[type[Documented]] = sorted(kinds(MACHINERY), key=lambda kind: kind.document_kind)
"""The kinds of document that the machinery has."""


def states_page() -> str:
    """The whole page."""
    parts = [_HEAD, "## in every service that has them\n"]
    parts += [_diagram(kind) for kind in OF_THE_MACHINERY]
    for service in SERVICES.values():
        parts.append(f"## {service.name}\n")
        parts += [_diagram(kind) for kind in documents_of(service)]
        parts += _pairs(service)
    return "\n".join(parts)


def _diagram(kind: type[Documented]) -> str:
    words = kind.words
    lines = [f"### {kind.document_kind} {words.name.zh} ({words.name.en})", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {state}: {said.zh} {state}" for state, said in words.states.items()]
    for action, move in kind.moves.items():
        said = words.actions[action]
        who = by_whom(move)
        lines += [f"    {arrow}: {said.zh} {action}（{who.zh}）" for arrow in _arrows(move)]
    lines += [f"    {state} --> [*]" for state in sorted(kind.final)]
    return "\n".join([*lines, "```", ""])


def _arrows(move: Move[Any]) -> Iterator[str]:
    starts = sorted(move.from_) or ["[*]"]
    stays = set(starts) <= set(move.to)
    for start in starts:
        # an action that leaves each state as it is goes round there alone
        ends = [end for end in sorted(move.to) if not stays or end == start or end not in starts]
        yield from (f"{start} --> {end}" for end in ends)


def _pairs(service: Service) -> list[str]:
    policy = pairs_of(service.policies)
    if policy is None:
        return []
    lines = ["| nobody does both 同一人不得兼办 | |", "| --- | --- |"]
    lines += [f"| {_said(policy, first)} | {_said(policy, second)} |" for first, second in policy.pairs]
    return ["\n".join([*lines, ""])]


def _said(policy: PairsPolicy, action: str) -> str:
    return f"{policy.spoken(action).zh} `{action}`"
