"""Through whose hands a contract goes: who may not do both, whose review is left out, whose task it is."""

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from fangxing.roles import Role

if TYPE_CHECKING:
    from conftest import World


def ok(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def steps(route: dict[str, Any]) -> list[str]:
    return [step["role"] for step in route["steps"]]


class Chain:
    """A contract drafted, revised and submitted by three reps, to each of whom the customer was handed over."""

    def __init__(self, world: "World") -> None:
        self.world = world
        headers = world.service.identities.headers
        self.reps = {name: headers(name, Role.SALES_REP) for name in ("drafter", "reviser", "submitter")}
        self.customer = self.product = ""

    async def submitted(self) -> dict[str, Any]:
        """The contract in approval."""
        world = self.world
        await world.authority()
        self.customer, self.product = await world.customer(rep="drafter"), await world.product()
        body = world.body(self.customer, self.product)
        contract: dict[str, Any] = (await world.service.post("/contracts", body, as_=self.reps["drafter"])).json()
        await world.hand_over(contract, "reviser")
        revision = {name: body[name] for name in ("starts_on", "ends_on", "terms", "lines")}
        path = f"/contracts/{contract['id']}"
        ok(await world.service.post(path, revision, as_=self.reps["reviser"], method="PUT"))
        await world.hand_over(contract, "submitter")
        return await world.submit(contract, by=self.reps["submitter"])


@pytest.mark.parametrize("hand", ["drafter", "reviser", "submitter"])
async def test_whoever_had_a_hand_in_it_does_not_decide_1_3(world: "World", hand: str) -> None:
    """1-3: drafted, revised or submitted by a sales manager who is a rep too: it takes another sales manager."""
    contract = await Chain(world).submitted()
    both = world.service.identities.headers(hand, Role.SALES_REP, Role.SALES_MANAGER)
    answer = await world.decide(contract, both)
    assert (answer.status_code, answer.json()["slug"]) == (403, "own-case")
    assert ok(await world.decide(contract, world.manager))["status"] == "approved"


async def test_a_sales_managers_own_contract_takes_another_sales_manager_1_3(world: "World") -> None:
    """1-3, 4-4.2.1: his step is the decision, so that it is never left out, nor does finance decide in his stead."""
    await world.authority()
    product = await world.product()
    both = world.service.identities.headers("rep1", Role.SALES_REP, Role.SALES_MANAGER)
    for grade, route in (("B", ["sales_manager"]), (None, ["sales_manager", "finance_manager"])):
        contract = await world.submit(await world.draft(await world.customer(grade=grade), product), by=both)
        assert steps(contract["approval"]) == route
        own = await world.decide(contract, both)
        assert (own.status_code, own.json()["slug"]) == (403, "own-case")
        early = await world.decide(contract, world.finance)
        assert (early.status_code, early.json()["slug"]) == (403, "role-required")
        contract = ok(await world.decide(contract, world.manager))
        if len(route) > 1:
            contract = ok(await world.decide(contract, world.finance))
        assert contract["status"] == "approved"


async def test_his_own_review_is_left_out_before_the_gms_decision_1_3_9(world: "World") -> None:
    """1-3.1, 4-4.3: foreseen by the sales manager who submits it, frozen, and then the GM alone decides."""
    await world.authority()
    both = world.service.identities.headers("rep1", Role.SALES_REP, Role.SALES_MANAGER)
    draft = await world.draft(await world.customer(), await world.product(), tons="20.000")
    for who, foreseen in ((both, ["general_manager"]), (world.manager, ["sales_manager", "general_manager"])):
        assert steps(ok(await world.service.get(f"/contracts/{draft['id']}", as_=who))["route"]) == foreseen
    contract = await world.submit(draft, by=both)
    assert steps(contract["route"]) == steps(contract["approval"]) == ["general_manager"]
    assert ok(await world.decide(contract, world.gm))["status"] == "approved"


async def test_what_comes_back_or_is_refused_is_its_authors_task(world: "World") -> None:
    """Issue 3.2: returned, rejected, refused at submission: the author is told, until he submits it again."""
    await world.authority()
    customer, product = await world.customer(), await world.product()
    new = await world.product(lifecycle="new", base=None)
    contract = await world.draft(customer, new)
    await world.submit(contract)
    await world.submit(contract)
    assert await _told(world, contract) == ["refused.contract"]
    await world.base_price(new, 1, "10000.00", "initial")
    for decision, kind in (("return", "returned.contract"), ("reject", "rejected.contract")):
        contract = await world.submit(contract)
        assert await _told(world, contract) == []
        contract = ok(await world.decide(contract, world.manager, decision, "请重谈"))
        assert await _told(world, contract) == [kind]
        body = world.body(customer, product)
        revision = {name: body[name] for name in ("starts_on", "ends_on", "terms", "lines")}
        path = f"/contracts/{contract['id']}"
        contract = ok(await world.service.post(path, revision, as_=world.rep, method="PUT"))


async def test_what_comes_back_is_the_task_of_whoever_looks_after_the_customer_by_then(world: "World") -> None:
    await world.authority()
    contract = await world.submit(await world.draft(await world.customer(), await world.product()))
    await world.hand_over(contract, "rep2")
    await world.decide(contract, world.manager, "return", "请重谈")
    assert (await _told(world, contract), await _told(world, contract, "rep2")) == ([], ["returned.contract"])
    await world.hand_over(contract, "rep3")
    assert (await _told(world, contract, "rep2"), await _told(world, contract, "rep3")) == ([], ["returned.contract"])


async def _told(world: "World", contract: dict[str, Any], rep: str = "rep1") -> list[str]:
    """The kinds of the open tasks about the contract that a rep finds."""
    headers = world.service.identities.headers(rep, "sales_rep")
    tasks = ok(await world.service.get("/tasks", as_=headers, document=f"contract/{contract['id']}"))["items"]
    assert {task["assignee"] for task in tasks} <= {rep}
    return [task["kind"] for task in tasks]
