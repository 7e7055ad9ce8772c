"""I13: from every state of every document that is not final some role, timer or event leads on."""

import pytest

from fangxing.documents import Documented, actions_of
from fangxing.hands import pairs_of
from fangxing.moves import dead_ends, possible, reachable
from standalone.diagrams import OF_THE_MACHINERY, documents_of
from standalone.services import SERVICES

KINDS = [*OF_THE_MACHINERY, *(kind for service in SERVICES.values() for kind in documents_of(service))]


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


PAIRS = {name: pairs_of(service.policies) for name, service in SERVICES.items()}


def test_every_service_has_pairs_of_incompatible_actions() -> None:
    assert None not in PAIRS.values()
    assert len({frozenset(pair) for policy in PAIRS.values() if policy for pair in policy.pairs}) >= 15


@pytest.mark.parametrize("name", PAIRS)
def test_the_pairs_name_actions_there_are_each_with_one_of_its_own_service(name: str) -> None:
    policy, own = PAIRS[name], actions_of(SERVICES[name].package)
    assert policy is not None
    documents = [*OF_THE_MACHINERY, *documents_of(SERVICES[name])]
    moves = {f"{kind.document_kind}.{action}" for kind in documents for action in kind.moves}
    assert set(own) == moves
    for pair in policy.pairs:
        assert set(pair) <= own.keys() | policy.elsewhere.keys()
        assert not own.keys().isdisjoint(pair)


@pytest.mark.parametrize("name", PAIRS)
def test_actions_of_other_services_are_said_as_they_say_them(name: str) -> None:
    policy = PAIRS[name]
    assert policy is not None
    others = [service for other, service in SERVICES.items() if other != name]
    said = {action: text for service in others for action, text in actions_of(service.package).items()}
    assert policy.elsewhere.items() <= said.items()
