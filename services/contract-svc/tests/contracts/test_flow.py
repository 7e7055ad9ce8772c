"""A contract over HTTP: drafted, previewed, submitted, signed, published; refused, returned, revised."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from fangxing.decision_log import VerdictRow
from fangxing.tasks import TaskRow
from fangxing.verdicts import content_hash

if TYPE_CHECKING:
    from conftest import World


def roles(contract: dict[str, Any]) -> list[str]:
    return [step["role"] for step in contract["route"]["steps"]]


def slugs(contract: dict[str, Any], step: int) -> list[str]:
    return [reason["slug"] for reason in contract["route"]["steps"][step - 1]["reasons"]]


async def test_80000_within_authority_is_the_sales_managers_4_4_2_1(world: "World") -> None:
    """4-4.2.1, issue 3c: 80,000.00 within authority: the sales manager signs, and it is in force and published."""
    await world.authority()
    customer, product = await world.customer(), await world.product()
    contract = await world.draft(customer, product)
    assert (contract["status"], contract["total"], contract["term"]) == ("draft", "80000.00", "short")
    assert (contract["irregular"], contract["special_terms"]) == (False, False)
    assert contract["lines"][0]["price_level"] == "sales_rep"
    assert (roles(contract), slugs(contract, 1)) == (["sales_manager"], ["manager-reviews"])
    assert contract["route"]["may_be_submitted"]

    contract = await world.submit(contract)
    assert (contract["status"], contract["verdict"]["outcome"]) == ("in_approval", "manager")
    assert contract["approval"]["waiting_for"] == "sales_manager"
    answer = await world.decide(contract, world.manager)
    assert answer.status_code == 200, answer.text
    contract = answer.json()
    assert (contract["status"], contract["approved_on"]) == ("approved", "2026-03-02")

    (event,) = await world.service.published()
    assert (event.type, event.document, event.version) == (
        "contract.ContractApproved.v1",
        f"contract/{contract['id']}",
        1,
    )
    assert event.data == {
        "contract_id": contract["id"],
        "number": contract["number"],
        "customer_id": customer,
        "account_id": contract["account_id"],
        "rep": "rep1",
        "total": "80000.00",
        "starts_on": "2026-03-01",
        "ends_on": "2026-03-31",
        "terms": {"kind": "credit", "days": 30},
        "hands": {"contract.draft": ["rep1"], "contract.submit": ["rep1"], "contract.decide": ["manager"]},
        "lines": [
            {
                "contract_line_id": contract["lines"][0]["contract_line_id"],
                "product_id": product,
                "product_name": "涤纶低弹丝 150D",
                "tons": "8.000",
                "price_per_ton": "10000.00",
                "price_level": "sales_rep",
            }
        ],
    }


async def test_over_100000_goes_to_the_gm_4_4_2_1(world: "World") -> None:
    """4-4.2.1: 100,000.00 exactly is the sales manager's; a cent more needs the GM after him."""
    await world.authority()
    customer, product = await world.customer(), await world.product(base="100.00")
    exactly = await world.draft(customer, product, tons="1000.000", price="100.00")
    assert (exactly["total"], roles(exactly)) == ("100000.00", ["sales_manager"])
    over = await world.draft(customer, product, tons="1.000", price="100000.01")
    assert "total-over-limit" in slugs(over, 2)

    contract = await world.submit(await world.draft(customer, product, tons="1000.010", price="100.00"))
    assert contract["total"] == "100001.00"
    assert (roles(contract), slugs(contract, 2)) == (["sales_manager", "general_manager"], ["total-over-limit"])
    early = await world.decide(contract, world.gm)
    assert (early.status_code, early.json()["slug"]) == (403, "role-required")
    contract = (await world.decide(contract, world.manager)).json()
    assert (contract["status"], contract["approval"]["waiting_for"]) == ("in_approval", "general_manager")
    assert await world.service.published() == []
    contract = (await world.decide(contract, world.gm)).json()
    assert contract["status"] == "approved"
    assert [event.type for event in await world.service.published()] == ["contract.ContractApproved.v1"]


async def test_beyond_authority_goes_to_the_gm_3_8_2_a(world: "World") -> None:
    """3-8.2-A, 4-4.2.1: exactly 6 % below is the sales manager's; a cent below that is the GM's, however small."""
    await world.authority()
    customer, product = await world.customer(), await world.product()
    edge = await world.draft(customer, product, tons="1.000", price="9400.00")
    assert (edge["lines"][0]["price_level"], roles(edge)) == ("sales_manager", ["sales_manager"])
    beyond = await world.draft(customer, product, tons="1.000", price="9399.99")
    assert beyond["lines"][0]["price_level"] == "general_manager"
    assert (roles(beyond), slugs(beyond, 2)) == (["sales_manager", "general_manager"], ["price-beyond-authority"])


async def test_special_terms_go_to_finance_4_4_2_4(world: "World") -> None:
    """4-4.2.4: a) a term for a customer without a limit, b) other terms than his settlement terms."""
    await world.authority()
    product = await world.product()
    ungraded = await world.draft(await world.customer(grade=None), product)
    assert (roles(ungraded), slugs(ungraded, 2)) == (["sales_manager", "finance_manager"], ["term-without-limit"])
    longer = await world.draft(await world.customer(), product, terms={"kind": "credit", "days": 60})
    assert (longer["special_terms"], slugs(longer, 2)) == (True, ["terms-differ"])
    cash = await world.draft(await world.customer(grade="D", limit="0.00"), product, terms={"kind": "cash_on_delivery"})
    assert (cash["special_terms"], roles(cash)) == (False, ["sales_manager"])

    contract = await world.submit(
        await world.draft(await world.customer(grade="C", limit="0.00"), product, tons="20.000")
    )
    assert contract["route"]["band"] == "manager_finance_gm"
    for person in (world.manager, world.finance, world.gm):
        assert contract["status"] == "in_approval"
        contract = (await world.decide(contract, person)).json()
    assert contract["status"] == "approved"


async def test_one_irregular_line_makes_the_contract_irregular_4_4_1_1_2(world: "World") -> None:
    """4-4.1.1-2, 4-4.2.2: irregular with a price follows the regular route; without one it is refused and says why."""
    await world.authority()
    customer, regular = await world.customer(), await world.product()
    new = await world.product(lifecycle="new", base=None, name="新品 75D")
    lines = [{"product_id": product, "tons": "1.000", "price_per_ton": "10000.00"} for product in (regular, new)]
    contract = await world.draft(customer, regular, lines=lines)
    assert [line["irregular"] for line in contract["lines"]] == [False, True]
    assert contract["irregular"]
    assert not contract["route"]["may_be_submitted"]

    refused = await world.submit(contract)
    assert (refused["status"], refused["approval"]) == ("draft", None)
    assert (refused["verdict"]["allowed"], refused["verdict"]["outcome"]) == (False, "new_product_pricing")
    assert refused["verdict"]["clauses"] == ["4-4.2.2"]
    assert "新品 75D" in refused["verdict"]["would_pass"][0]

    await world.base_price(new, 1, "10000.00", "initial")
    contract = await world.submit(contract)
    assert (contract["status"], contract["irregular"], roles(contract)) == ("in_approval", True, ["sales_manager"])


async def test_an_unknown_product_fails_closed_4_4_2_2(world: "World") -> None:
    """3-8.2-A, 4-4.2.2: a product nobody entered is shown as the GM's and cannot be submitted."""
    contract = await world.draft(await world.customer(), "0198c5d2-0000-7000-8000-000000000001")
    assert contract["lines"][0]["price_level"] == "general_manager"
    assert contract["lines"][0]["price_reason"]["slug"] == "product-unknown"
    refused = await world.submit(contract)
    assert (refused["status"], refused["route"]["refusals"][0]["slug"]) == ("draft", "product-unknown-first")


async def test_policies_of_4_4_2_1(world: "World") -> None:
    """4-4.2.1: the switches and the limit are policies; the version that was used stands in the verdict."""
    await world.authority()
    customer, product = await world.customer(), await world.product()
    new = await world.product(lifecycle="new", status="initial")
    await world.set_policy("contract.gm_signs_all_regular", True, world.gm)
    literal = await world.draft(customer, product)
    assert (roles(literal)[-1], slugs(literal, 2)) == ("general_manager", ["gm-signs-type"])
    assert roles(await world.draft(customer, new)) == ["sales_manager"]
    await world.set_policy("contract.gm_signs_irregular", True, world.gm)
    assert roles(await world.draft(customer, new)) == ["sales_manager", "general_manager"]
    await world.set_policy("contract.gm_signs_all_regular", False, world.gm)
    await world.set_policy("contract.sales_manager_limit", "79999.99", world.finance)
    contract = await world.submit(await world.draft(customer, product))
    assert slugs(contract, 2) == ["total-over-limit"]
    assert contract["verdict"]["policy_versions"]["contract.sales_manager_limit"] == 2


async def test_what_the_sales_manager_signs_alone_takes_two_people_to_widen_4_4_2_1(world: "World") -> None:
    """1-3, I14: neither does the GM move it by himself nor is it more before he has said so."""
    await world.authority()
    draft = await world.draft(await world.customer(), await world.product(), tons="20.000")
    path, more = (
        "/policies/contract.sales_manager_limit/versions",
        {"value": "900000.00", "effective_from": "2026-03-02"},
    )
    alone = await world.service.post(path, more, as_=world.gm)
    assert (alone.status_code, alone.json()["slug"]) == (403, "policy-not-yours")
    both = world.service.identities.headers("boss", "finance_manager", "general_manager")
    proposed = (await world.service.post(path, more, as_=both)).json()
    assert (proposed["status"], proposed["goes"], proposed["comes"]) == ("proposed", ["100000.00"], ["900000.00"])
    own = await world.service.post(f"{path}/2/confirmation", as_=both)
    assert (own.status_code, own.json()["slug"]) == (403, "policy-own-proposal")
    assert roles(await world.contract(draft["id"]))[-1] == "general_manager"
    assert (await world.service.post(f"{path}/2/confirmation", as_=world.gm)).status_code == 200
    assert roles(await world.contract(draft["id"])) == ["sales_manager"]


async def test_the_routing_verdict_is_in_the_decision_log_4_4_3(world: "World") -> None:
    """4-4.3: the route, with the reason of each step and everything it was judged by, is stored and hashed."""
    await world.authority()
    contract = await world.submit(await world.draft(await world.customer(), await world.product()))
    async with world.service.database.reader() as reader:
        row = (await reader.execute(select(VerdictRow.__table__))).mappings().one()
    assert (row["kind"], row["document"], row["allowed"]) == ("contract.routing", f"contract/{contract['id']}", True)
    assert row["hash"] == content_hash(row["content"]) == contract["verdict"]["hash"]
    inputs = row["content"]["inputs"]
    assert (inputs["total"], inputs["grade"], inputs["line.1.price_version"]) == ("80000.00", "B", 1)


async def test_the_verdict_says_the_grade_of_the_day_and_all_it_follows_from_4_4_2_4(world: "World") -> None:
    """I15, 2-5.3.1-C: a B that ran out yesterday is judged as C, and the verdict says from what."""
    await world.authority()
    customer = await world.customer(c_from="2026-03-01", d_from="2026-09-01")
    contract = await world.submit(await world.draft(customer, await world.product()))
    assert contract["route"]["band"] == "manager_finance"
    async with world.service.database.reader() as reader:
        inputs = (await reader.execute(select(VerdictRow.content))).scalar_one()["inputs"]
    assert {name: inputs[name] for name in ("today", "grade", "grade_today", "limit", "c_from", "d_from")} == {
        "today": "2026-03-02",
        "grade": "B",
        "grade_today": "C",
        "limit": "500000.00",
        "c_from": "2026-03-01",
        "d_from": "2026-09-01",
    }
    unknown = await world.submit(await world.draft(await world.customer(grade=None), await world.product()))
    shown = {one["name"]: one["value"] for one in unknown["verdict"]["inputs"]}
    assert [shown[name] for name in ("credit_position", "grade", "grade_today", "limit")] == [None] * 4


async def test_a_number_is_taken_whatever_its_case(world: "World") -> None:
    customer, product = await world.customer(), await world.product()
    await world.draft(customer, product, number="HT-a1")
    body = world.body(customer, product, number="ht-A1")
    answer = await world.service.post("/contracts", body, as_=world.rep)
    assert (answer.status_code, answer.json()["slug"]) == (409, "contract-number-taken")
    for number in ("HT-a1", "ht-A1"):
        found = (await world.service.get("/contracts", as_=world.rep, number=number)).json()["items"]
        assert [row["number"] for row in found] == ["HT-a1"]
    order = (await world.call_off(await world.usual(), "1.000")).json()["order"]
    for asked in ({"number": "dd-000001"}, {"search": "dd-0"}):
        found = (await world.service.get("/orders", as_=world.rep, **asked)).json()["items"]
        assert [row["id"] for row in found] == [order["id"]]


async def test_the_history_of_a_contract_and_what_can_be_done_with_it(world: "World") -> None:
    """Issue 3.2, 3.3: each action by whom, decisions as what they were; a refused submission leaves nothing."""
    await world.authority()
    customer, product = await world.customer(), await world.product(lifecycle="new", base=None)
    draft = await world.draft(customer, product)
    assert draft["actions"] == ["revise", "submit"]
    await world.submit(draft)
    await world.base_price(product, 1, "10000.00", "initial")
    pending = await world.submit(draft)
    assert pending["actions"] == []
    assert (await world.contract(draft["id"]))["actions"] == ["decide"]
    approved = (await world.decide(pending, world.manager)).json()
    assert approved["actions"] == []
    answer = await world.service.get(f"/contracts/{draft['id']}/history", as_={**world.rep, "Accept-Language": "en"})
    assert [(entry["action"], entry["actor"]) for entry in answer.json()] == [
        ("draft", "rep1"),
        ("submit", "rep1"),
        ("approve", "manager"),
    ]
    assert [entry["text"] for entry in answer.json()] == ["draft", "submit", "approved"]


async def test_what_is_signed_names_what_to_look_at_4_3(world: "World") -> None:
    """4-3: the content under the signature holds each reviewer's points and the figures that go with them."""
    await world.authority()
    contract = await world.submit(await world.draft(await world.customer(), await world.product(), tons="20.000"))
    content = contract["approval"]["content"]
    steps = {step["role"]: [point["point"] for point in step["look_at"]] for step in content["route"]["steps"]}
    assert steps == {
        "sales_manager": ["quantity", "customer", "price", "supply"],
        "general_manager": ["total", "price"],
    }
    assert (content["customer"]["grade"], content["customer"]["limit"]) == ("B", "500000.00")
    assert (content["lines"][0]["tons"], content["lines"][0]["base_price"]) == ("20.000", "10000.00")
    assert content["lines"][0]["lifecycle"] == "regular"


async def test_the_route_is_frozen_at_submission_4_4_3(world: "World") -> None:
    """4-4.3: what comes later changes the preview of a draft, and nothing of a contract under way."""
    await world.authority()
    customer, product = await world.customer(), await world.product()
    draft = await world.draft(customer, product)
    pending = await world.submit(await world.draft(customer, product))
    await world.base_price(product, 2, "20000.00", effective_from="2026-03-02")
    assert roles(await world.contract(draft["id"])) == ["sales_manager", "general_manager"]
    after = await world.contract(pending["id"])
    assert (after["route"], after["route"]["frozen"]) == (pending["route"], True)
    assert after["lines"][0]["base_price"] == "10000.00"


async def test_returned_and_rejected_are_revised_4_4_3(world: "World") -> None:
    """4-4.3: a revision is a new version with a new hash; the old hash signs nothing any more."""
    await world.authority()
    customer, product = await world.customer(), await world.product()
    first = await world.submit(await world.draft(customer, product))
    for decision, status in (("return", "returned"), ("reject", "rejected")):
        answer = await world.decide(first, world.manager, decision, "价格太低 请重谈")
        assert (answer.status_code, answer.json()["status"]) == (200, status), answer.text
        again = await world.service.post(f"/contracts/{first['id']}/submission", as_=world.rep)
        assert (again.status_code, again.json()["slug"]) == (409, "wrong-state")
        body = world.body(customer, product, tons="7.000")
        revision = {name: body[name] for name in ("starts_on", "ends_on", "terms", "lines")}
        answer = await world.service.post(f"/contracts/{first['id']}", revision, as_=world.rep, method="PUT")
        revised = answer.json()
        assert (revised["status"], revised["total"]) == ("draft", "70000.00")
        assert (revised["version"], revised["approval"]) == (first["version"] + 1, None)
        second = await world.submit(revised)
        assert second["approval"]["hash"] != first["approval"]["hash"]
        stale = await world.decide({**second, "approval": first["approval"]}, world.manager)
        assert (stale.status_code, stale.json()["slug"]) == (409, "figures-changed")
        first = second
    assert await world.service.published() == []
    assert (await world.decide(first, world.manager)).json()["status"] == "approved"


async def test_what_is_under_way_or_in_force_cannot_be_revised(world: "World") -> None:
    await world.authority()
    customer, product = await world.customer(), await world.product()
    pending = await world.submit(await world.draft(customer, product))
    approved = await world.approved(customer, product)
    body = world.body(customer, product)
    revision = {name: body[name] for name in ("starts_on", "ends_on", "terms", "lines")}
    for contract, chinese, english in ((pending, "审批中", "in approval"), (approved, "已批准", "approved")):
        for language, said in (
            ("zh-CN", f"合同现为“{chinese}”，"),
            ("en", f"The contract is '{english}': not to revise"),
        ):
            answer = await world.service.post(
                f"/contracts/{contract['id']}",
                revision,
                as_={**world.rep, "Accept-Language": language},
                method="PUT",
            )
            assert (answer.status_code, answer.json()["slug"]) == (409, "wrong-state")
            assert said in answer.json()["title"]
    late = await world.decide(approved, world.manager)
    assert (late.status_code, late.json()["slug"]) == (409, "wrong-state")


async def test_the_route_policy_may_add_a_step_1_3_9(world: "World") -> None:
    """1-3.9: the route is data; a step the policy adds is shown with that as its reason."""
    await world.authority()
    await world.let_production_review()
    contract = await world.submit(await world.draft(await world.customer(), await world.product()))
    assert (roles(contract), slugs(contract, 1)) == (["production", "sales_manager"], ["route-names-role"])
    async with world.service.database.reader() as reader:
        task = (await reader.execute(select(TaskRow.__table__))).mappings().one()
    assert (task["role"], task["kind"], task["document"]) == (
        "production",
        "approve.contract",
        f"contract/{contract['id']}",
    )


async def test_nobody_signs_his_own_or_twice_1_3(world: "World") -> None:
    """1-3: who drafted and submitted does not sign, and one person does not sign two steps."""
    await world.authority()
    customer, product = await world.customer(), await world.product()
    both = world.service.identities.headers("rep1", "sales_rep", "sales_manager")
    contract = await world.submit(await world.draft(customer, product))
    own = await world.decide(contract, both)
    assert (own.status_code, own.json()["slug"]) == (403, "own-case")
    two_hats = world.service.identities.headers("boss", "sales_manager", "general_manager")
    over = await world.submit(await world.draft(customer, product, tons="20.000"))
    over = (await world.decide(over, two_hats)).json()
    twice = await world.decide(over, two_hats)
    assert (twice.status_code, twice.json()["slug"]) == (403, "two-steps")
