"""1-3: the pairs of actions that no person does both of, tried one by one; somebody else does the second at once."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from fangxing.breaches.rules import BREACH_PAIRS
from fangxing.phone.rules import PHONE_PAIRS
from fangxing.roles import Role
from pricing_svc.approval.policies import PAIRS

if TYPE_CHECKING:
    from conftest import Desk

ZHAO = "zhao"
FINANCE = {"side": "finance", "cost_per_ton": "7100.00", "opinion": "Margin of 10 % at 7800."}
PRODUCTION = {"side": "production", "cost_per_ton": "7000.50", "opinion": "Second grade 6 % in the trial."}
DRAFT = {"base_price": "7800.00"}
Second = tuple[str, dict[str, Any]]


class Attempt(NamedTuple):
    """Zhao in two roles does the first action; the second is his no more, but `other`'s."""

    roles: tuple[Role, Role]
    play: "Callable[[Desk], Awaitable[Second]]"
    other: str
    slug: str


def yes(document: dict[str, Any], decision: str = "approve") -> dict[str, Any]:
    """A decision on what was seen."""
    return {"decision": decision, "seen_hash": document["approval"]["hash"]}


async def drafted(desk: "Desk", *, by: str = "rep", finance: str = "accountant") -> dict[str, Any]:
    """A new product's proposal with both opinions."""
    product = await desk.product("NEW-1", since=None)
    proposal = await desk.done(by, "/price-proposals", {"product_id": product["id"]})
    await desk.done(finance, desk.path(proposal, "opinions"), FINANCE)
    return await desk.done("production", desk.path(proposal, "opinions"), PRODUCTION)


async def propose_then_sign(desk: "Desk") -> Second:
    product = await desk.product("NEW-1", since=None)
    proposal = await desk.done(ZHAO, "/price-proposals", {"product_id": product["id"]})
    return desk.path(proposal, "opinions"), FINANCE


async def sign_then_sign(desk: "Desk") -> Second:
    product = await desk.product("NEW-1", since=None)
    proposal = await desk.done("rep", "/price-proposals", {"product_id": product["id"]})
    await desk.done(ZHAO, desk.path(proposal, "opinions"), FINANCE)
    return desk.path(proposal, "opinions"), PRODUCTION


async def propose_then_decide(desk: "Desk") -> Second:
    proposal = await desk.propose(await desk.product(), "8000.00", by=ZHAO)
    await desk.approve(proposal, "manager", "committee")
    return desk.path(proposal), yes(proposal)


async def sign_then_decide(desk: "Desk") -> Second:
    proposal = await drafted(desk, finance=ZHAO)
    submitted = await desk.done("rep", desk.path(proposal, "submission"), DRAFT)
    await desk.approve(submitted, "manager")
    return desk.path(proposal), yes(submitted)


async def submit_then_decide(desk: "Desk") -> Second:
    proposal = await drafted(desk)
    submitted = await desk.done(ZHAO, desk.path(proposal, "submission"), DRAFT)
    return desk.path(proposal), yes(submitted)


async def draft_then_decide(desk: "Desk") -> Second:
    await desk.product()
    table = await desk.draft_authority(("3.00", "5.00"), ("8.00", "10.00"), by=ZHAO)
    return f"/authority-tables/{table['id']}/decisions", yes(table)


async def revise_then_decide(desk: "Desk") -> Second:
    await desk.product()
    table = await desk.draft_authority(("3.00", "5.00"), ("8.00", "10.00"))
    path = f"/authority-tables/{table['id']}"
    await desk.done("committee", f"{path}/decisions", yes(table, "return"))
    revised = await desk.done(ZHAO, f"{path}/revision", {"bands": table["bands"]})
    return f"{path}/decisions", yes(revised)


ATTEMPTS = {
    ("price-proposal.propose", "price-proposal.sign_opinion"): Attempt(
        (Role.SALES_REP, Role.ACCOUNTANT), propose_then_sign, "accountant", "incompatible-hands"
    ),
    ("price-proposal.sign_opinion", "price-proposal.sign_opinion"): Attempt(
        (Role.ACCOUNTANT, Role.PRODUCTION), sign_then_sign, "production", "incompatible-hands"
    ),
    ("price-proposal.propose", "price-proposal.decide"): Attempt(
        (Role.PRODUCTION, Role.GENERAL_MANAGER), propose_then_decide, "gm", "own-case"
    ),
    ("price-proposal.sign_opinion", "price-proposal.decide"): Attempt(
        (Role.ACCOUNTANT, Role.GENERAL_MANAGER), sign_then_decide, "gm", "own-case"
    ),
    ("price-proposal.submit", "price-proposal.decide"): Attempt(
        (Role.SALES_MANAGER, Role.GENERAL_MANAGER), submit_then_decide, "gm", "own-case"
    ),
    ("authority-table.draft", "authority-table.decide"): Attempt(
        (Role.SALES_MANAGER, Role.PRICE_COMMITTEE), draft_then_decide, "committee", "own-case"
    ),
    ("authority-table.revise", "authority-table.decide"): Attempt(
        (Role.SALES_MANAGER, Role.PRICE_COMMITTEE), revise_then_decide, "committee", "own-case"
    ),
}


def test_1_3_every_pair_is_tried() -> None:
    # those of the machinery are tried where it is tested
    assert set(ATTEMPTS) == set(PAIRS.pairs) - {*BREACH_PAIRS, *PHONE_PAIRS}


@pytest.mark.parametrize("pair", ATTEMPTS, ids=" x ".join)
async def test_1_3_nobody_does_both(desk: "Desk", pair: tuple[str, str]) -> None:
    attempt = ATTEMPTS[pair]
    desk.people[ZHAO] = attempt.roles
    path, body = await attempt.play(desk)
    assert await desk.refused(ZHAO, path, body) == (403, attempt.slug)
    await desk.done(attempt.other, path, body)


async def test_1_3_whoever_decided_does_not_submit_in_the_authors_place(desk: "Desk") -> None:
    proposal = await desk.propose(await desk.product(), "8000.00")
    await desk.done("manager", desk.path(proposal), yes(proposal, "return"))
    revised = {"base_price": "7900.00"}
    assert await desk.refused("manager", desk.path(proposal, "submission"), revised) == (403, "incompatible-hands")
    await desk.done("manager2", desk.path(proposal, "submission"), revised)


async def test_1_3_the_finance_manager_proposes_other_pairs_and_the_gm_confirms(desk: "Desk") -> None:
    proposal = await desk.propose(await desk.product(), "8000.00", by="finance")
    desk.people["finance"] = (Role.FINANCE_MANAGER, Role.SALES_MANAGER)
    assert await desk.refused("finance", desk.path(proposal), yes(proposal)) == (403, "own-case")
    pair = {
        "pair": ["price-proposal.propose", "price-proposal.decide"],
        "since": "2026-03-02",
        "until": "2026-03-31",
    }
    rows = "/policies/hands.incompatible/versions"
    await desk.done("finance", rows, {"value": {"loosened": [pair]}, "effective_from": "2026-03-02"})
    assert (await desk.refused("finance", f"{rows}/2/confirmation"))[0] == 403
    await desk.done("gm", f"{rows}/2/confirmation")
    # what he made himself stays out of his reach, whatever the pairs say
    assert await desk.refused("finance", desk.path(proposal), yes(proposal)) == (403, "own-case")
