"""What production sees of contracts and the warehouse of orders: the goods and the days, no money."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from fangxing.roles import Role

if TYPE_CHECKING:
    from conftest import World

CONTRACT_MONEY = {"total", "price_per_ton", "value", "base_price", "price_reason", "verdict", "content", "reasons"}
ORDER_MONEY = {"total", "price_per_ton", "value"}


def fields(shown: Any) -> Iterator[tuple[str, Any]]:
    """Every field of an answer, however deep, with its value."""
    if isinstance(shown, dict):
        for name, value in shown.items():
            yield name, value
            yield from fields(value)
    elif isinstance(shown, list):
        for item in shown:
            yield from fields(item)


def hidden(shown: Any, money: set[str]) -> set[str]:
    """The fields among `money` that are there and null."""
    found = [(name, value) for name, value in fields(shown) if name in money]
    assert all(value is None for _, value in found), found
    return {name for name, _ in found}


async def test_production_sees_contracts_without_the_money(world: "World") -> None:
    """4.3: list, detail, sort, filter and file; nobody else's answer lacks anything."""
    contract = await world.usual()
    service = world.service
    production = service.identities.headers("production", Role.PRODUCTION)
    shown = (await service.get(f"/contracts/{contract['id']}", as_=production)).json()
    assert hidden(shown, CONTRACT_MONEY) == CONTRACT_MONEY
    assert (shown["lines"][0]["tons"], shown["lines"][0]["product_name"]) == ("8.000", "涤纶低弹丝 150D")
    (row,) = (await service.get("/contracts", as_=production)).json()["items"]
    assert (row["number"], row["total"]) == (contract["number"], None)
    refused = await service.get("/contracts", as_=production, sort="total")
    assert (refused.status_code, refused.json()["slug"]) == (403, "field-not-yours")
    file = (await service.get("/contracts", as_=production, format="csv")).text
    assert contract["number"] in file
    assert "80000.00" not in file
    assert "80000.00" in (await service.get("/contracts", as_=world.rep, format="csv")).text
    for who in (world.rep, world.manager, world.finance, world.gm):
        whole = (await service.get(f"/contracts/{contract['id']}", as_=who)).json()
        assert (whole["total"], whole["approval"]["content"]["total"]) == ("80000.00", "80000.00")


@pytest.mark.parametrize("role", [Role.WAREHOUSE_KEEPER, Role.WAREHOUSE_SUPERVISOR, Role.PRODUCTION])
async def test_the_warehouse_sees_orders_without_the_money(world: "World", role: Role) -> None:
    """4.3: what has to be prepared and when, not what it is worth."""
    contract = await world.usual()
    order = (await world.call_off(contract, "3.000")).json()["order"]
    assert (order["total"], order["lines"][0]["price_per_ton"]) == ("30000.00", "10000.00")
    headers = world.service.identities.headers("someone", role)
    shown = (await world.service.get(f"/orders/{order['id']}", as_=headers)).json()
    assert hidden(shown, ORDER_MONEY) == ORDER_MONEY
    assert shown["lines"][0]["tons"] == "3.000"
    for format in ("json", "csv"):
        assert "0000.00" not in (await world.service.get("/orders", as_=headers, format=format)).text


@pytest.mark.parametrize("role", [Role.GATE_GUARD, Role.QUALITY])
async def test_guard_and_quality_see_neither(world: "World", role: Role) -> None:
    """4.3: their work needs no contract and no order."""
    headers = world.service.identities.headers("someone", role)
    for path in ("/contracts", "/orders"):
        assert (await world.service.get(path, as_=headers)).status_code == 403


async def test_production_signs_for_what_it_has_to_supply(world: "World") -> None:
    """4-3: a decider who sees no prices binds the same content by its hash; his task says no amount."""
    await world.authority()
    await world.let_production_review()
    contract = await world.submit(await world.draft(await world.customer(), await world.product()))
    production = world.service.identities.headers("production", Role.PRODUCTION)
    (task,) = (await world.service.get("/tasks", as_=production)).json()["items"]
    assert task["title"] == f"销售合同 {contract['number']}：恒源纺织"
    seen = (await world.service.get(f"/contracts/{contract['id']}", as_=production)).json()
    assert seen["actions"] == ["decide"]
    answer = (await world.decide(seen, production)).json()
    assert (answer["approval"]["waiting_for"], answer["approval"]["content"], answer["total"]) == (
        "sales_manager",
        None,
        None,
    )
