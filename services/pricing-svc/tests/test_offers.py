"""What proposals and authority tables offer their reader is what he may do with them, and all of it."""

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from fangxing.roles import Role
from fangxing_testing.offers import Try, approval_of, false_offers, one_of_each_role

if TYPE_CHECKING:
    from conftest import Desk

OPINION = {"cost_per_ton": "7000.00", "opinion": "可行"}


def opinion_of(side: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda proposal: {"side": side, **OPINION}


def people_of(desk: "Desk") -> dict[str, dict[str, str]]:
    return {
        **one_of_each_role(desk.service.identities),
        "the author": desk.sign_in("rep"),
        "a colleague": desk.sign_in("rep2", Role.SALES_REP),
        "the author who is a manager too": desk.sign_in("rep", Role.SALES_REP, Role.SALES_MANAGER),
        "an author who went to production": desk.sign_in("rep", Role.PRODUCTION),
        "who signed the first step": desk.sign_in("boss", Role.SALES_MANAGER, Role.PRICE_COMMITTEE),
        "who signed for finance": desk.sign_in("finance"),
        "who drafted the table": desk.sign_in("manager", Role.SALES_MANAGER, Role.GENERAL_MANAGER),
    }


@pytest.mark.parametrize("state", ["first step", "second step", "returned"])
async def test_an_adjustment(desk: "Desk", state: str) -> None:
    numbers = count()
    desk.people["boss"] = (Role.SALES_MANAGER, Role.PRICE_COMMITTEE)

    async def make() -> dict[str, Any]:
        product = await desk.product(f"FDY-{next(numbers)}")
        proposal = await desk.propose(product, "8000.00")
        if state == "second step":
            await desk.approve(proposal, "boss")
        if state == "returned":
            body = {**approval_of(proposal), "decision": "return"}
            await desk.done("manager", desk.path(proposal), body)
        return await desk.read(f"/price-proposals/{proposal['id']}")

    assert await false_offers(desk.service, "/price-proposals/{id}", make, TRIES, people_of(desk)) == []


@pytest.mark.parametrize("state", ["opinions", "one opinion", "draft"])
async def test_a_new_products_price(desk: "Desk", state: str) -> None:
    numbers = count()

    async def make() -> dict[str, Any]:
        product = await desk.product(f"FDY-{next(numbers)}", since=None)
        proposal = await desk.done("rep", "/price-proposals", {"product_id": product["id"]})
        for side, person in (("finance", "finance"), ("production", "production")):
            if state == "draft" or (state, side) == ("one opinion", "finance"):
                await desk.done(person, desk.path(proposal, "opinions"), {"side": side, **OPINION})
        return await desk.read(f"/price-proposals/{proposal['id']}")

    people = people_of(desk)
    finance = {person for person, headers in people.items() if person in FINANCE}
    for tries, some in (
        ({**TRIES, "sign_opinion": FOR_FINANCE}, {one: people[one] for one in finance}),
        (TRIES, {one: people[one] for one in people.keys() - finance}),
    ):
        assert await false_offers(desk.service, "/price-proposals/{id}", make, tries, some) == []


@pytest.mark.parametrize("state", ["first step", "second step", "returned"])
async def test_an_authority_table(desk: "Desk", state: str) -> None:
    numbers = count()

    async def make() -> dict[str, Any]:
        family = f"F{next(numbers)}"
        await desk.product(f"FDY-{family}", family=family)
        table = await desk.draft_authority(("3.00", "5.00"), ("6.00", "10.00"), family=family)
        path = f"/authority-tables/{table['id']}"
        if state == "second step":
            await desk.done("committee", f"{path}/decisions", approval_of(table))
        if state == "returned":
            await desk.done("committee", f"{path}/decisions", {**approval_of(table), "decision": "return"})
        return await desk.read(path)

    tries = {
        "decide": Try("/authority-tables/{id}/decisions", approval_of),
        "revise": Try(
            "/authority-tables/{id}/revision",
            lambda table: {
                "bands": [
                    {"role": role, "percent_below": below, "percent_above": below}
                    for role, below in (("sales_rep", "3.00"), ("sales_manager", "6.00"))
                ]
            },
        ),
        "withdraw": Try("/authority-tables/{id}/withdrawal"),
    }
    assert await false_offers(desk.service, "/authority-tables/{id}", make, tries, people_of(desk)) == []


FINANCE = {Role.ACCOUNTANT, Role.FINANCE_MANAGER, "who signed for finance"}
FOR_FINANCE = Try("/price-proposals/{id}/opinions", opinion_of("finance"))
TRIES = {
    "sign_opinion": Try("/price-proposals/{id}/opinions", opinion_of("production")),
    "submit": Try("/price-proposals/{id}/submission", lambda proposal: {"base_price": "8100.00", "evidence": "市价"}),
    "decide": Try("/price-proposals/{id}/decisions", approval_of),
    "withdraw": Try("/price-proposals/{id}/withdrawal"),
}
