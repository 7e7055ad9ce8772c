"""Orders over HTTP: called off, refused with what is left, raced."""

import asyncio
from typing import TYPE_CHECKING

from sqlalchemy import select

from fangxing.decision_log import VerdictRow

if TYPE_CHECKING:
    from conftest import World


async def test_an_order_is_called_off_4_orders(world: "World") -> None:
    """4-orders, issue 3c: a call-off within the contract is confirmed, numbered and published."""
    contract = await world.usual()
    answer = await world.call_off(contract, "3.000")
    assert answer.status_code == 201, answer.text
    body = answer.json()
    order = body["order"]
    assert (body["allowed"], body["verdict"]["outcome"]) == (True, "confirmed")
    assert (order["number"], order["total"]) == ("DD-000001", "30000.00")
    (event,) = await world.service.published("contract.OrderConfirmed.v1")
    assert (event.document, event.version) == (f"order/{order['id']}", 1)
    line = order["lines"][0]
    assert event.data == {
        "order_id": order["id"],
        "number": "DD-000001",
        "contract_id": contract["id"],
        "contract_number": contract["number"],
        "customer_id": contract["customer_id"],
        "account_id": contract["account_id"],
        "rep": "rep1",
        "deliver_on": "2026-03-20",
        "terms": {"kind": "credit", "days": 30},
        "hands": {
            "contract.draft": ["rep1"],
            "contract.submit": ["rep1"],
            "contract.decide": ["manager"],
            "order.call_off": ["rep1"],
        },
        "lines": [
            {
                "order_line_id": line["order_line_id"],
                "contract_line_id": contract["lines"][0]["contract_line_id"],
                "product_id": contract["lines"][0]["product_id"],
                "product_name": "涤纶低弹丝 150D",
                "tons": "3.000",
                "price_per_ton": "10000.00",
            }
        ],
    }
    shown = (await world.contract(contract["id"]))["lines"][0]
    assert (shown["ordered"], shown["left"]) == ("3.000", "5.000")
    assert (order["status"], order["actions"]) == ("confirmed", [])
    history = (await world.service.get(f"/orders/{order['id']}/history", as_=world.rep)).json()
    assert [(entry["action"], entry["actor"], entry["text"]) for entry in history] == [("call_off", "rep1", "下单")]


async def test_beyond_the_contract_names_what_is_left_4_orders(world: "World") -> None:
    """4-orders: the refusal is a stored verdict; exactly what it says is left then passes."""
    contract = await world.usual()
    await world.call_off(contract, "5.000")
    refused = await world.call_off(contract, "3.001")
    assert refused.status_code == 200
    body = refused.json()
    assert (body["allowed"], body["order"]) == (False, None)
    assert body["verdict"]["reasons"][0]["params"]["left"] == "3.000"
    assert body["verdict"]["would_pass"] == ["第 1 行最多 3.000 吨"]
    async with world.service.database.reader() as reader:
        stored = await reader.scalar(select(VerdictRow.document).where(VerdictRow.hash == body["verdict"]["hash"]))
    assert stored == f"contract/{contract['id']}"
    assert (await world.call_off(contract, "3.000")).status_code == 201
    assert len(await world.service.published("contract.OrderConfirmed.v1")) == 2


async def test_the_tolerance_is_a_policy_4_orders(world: "World") -> None:
    """4-orders: 5 % on 8 t is 8.4 t."""
    contract = await world.usual()
    await world.set_policy("contract.calloff_tolerance_pct", "5.00", world.manager)
    assert (await world.call_off(contract, "8.401")).json()["allowed"] is False
    answer = (await world.call_off(contract, "8.400")).json()
    assert answer["allowed"]
    assert answer["verdict"]["policy_versions"] == {"contract.calloff_tolerance_pct": 2}


async def test_a_tolerance_waits_for_the_general_manager_1_3(world: "World") -> None:
    """1-3: what widens authority takes the GM as second person; until then nothing has changed."""
    contract = await world.usual()
    path = "/policies/contract.calloff_tolerance_pct/versions"
    body = {"value": "5.00", "effective_from": "2026-03-02"}
    assert (await world.service.post(path, body, as_=world.manager)).json()["status"] == "proposed"
    assert (await world.call_off(contract, "8.001")).json()["allowed"] is False
    assert (await world.service.post(f"{path}/2/confirmation", as_=world.manager)).status_code == 403
    assert (await world.service.post(f"{path}/2/confirmation", as_=world.gm)).json()["status"] == "in_force"
    assert (await world.call_off(contract, "8.001")).json()["allowed"] is True


async def test_dates_and_signature_4_orders(world: "World") -> None:
    """4-orders, 4-4.2.1: outside the dates or before the last signature the verdict says what would pass."""
    contract = await world.usual()
    late = (await world.call_off(contract, "1.000", "2026-04-01")).json()
    assert [reason["slug"] for reason in late["verdict"]["reasons"]] == ["outside-contract-dates"]
    draft = await world.draft(contract["customer_id"], contract["lines"][0]["product_id"])
    unsigned = (await world.call_off(draft, "1.000")).json()
    assert (unsigned["allowed"], unsigned["verdict"]["clauses"]) == (False, ["4-4.2.1"])
    assert "状态为草案，" in unsigned["verdict"]["reasons"][0]["text"]
    assert unsigned["verdict"]["reasons"][0]["params"]["status"] == "draft"
    assert await world.service.published("contract.OrderConfirmed.v1") == []


async def test_a_d_customer_may_call_off_2_5_3_2(world: "World") -> None:
    """2-5.3.2 is shipping's to enforce: the call-off of a customer who fell to D is confirmed."""
    contract = await world.usual()
    await world.position(contract["account_id"], 2, "D", "0.00")
    assert (await world.call_off(contract, "1.000")).status_code == 201


async def test_a_race_for_the_same_remainder_4_orders(world: "World") -> None:
    """4-orders: twenty at once for 1.5 t of 8 t: exactly five fit, every other answer names what is left."""
    contract = await world.usual()
    answers = await asyncio.gather(*(world.call_off(contract, "1.500") for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 15 + [201] * 5
    refusals = [answer.json()["verdict"] for answer in answers if answer.status_code == 200]
    assert {verdict["reasons"][0]["params"]["left"] for verdict in refusals} == {"0.500"}
    shown = (await world.contract(contract["id"]))["lines"][0]
    assert (shown["ordered"], shown["left"]) == ("7.500", "0.500")
    events = await world.service.published("contract.OrderConfirmed.v1")
    assert len({event.data["number"] for event in events}) == 5


async def test_bad_call_offs(world: "World") -> None:
    """What is malformed is a 400 that names the field."""
    contract = await world.usual()
    line = contract["lines"][0]["contract_line_id"]
    good = {"contract_line_id": line, "tons": "1.000"}
    stranger = {"contract_line_id": contract["id"], "tons": "1.000"}
    base = {"contract_id": contract["id"], "deliver_on": "2026-03-20"}
    for change, field in (
        ({"lines": []}, "lines"),
        ({"lines": [{**good, "tons": "0"}]}, "lines.0.tons"),
        ({"lines": [{**good, "tons": "1.0001"}]}, "lines.0.tons"),
        ({"lines": [{**good, "price_per_ton": "1.00"}]}, "lines.0.price_per_ton"),
        ({"lines": [good, good]}, "lines.1.contract_line_id"),
        ({"lines": [stranger]}, "lines.0.contract_line_id"),
        ({"lines": [good], "deliver_on": "20 March"}, "deliver_on"),
    ):
        answer = await world.service.post("/orders", {**base, **change}, as_=world.rep)
        assert (answer.status_code, answer.json()["field"]) == (400, field), answer.text


async def test_a_repeated_key_calls_off_once(world: "World") -> None:
    contract = await world.usual()
    line = {"contract_line_id": contract["lines"][0]["contract_line_id"], "tons": "1.000"}
    body = {"contract_id": contract["id"], "deliver_on": "2026-03-20", "lines": [line]}
    first = await world.service.post("/orders", body, as_=world.rep, key="once")
    second = await world.service.post("/orders", body, as_=world.rep, key="once")
    assert first.json() == second.json()
    assert len(await world.service.published("contract.OrderConfirmed.v1")) == 1


async def test_orders_are_listed_filtered_and_paged(world: "World") -> None:
    contract = await world.usual()
    for day in ("2026-03-20", "2026-03-10", "2026-03-15"):
        await world.call_off(contract, "1.000", day)

    async def days(**query: str) -> list[str]:
        answer = await world.service.get("/orders", as_=world.rep, **query)
        assert answer.status_code == 200, answer.text
        return [item["deliver_on"] for item in answer.json()["items"]]

    assert await days(sort="deliver_on") == ["2026-03-10", "2026-03-15", "2026-03-20"]
    assert await days(deliver_from="2026-03-15", deliver_to="2026-03-15") == ["2026-03-15"]
    assert await days(number="DD-000001") == ["2026-03-20"]
    assert await days(search="DD-000001") == ["2026-03-20"]
    assert len(await days(search="恒源")) == 3
    unknown = await world.service.get("/orders", as_=world.rep, contract="x")
    assert (unknown.status_code, unknown.json()["field"]) == (400, "contract")
    assert len(await days(contract_id=contract["id"], customer_id=contract["customer_id"])) == 3
    first = (await world.service.get("/orders", as_=world.rep, sort="number", limit=2)).json()
    rest = (await world.service.get("/orders", as_=world.rep, sort="number", limit=2, after=first["next"])).json()
    assert [item["number"] for item in first["items"] + rest["items"]] == ["DD-000001", "DD-000002", "DD-000003"]
