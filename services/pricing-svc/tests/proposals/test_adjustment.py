"""The adjustment flow over HTTP (3-5.2-1, 3-5.2-3, 3-7): who proposes, who decides, and what enters the table."""

from typing import TYPE_CHECKING, Any

import pytest

from fangxing.roles import Role

if TYPE_CHECKING:
    from conftest import Desk

TODAY = "2026-03-02"


def steps(proposal: dict[str, Any]) -> list[str]:
    """The roles of the route frozen with the proposal."""
    return [step["role"] for step in proposal["approval"]["steps"]]


async def test_3_5_2_3_the_first_price_of_a_product_in_production(desk: "Desk") -> None:
    product = await desk.product()
    proposal = await desk.propose(product, "8000.00")
    assert (proposal["flow"], proposal["status"], proposal["author_role"]) == ("adjustment", "in_approval", "sales_rep")
    assert steps(proposal) == ["sales_manager", "price_committee", "general_manager"]
    assert proposal["approval"]["content"]["in_force"] is None
    assert await desk.service.published("pricing.BasePriceChanged.v1") == []
    assert (await desk.read("/price-table"))["items"] == []
    half = await desk.approve(proposal, "manager", "committee")
    assert (half["status"], half["approval"]["waiting_for"]) == ("in_approval", "general_manager")
    assert (await desk.read("/price-table"))["items"] == []
    done = await desk.approve(proposal, "gm")
    assert (done["status"], done["price_version"], done["approval"]["status"]) == ("approved", 1, "approved")
    [line] = (await desk.read("/price-table"))["items"]
    assert (line["base_price"], line["status"], line["effective_from"]) == ("8000.00", "standard", TODAY)
    assert (line["tax"], line["proposal_id"], line["approved_by"]) == ("included", proposal["id"], "gm")
    [event] = await desk.service.published("pricing.BasePriceChanged.v1")
    assert (event.document, event.version) == (f"product/{product['id']}", 2)
    assert event.data == {
        "product_id": product["id"],
        "price_version": 1,
        "base_price": "8000.00",
        "status": "standard",
        "effective_from": TODAY,
    }


@pytest.mark.parametrize("person", ["rep", "production", "accountant", "finance"])
async def test_3_7_2_sales_production_and_finance_may_propose(desk: "Desk", person: str) -> None:
    proposal = await desk.propose(await desk.product(), "8000.00", by=person)
    assert steps(proposal)[0] == "sales_manager"


async def test_1_3_1_the_managers_own_step_is_dropped_at_submission(desk: "Desk") -> None:
    proposal = await desk.propose(await desk.product(), "8000.00", by="manager")
    assert steps(proposal) == ["price_committee", "general_manager"]
    assert proposal["approval"]["content"]["dropped_steps"] == ["sales_manager"]
    body = {"decision": "approve", "seen_hash": proposal["approval"]["hash"]}
    # neither he nor another manager has anything to sign
    assert await desk.refused("manager", desk.path(proposal), body) == (403, "own-case")
    assert await desk.refused("manager2", desk.path(proposal), body) == (403, "role-required")
    assert (await desk.approve(proposal, "committee", "gm"))["status"] == "approved"


async def test_1_3_8_the_committee_sits_although_its_member_proposes(desk: "Desk") -> None:
    desk.people["finance"] = (Role.FINANCE_MANAGER, Role.PRICE_COMMITTEE)
    proposal = await desk.propose(await desk.product(), "8000.00", by="finance")
    assert steps(proposal) == ["sales_manager", "price_committee", "general_manager"]


async def test_1_3_nobody_decides_his_own_or_two_steps(desk: "Desk") -> None:
    proposal = await desk.propose(await desk.product(), "8000.00", by="finance")
    body = {"decision": "approve", "seen_hash": proposal["approval"]["hash"]}
    committee_too = desk.sign_in("finance", Role.FINANCE_MANAGER, Role.SALES_MANAGER)
    own = await desk.service.post(desk.path(proposal), body, as_=committee_too)
    assert (own.status_code, own.json()["slug"]) == (403, "own-case")
    await desk.approve(proposal, "manager")
    manager_too = desk.sign_in("manager", Role.PRICE_COMMITTEE)
    twice = await desk.service.post(desk.path(proposal), body, as_=manager_too)
    assert (twice.status_code, twice.json()["slug"]) == (403, "two-steps")


async def test_1_3_the_proposer_does_not_decide_what_the_manager_submitted_for_him(desk: "Desk") -> None:
    proposal = await desk.propose(await desk.product(), "8000.00", by="finance")
    returned = {"decision": "return", "seen_hash": proposal["approval"]["hash"]}
    await desk.done("manager2", desk.path(proposal), returned)
    again = await desk.done("manager", desk.path(proposal, "submission"), {"base_price": "7900.00"})
    assert steps(again) == ["price_committee", "general_manager"]
    committee_too = desk.sign_in("finance", Role.PRICE_COMMITTEE)
    body = {"decision": "approve", "seen_hash": again["approval"]["hash"]}
    own = await desk.service.post(desk.path(proposal), body, as_=committee_too)
    assert (own.status_code, own.json()["slug"]) == (403, "own-case")


async def test_1_3_8_the_policy_takes_the_committee_off_from_its_day_on(desk: "Desk") -> None:
    product = await desk.product()
    policy = {"value": False, "effective_from": "2026-03-03"}
    assert (await desk.refused("manager", "/policies/price_change.committee/versions", policy))[0] == 403
    await desk.done("gm", "/policies/price_change.committee/versions", policy)
    before = await desk.propose(product, "8000.00")
    assert before["approval"]["band"] == "with_committee"
    desk.clock.advance(days=1)
    # the route of a case under way stays as it was frozen
    assert (await desk.approve(before, "manager"))["approval"]["waiting_for"] == "price_committee"
    await desk.approve(before, "committee", "gm")
    after = await desk.propose(product, "8100.00")
    assert after["approval"]["band"] == "without_committee"
    assert steps(after) == ["sales_manager", "general_manager"]


async def test_3_7_1_1_reason_and_evidence_are_required(desk: "Desk") -> None:
    product = await desk.product()
    full = {"product_id": product["id"], "base_price": "8000.00", "reason": "off_market", "evidence": "list"}
    for field in ("base_price", "reason", "evidence"):
        answer = await desk.send("rep", "/price-proposals", {k: v for k, v in full.items() if k != field})
        problem = answer.json()
        assert (answer.status_code, problem["slug"]) == (400, "price-change-incomplete")
        assert (problem["field"], problem["clause"]) == (field, "3-7.1.1")
    for reason in ("off_market", "blocks_marketing", "cost_deviation", "strategy"):
        proposal = await desk.done("rep", "/price-proposals", {**full, "reason": reason})
        decision = {"decision": "reject", "seen_hash": proposal["approval"]["hash"], "comment": "no"}
        rejected = await desk.done("manager", desk.path(proposal), decision)
        assert (rejected["status"], rejected["price_version"]) == ("rejected", None)
    assert (await desk.read("/price-table"))["items"] == []


async def test_3_7_2_a_late_yes_moves_the_day(desk: "Desk") -> None:
    product = await desk.product()
    proposal = await desk.propose(product, "8000.00", effective_from="2026-03-03")
    desk.clock.advance(days=3)
    await desk.approve(proposal, "manager", "committee", "gm")
    [line] = (await desk.read("/price-table"))["items"]
    assert line["effective_from"] == "2026-03-05"


async def test_one_proposal_per_product_at_a_time(desk: "Desk") -> None:
    product = await desk.product()
    first = await desk.propose(product, "8000.00")
    body = {"product_id": product["id"], "base_price": "8100.00", "reason": "strategy", "evidence": "plan"}
    assert await desk.refused("rep", "/price-proposals", body) == (409, "price-proposal-under-way")
    await desk.approve(first, "manager", "committee", "gm")
    assert await desk.refused("rep", "/price-proposals", {**body, "base_price": "8000.00"}) == (400, "price-unchanged")
    await desk.done("rep", "/price-proposals", body)


async def test_a_decision_binds_what_was_seen(desk: "Desk") -> None:
    proposal = await desk.propose(await desk.product(), "8000.00")
    body = {"decision": "approve", "seen_hash": "0" * 64}
    assert await desk.refused("manager", desk.path(proposal), body) == (409, "figures-changed")
    again = {"decision": "approve", "seen_hash": proposal["approval"]["hash"]}
    await desk.approve(proposal, "manager", "committee", "gm")
    assert await desk.refused("gm", desk.path(proposal), again) == (409, "wrong-state")


async def test_a_returned_proposal_comes_again_with_its_price_revised(desk: "Desk") -> None:
    proposal = await desk.propose(await desk.product(), "8000.00")
    body = {"decision": "return", "seen_hash": proposal["approval"]["hash"], "comment": "too high"}
    returned = await desk.done("manager", desk.path(proposal), body)
    assert returned["status"] == "returned"
    [task] = (await desk.read("/tasks", person="rep"))["items"]
    assert (task["kind"], task["document"]) == ("returned.price_change", f"price-proposal/{proposal['id']}")
    assert await desk.refused("production", desk.path(proposal, "submission"), {"base_price": "7900.00"}) == (
        403,
        "not-your-proposal",
    )
    again = await desk.done("rep", desk.path(proposal, "submission"), {"base_price": "7900.00"})
    assert (again["status"], again["base_price"], again["evidence"]) == ("in_approval", "7900.00", proposal["evidence"])
    assert again["approval"]["hash"] != proposal["approval"]["hash"]
    assert (await desk.read("/tasks", person="rep"))["items"] == []
    await desk.approve(again, "manager", "committee", "gm")
    [line] = (await desk.read("/price-table"))["items"]
    assert line["base_price"] == "7900.00"


async def test_3_5_1_a_product_stopped_meanwhile_is_not_priced_by_the_wrong_flow(desk: "Desk") -> None:
    product = await desk.product()
    proposal = await desk.propose(product, "8000.00")
    await desk.approve(proposal, "manager", "committee")
    stop = {"stage": "stopped", "since": TODAY}
    await desk.done("production", f"/products/{product['id']}/production-records", stop)
    body = {"decision": "approve", "seen_hash": proposal["approval"]["hash"]}
    assert await desk.refused("gm", desk.path(proposal), body) == (409, "pricing-flow-changed")
    returned = await desk.done("gm", desk.path(proposal), {**body, "decision": "return"})
    assert returned["status"] == "returned"
    again = {"base_price": "8000.00"}
    assert await desk.refused("rep", desk.path(proposal, "submission"), again) == (409, "pricing-flow-changed")
    assert (await desk.done("rep", desk.path(proposal, "withdrawal")))["status"] == "withdrawn"
    assert (await desk.read("/price-table"))["items"] == []


async def test_proposals_filter_and_page_and_the_table_filters(desk: "Desk") -> None:
    one, two = await desk.product("A"), await desk.product("B", family="POY")
    await desk.price(one, "8000.00")
    await desk.propose(one, "8100.00")
    await desk.propose(two, "5000.00")
    first = await desk.read("/price-proposals", person="rep", limit=2)
    rest = await desk.read("/price-proposals", person="rep", limit=2, after=first["next"])
    found = first["items"] + rest["items"]
    assert [(item["product_code"], item["base_price"]) for item in found] == [
        ("B", "5000.00"),
        ("A", "8100.00"),
        ("A", "8000.00"),
    ]
    assert [item["approval"]["status"] for item in found] == ["open", "open", "approved"]
    waiting = await desk.read("/price-proposals", status="in_approval", product_id=one["id"], flow="adjustment")
    assert [item["base_price"] for item in waiting["items"]] == ["8100.00"]
    assert (await desk.read("/price-table", family="POY"))["items"] == []
    assert len((await desk.read("/price-table", code="A", status="standard", sort="-name"))["items"]) == 1
    single = await desk.read(f"/price-proposals/{found[0]['id']}", person="committee")
    assert single == {**found[0], "actions": []}
