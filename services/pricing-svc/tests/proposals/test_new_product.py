"""New product pricing over HTTP (3-5.1, 3-5.2-2, 3-6): opinions with costs first, then sales' draft, then the GM."""

from typing import TYPE_CHECKING, Any

import pytest

from fangxing.roles import Role
from pricing_svc.prices.access import READERS
from pricing_svc.proposals.access import COSTS

if TYPE_CHECKING:
    from conftest import Desk

FINANCE = {"side": "finance", "cost_per_ton": "7100.00", "opinion": "Margin of 10 % at 7800."}
PRODUCTION = {"side": "production", "cost_per_ton": "7000.50", "opinion": "Second grade 6 % in the trial."}


async def started(desk: "Desk", by: str = "rep", **more: Any) -> dict[str, Any]:
    """A proposal for a product that was never mass produced."""
    product = await desk.product("NEW-1", since=None)
    return await desk.done(by, "/price-proposals", {"product_id": product["id"], **more})


async def with_opinions(desk: "Desk", by: str = "rep") -> dict[str, Any]:
    """The same with both opinions."""
    proposal = await started(desk, by)
    await desk.done("accountant", desk.path(proposal, "opinions"), FINANCE)
    return await desk.done("production", desk.path(proposal, "opinions"), PRODUCTION)


async def test_3_6_opinions_draft_gm_and_the_price_is_initial(desk: "Desk") -> None:
    proposal = await started(desk)
    assert (proposal["flow"], proposal["status"], proposal["approval"]) == ("new_product", "opinions", None)
    draft = {"base_price": "7800.00"}
    assert await desk.refused("rep", desk.path(proposal, "submission"), draft) == (409, "wrong-state")
    one = await desk.done("finance", desk.path(proposal, "opinions"), FINANCE)
    assert one["status"] == "opinions"
    assert await desk.refused("rep", desk.path(proposal, "submission"), draft) == (409, "wrong-state")
    both = await desk.done("production", desk.path(proposal, "opinions"), PRODUCTION)
    assert both["status"] == "draft"
    assert [(o["side"], o["cost_per_ton"], o["signed_by"]) for o in both["opinions"]] == [
        ("finance", "7100.00", "finance"),
        ("production", "7000.50", "production"),
    ]
    submitted = await desk.done("rep", desk.path(proposal, "submission"), draft)
    approval = submitted["approval"]
    assert [step["role"] for step in approval["steps"]] == ["sales_manager", "general_manager"]
    assert approval["content"]["status"] == "initial"
    await desk.approve(submitted, "manager")
    assert (await desk.read("/price-table"))["items"] == []
    await desk.approve(submitted, "gm")
    [line] = (await desk.read("/price-table"))["items"]
    assert (line["base_price"], line["status"], line["lifecycle"]) == ("7800.00", "initial", "new")
    [event] = await desk.service.published("pricing.BasePriceChanged.v1")
    assert (event.data["status"], event.data["base_price"]) == ("initial", "7800.00")


def costs(proposal: dict[str, Any]) -> list[str | None]:
    """Every cost a proposal shows: of its opinions, and of what its deciders sign."""
    shown = [*proposal["opinions"], *proposal["approval"]["content"]["opinions"]]
    return [opinion["cost_per_ton"] for opinion in shown]


async def test_3_8_2_c_costs_are_shown_to_those_allowed_to_see_them_alone(desk: "Desk") -> None:
    proposal = await with_opinions(desk)
    submitted = await desk.done("rep", desk.path(proposal, "submission"), {"base_price": "7800.00"})
    known, hidden = ["7100.00", "7000.50"] * 2, [None] * 4
    assert costs(submitted) == hidden
    assert [opinion["opinion"] for opinion in submitted["opinions"]] == [FINANCE["opinion"], PRODUCTION["opinion"]]
    for role in READERS:
        who = desk.sign_in("reader", role)
        one = await desk.service.get(f"/price-proposals/{proposal['id']}", as_=who)
        [listed] = (await desk.service.get("/price-proposals", as_=who)).json()["items"]
        assert costs(one.json()) == costs(listed) == (known if role in COSTS.roles else hidden), role
    both = desk.sign_in("reader", Role.SALES_REP, Role.ACCOUNTANT)
    assert costs((await desk.service.get(f"/price-proposals/{proposal['id']}", as_=both)).json()) == known
    # what is hidden is part of what is signed
    await desk.approve(submitted, "manager", "gm")


async def test_3_6_every_block_is_a_task_of_the_one_who_is_asked(desk: "Desk") -> None:
    proposal = await started(desk)

    async def kinds(person: str) -> list[str]:
        return [task["kind"] for task in (await desk.read("/tasks", person=person))["items"]]

    assert await kinds("accountant") == ["price_opinion.finance"]
    assert await kinds("production") == ["price_opinion.production"]
    await desk.done("accountant", desk.path(proposal, "opinions"), FINANCE)
    assert (await kinds("accountant"), await kinds("rep")) == ([], [])
    await desk.done("production", desk.path(proposal, "opinions"), PRODUCTION)
    assert await kinds("rep") == ["draft_price"]
    await desk.done("rep", desk.path(proposal, "submission"), {"base_price": "7800.00"})
    assert (await kinds("rep"), await kinds("manager")) == ([], ["approve.new_product_price"])


@pytest.mark.parametrize("person", ["production", "accountant", "finance"])
async def test_3_6_sales_starts_a_new_product(desk: "Desk", person: str) -> None:
    product = await desk.product("NEW-1", since=None)
    body = {"product_id": product["id"], "base_price": "1.00", "reason": "strategy", "evidence": "e"}
    assert await desk.refused(person, "/price-proposals", body) == (403, "role-required")


async def test_1_3_1_a_managers_draft_goes_straight_to_the_gm(desk: "Desk") -> None:
    proposal = await with_opinions(desk, "manager")
    submitted = await desk.done("manager", desk.path(proposal, "submission"), {"base_price": "7800.00"})
    assert [step["role"] for step in submitted["approval"]["steps"]] == ["general_manager"]
    assert (await desk.approve(submitted, "gm"))["status"] == "approved"


async def test_3_6_each_side_signs_once_and_nobody_for_both(desk: "Desk") -> None:
    proposal = await started(desk)
    path = desk.path(proposal, "opinions")
    assert await desk.refused("production", path, FINANCE) == (403, "role-required")
    assert await desk.refused("accountant", path, PRODUCTION) == (403, "role-required")
    both = desk.sign_in("li", Role.ACCOUNTANT, Role.PRODUCTION)
    assert (await desk.service.post(path, FINANCE, as_=both)).status_code == 201
    second = await desk.service.post(path, PRODUCTION, as_=both)
    assert (second.status_code, second.json()["slug"]) == (403, "incompatible-hands")
    assert await desk.refused("finance", path, FINANCE) == (409, "no-opinion-wanted")
    own = await desk.service.post(path, PRODUCTION, as_=desk.sign_in("rep", Role.PRODUCTION))
    assert (own.status_code, own.json()["slug"]) == (403, "incompatible-hands")


async def test_1_3_who_signed_an_opinion_does_not_decide(desk: "Desk") -> None:
    proposal = await with_opinions(desk)
    submitted = await desk.done("rep", desk.path(proposal, "submission"), {"base_price": "7800.00"})
    body = {"decision": "approve", "seen_hash": submitted["approval"]["hash"]}
    manager_too = desk.sign_in("accountant", Role.SALES_MANAGER)
    answer = await desk.service.post(desk.path(proposal), body, as_=manager_too)
    assert (answer.status_code, answer.json()["slug"]) == (403, "own-case")


async def test_3_5_2_2_a_stopped_product_is_priced_anew(desk: "Desk") -> None:
    product = await desk.product()
    await desk.price(product, "8000.00")
    stop = {"stage": "stopped", "since": "2026-03-02"}
    await desk.done("production", f"/products/{product['id']}/production-records", stop)
    proposal = await desk.propose(product, "8300.00")
    assert (proposal["flow"], proposal["status"]) == ("new_product", "opinions")
    await desk.done("accountant", desk.path(proposal, "opinions"), FINANCE)
    await desk.done("production", desk.path(proposal, "opinions"), PRODUCTION)
    submitted = await desk.done("rep", desk.path(proposal, "submission"), {"base_price": "8300.00"})
    await desk.approve(submitted, "manager", "gm")
    [line] = (await desk.read("/price-table"))["items"]
    assert (line["base_price"], line["status"], line["price_version"]) == ("8300.00", "initial", 2)


async def test_3_6_an_initial_price_becomes_standard_through_the_committee_alone(desk: "Desk") -> None:
    await desk.done("gm", "/policies/price_change.committee/versions", {"value": False, "effective_from": "2026-03-02"})
    proposal = await with_opinions(desk)
    submitted = await desk.done("rep", desk.path(proposal, "submission"), {"base_price": "7800.00"})
    await desk.approve(submitted, "manager", "gm")
    records = f"/products/{proposal['product_id']}/production-records"
    await desk.done("production", records, {"stage": "mass_production", "since": "2026-03-02"})
    change = await desk.propose({"id": proposal["product_id"]}, "7800.00")
    assert (change["flow"], change["approval"]["band"]) == ("adjustment", "with_committee")
    await desk.approve(change, "manager", "committee", "gm")
    [line] = (await desk.read("/price-table"))["items"]
    assert (line["base_price"], line["status"]) == ("7800.00", "standard")


async def test_a_draft_can_be_withdrawn_until_it_is_with_the_deciders(desk: "Desk") -> None:
    proposal = await with_opinions(desk)
    assert await desk.refused("accountant", desk.path(proposal, "withdrawal")) == (403, "not-your-proposal")
    assert (await desk.done("manager", desk.path(proposal, "withdrawal")))["status"] == "withdrawn"
    assert (await desk.read("/tasks", person="rep"))["items"] == []
    again = await desk.done("rep", "/price-proposals", {"product_id": proposal["product_id"]})
    for person, opinion in (("accountant", FINANCE), ("production", PRODUCTION)):
        await desk.done(person, desk.path(again, "opinions"), opinion)
    await desk.done("rep", desk.path(again, "submission"), {"base_price": "7800.00"})
    assert await desk.refused("rep", desk.path(again, "withdrawal")) == (409, "wrong-state")
