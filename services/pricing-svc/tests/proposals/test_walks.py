"""The flows under random and concurrent use: a price enters the table with a GM's yes, and in no other moment."""

import asyncio
import random
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from conftest import Desk

STAGES = ("samples", "trial", "mass_production", "stopped")


async def step(desk: "Desk", chance: random.Random, product_id: str, proposals: list[str]) -> httpx.Response:
    """One random person does one random thing."""
    person = chance.choice(("rep", "manager", "gm", "committee", "accountant", "production", "gm", "committee"))
    price = f"{chance.randint(7000, 7003)}.00"
    whole = {"product_id": product_id, "base_price": price, "reason": "strategy", "evidence": "walk"}
    if chance.random() < 0.08:
        desk.clock.advance(days=1)
        since = desk.clock.now().date().isoformat()
        body = {"stage": chance.choice(STAGES), "since": since}
        return await desk.send("production", f"/products/{product_id}/production-records", body)
    if not proposals or chance.random() < 0.15:
        return await desk.send(chance.choice(("rep", "manager", "production")), "/price-proposals", whole)
    found = await desk.read(f"/price-proposals/{chance.choice(proposals[-2:])}")
    action = chance.choice(("decisions",) * 6 + ("opinions",) * 3 + ("submission",) * 2 + ("withdrawal",))
    approval: dict[str, Any] = found["approval"] or {"hash": "0" * 64}
    bodies: dict[str, Any] = {
        "decisions": {
            "decision": chance.choice(("approve",) * 8 + ("return", "reject")),
            "seen_hash": approval["hash"],
        },
        "opinions": {
            "side": "production" if person == "production" else "finance",
            "cost_per_ton": "6500.00",
            "opinion": "walk",
        },
        "submission": {"base_price": price},
        "withdrawal": {},
    }
    if action == "opinions":
        person = chance.choice(("accountant", "production"))
        bodies["opinions"]["side"] = "production" if person == "production" else "finance"
    if action == "submission":
        person = chance.choice(("rep", "manager"))
    return await desk.send(person, desk.path(found, action), bodies[action])


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_3_7_2_a_price_changes_with_the_gms_yes_alone(desk: "Desk", seed: int) -> None:
    chance = random.Random(seed)
    product = await desk.product(since=chance.choice((None, "2024-01-01")))
    proposals: list[str] = []
    approved = 0
    for _ in range(90):
        answer = await step(desk, chance, product["id"], proposals)
        assert answer.status_code < 500, answer.text
        body = answer.json()
        if answer.status_code == 201 and "author_role" in body and body["id"] not in proposals:
            proposals.append(body["id"])
        if answer.status_code == 200 and body.get("status") == "approved":
            approved += 1
            last = body["approval"]["steps"][-1]
            assert (last["role"], last["decision"], last["decided_by"]) == ("general_manager", "approve", "gm")
            signers = [one["decided_by"] for one in body["approval"]["steps"]]
            assert len({*signers, body["author"]}) == len(signers) + 1
            assert body["price_version"] == approved
        versions = await desk.read(f"/products/{product['id']}/prices")
        assert len(versions["items"]) == approved
    assert approved, "this seed walks nowhere; choose another"
    events = await desk.service.published("pricing.BasePriceChanged.v1")
    assert [event.data["price_version"] for event in events] == list(range(1, approved + 1))
    facts = await desk.service.published()
    assert [event.version for event in facts] == list(range(1, len(facts) + 1))


async def test_two_proposals_at_once_and_two_decisions_at_once(desk: "Desk") -> None:
    product = await desk.product()
    body = {"product_id": product["id"], "base_price": "8000.00", "reason": "strategy", "evidence": "race"}
    answers = await asyncio.gather(*(desk.send("rep", "/price-proposals", body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    proposal = next(answer.json() for answer in answers if answer.status_code == 201)
    await desk.approve(proposal, "manager", "committee")
    decision = {"decision": "approve", "seen_hash": proposal["approval"]["hash"]}
    decided = await asyncio.gather(*(desk.send("gm", desk.path(proposal), decision) for _ in range(4)))
    assert sorted(answer.status_code for answer in decided) == [200, 409, 409, 409]
    assert len(await desk.service.published("pricing.BasePriceChanged.v1")) == 1


async def test_two_products_of_one_code_at_once(desk: "Desk") -> None:
    body = {"code": "RACE", "name": "n", "family": "FDY", "mass_produced_since": None}
    answers = await asyncio.gather(*(desk.send("production", "/products", body) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
