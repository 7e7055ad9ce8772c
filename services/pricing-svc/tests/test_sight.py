"""1-3, 3-8.2-C: who sees a price, who sees a cost, in lists, details, files and orders of sorting."""

from typing import TYPE_CHECKING, Any

import pytest

from fangxing.roles import Role
from pricing_svc.prices.access import MONEY, READERS
from pricing_svc.proposals.access import COSTS

if TYPE_CHECKING:
    from conftest import Desk

BLIND = sorted(set(Role) - MONEY.roles)
FINANCE = {"side": "finance", "cost_per_ton": "7111.00", "opinion": "Margin of 10 % at 7800."}
PRODUCTION = {"side": "production", "cost_per_ton": "7222.50", "opinion": "Second grade 6 % in the trial."}


async def priced(desk: "Desk") -> tuple[dict[str, Any], dict[str, Any]]:
    """A product with a price, and a new one whose price waits for its deciders."""
    product = await desk.product()
    await desk.price(product, "8000.00")
    new = await desk.product("NEW-1", since=None)
    proposal = await desk.done("rep", "/price-proposals", {"product_id": new["id"]})
    await desk.done("accountant", desk.path(proposal, "opinions"), FINANCE)
    await desk.done("production", desk.path(proposal, "opinions"), PRODUCTION)
    return product, await desk.done("rep", desk.path(proposal, "submission"), {"base_price": "7800.00"})


def test_1_3_guard_warehouse_and_quality_see_no_price() -> None:
    assert set(BLIND) == {
        Role.GATE_GUARD,
        Role.WAREHOUSE_KEEPER,
        Role.WAREHOUSE_SUPERVISOR,
        Role.QUALITY,
        Role.QUALITY_SUPERVISOR,
    }


@pytest.mark.parametrize("role", BLIND)
async def test_1_3_who_sees_no_price_gets_products_without_one(desk: "Desk", role: Role) -> None:
    product, proposal = await priced(desk)
    who = desk.sign_in("reader", role)
    closed = [
        "/price-table",
        "/price-table/difference?old=2026-03-01",
        f"/products/{product['id']}/prices",
        f"/products/{product['id']}/prices/difference?old=1&new=1",
        f"/price-level?product_id={product['id']}&price=8000.00",
        "/price-proposals",
        f"/price-proposals/{proposal['id']}",
        f"/price-proposals/{proposal['id']}/history",
        "/price-table?format=csv",
        "/price-proposals?format=xlsx",
        "/price-proposals?sort=-status",
        "/authority-tables",
    ]
    for path in closed:
        answer = await desk.service.get(path, as_=who)
        assert (answer.status_code, answer.json()["slug"]) == (403, "role-required"), path
    for path in ("/products", f"/products/{product['id']}", "/products?format=csv", "/products?sort=name", "/tasks"):
        answer = await desk.service.get(path, as_=who)
        assert answer.status_code == 200, path
        assert not any(amount in answer.text for amount in ("8000.00", "7800.00", "7111.00", "7222.50")), path


@pytest.mark.parametrize("role", READERS)
async def test_3_8_2_c_costs_leave_for_those_alone_who_may_see_them(desk: "Desk", role: Role) -> None:
    _, proposal = await priced(desk)
    who = desk.sign_in("reader", role)
    for path in (f"/price-proposals/{proposal['id']}", "/price-proposals"):
        text = (await desk.service.get(path, as_=who)).text
        assert "7800.00" in text
        assert ("7111.00" in text and "7222.50" in text) == (role in COSTS.roles), path
    file = await desk.service.get("/price-proposals", as_=who, format="csv", search="new")
    assert file.status_code == 200
    assert "7800.00" in file.text
    assert "7111.00" not in file.text
    by_cost = await desk.service.get("/price-proposals", as_=who, sort="cost_per_ton")
    assert (by_cost.status_code, by_cost.json()["slug"]) == (400, "sort-unknown")


async def test_3_8_2_c_only_the_roles_that_open_a_route_show_costs(desk: "Desk") -> None:
    product = await desk.product("NEW-1", since=None)
    proposal = await desk.done("rep", "/price-proposals", {"product_id": product["id"]})
    await desk.done("accountant", desk.path(proposal, "opinions"), FINANCE)
    await desk.done("production", desk.path(proposal, "opinions"), PRODUCTION)
    # an audit manager does not submit: here he acts as the rep he is besides
    desk.people["rep"] = (Role.SALES_REP, Role.AUDIT_MANAGER)
    submitted = await desk.done("rep", desk.path(proposal, "submission"), {"base_price": "7800.00"})
    assert [opinion["cost_per_ton"] for opinion in submitted["opinions"]] == [None, None]
    read = await desk.read(f"/price-proposals/{proposal['id']}", person="rep")
    assert [opinion["cost_per_ton"] for opinion in read["opinions"]] == ["7111.00", "7222.50"]
