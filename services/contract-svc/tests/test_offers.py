"""What a contract offers its reader is what he may do with it, and all of it."""

from typing import TYPE_CHECKING, Any

import pytest

from fangxing.roles import Role
from fangxing_testing.offers import Try, approval_of, false_offers, one_of_each_role

if TYPE_CHECKING:
    from conftest import World

REVISED = ("starts_on", "ends_on", "terms")
TRIES = {
    "revise": Try("/contracts/{id}", lambda contract: contract["revision"], "PUT"),
    "submit": Try("/contracts/{id}/submission"),
    "decide": Try("/contracts/{id}/decisions", approval_of),
}


@pytest.mark.parametrize("state", ["draft", "first step", "second step", "returned"])
async def test_what_is_offered_is_answered_and_what_is_not_is_refused(world: "World", state: str) -> None:
    await world.authority()
    customer, product = await world.customer(), await world.product()
    headers = world.service.identities.headers
    boss = headers("boss", Role.SALES_MANAGER, Role.GENERAL_MANAGER)

    async def make() -> dict[str, Any]:
        body = world.body(customer, product, tons="20.000")
        contract = await world.draft(customer, product, tons="20.000")
        if state != "draft":
            contract = await world.submit(contract)
        if state == "second step":
            await world.decide(contract, boss)
        if state == "returned":
            await world.decide(contract, boss, "return")
        contract = await world.contract(contract["id"])
        return {**contract, "revision": {name: body[name] for name in (*REVISED, "lines")}}

    people = {
        **one_of_each_role(world.service.identities),
        "the rep": world.rep,
        "a colleague": world.rep2,
        "the rep who is a manager too": headers("rep1", Role.SALES_REP, Role.SALES_MANAGER),
        "a colleague who is a manager too": headers("rep2", Role.SALES_REP, Role.SALES_MANAGER),
        "a colleague in production": headers("rep2", Role.SALES_REP, Role.PRODUCTION),
        "who signed the first step": boss,
    }
    assert await false_offers(world.service, "/contracts/{id}", make, TRIES, people) == []
