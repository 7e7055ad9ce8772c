"""I13: from every state of every document that is not final some role, timer or event leads on."""

import pytest

from fangxing.documents import Documented
from fangxing.moves import dead_ends, possible, reachable
from standalone.diagrams import documents_of
from standalone.services import SERVICES

KINDS = [kind for service in SERVICES.values() for kind in documents_of(service)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.document_kind)
def test_every_state_that_is_not_final_leads_on(kind: type[Documented]) -> None:
    states = set(kind.words.states)
    assert dead_ends(kind.moves, kind.final) == set()
    assert reachable(kind.moves) == states, "a state nothing leads to"
    assert set(kind.words.actions) == set(kind.moves)
    for state in kind.final:
        leaving = {action for action, move in possible(kind.moves, state).items() if set(move.to) != {state}}
        assert leaving == set(), f"{state} is said to be final"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.document_kind)
def test_the_states_are_a_closed_set_in_the_database(kind: type[Documented]) -> None:
    column = kind.__table__.c.status  # type: ignore[attr-defined]
    assert set(column.type.enums) == {str(state) for state in kind.words.states}


def test_every_document_has_a_kind_of_its_own() -> None:
    names = [kind.document_kind for kind in KINDS]
    assert len(names) == len(set(names))


def test_the_pairs_of_incompatible_actions_name_actions_there_are() -> None:
    known = {f"{kind.document_kind}.{action}" for kind in KINDS for action in kind.moves}
    pairs = [
        pair
        for service in SERVICES.values()
        if (policy := service.policies.by_key.get("hands.incompatible")) is not None
        for pair in policy.initial or ()
    ]
    assert {action for pair in pairs for action in pair} <= known
    assert len({frozenset(pair) for pair in pairs}) >= 15
