"""Products over HTTP: production records what happened, and everybody sees which flow follows."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Desk


async def test_3_5_1_a_product_never_produced_is_new_and_published(desk: "Desk") -> None:
    product = await desk.product(since=None)
    assert (product["lifecycle"], product["flow"], product["history"]) == ("new", "new_product", [])
    [event] = await desk.service.published()
    assert (event.type, event.document, event.version) == (
        "pricing.ProductChanged.v1",
        f"product/{product['id']}",
        1,
    )
    assert event.data == {
        "product_id": product["id"],
        "code": "FDY-75",
        "name": "全拉伸丝 FDY-75",
        "family": "FDY",
        "lifecycle": "new",
    }


async def test_3_5_2_2_the_history_moves_the_lifecycle_and_only_a_change_is_published(desk: "Desk") -> None:
    product = await desk.product(since=None)
    path = f"/products/{product['id']}/production-records"
    seen = []
    for stage, since in [
        ("samples", "2026-01-05"),
        ("trial", "2026-01-20"),
        ("mass_production", "2026-02-01"),
        ("stopped", "2026-03-02"),
    ]:
        changed = await desk.done("production", path, {"stage": stage, "since": since})
        seen.append((changed["lifecycle"], changed["flow"]))
    assert seen == [
        ("new", "new_product"),
        ("new", "new_product"),
        ("regular", "adjustment"),
        ("stopped", "new_product"),
    ]
    published = await desk.service.published("pricing.ProductChanged.v1")
    assert [(event.version, event.data["lifecycle"]) for event in published] == [
        (1, "new"),
        (2, "regular"),
        (3, "stopped"),
    ]
    detail = await desk.read(f"/products/{product['id']}")
    assert [entry["stage"] for entry in detail["history"]] == ["samples", "trial", "mass_production", "stopped"]


async def test_3_5_1_history_ends_today(desk: "Desk") -> None:
    product = await desk.product(since="2026-03-02")
    path = f"/products/{product['id']}/production-records"
    assert await desk.refused("production", path, {"stage": "stopped", "since": "2026-03-03"}) == (
        400,
        "history-in-future",
    )
    assert await desk.refused("production", path, {"stage": "stopped", "since": "2026-03-01"}) == (
        409,
        "nothing-to-stop",
    )
    future = {"code": "F2", "name": "n", "family": "FDY", "mass_produced_since": "2026-03-03"}
    answer = await desk.send("production", "/products", future)
    assert (answer.status_code, answer.json()["field"]) == (400, "mass_produced_since")


async def test_a_code_is_taken_once(desk: "Desk") -> None:
    await desk.product("POY-1")
    body = {"code": "POY-1", "name": "again", "family": "POY", "mass_produced_since": None}
    assert await desk.refused("production", "/products", body) == (409, "product-code-taken")


async def test_products_filter_sort_and_page(desk: "Desk") -> None:
    for code, family, since in [("B", "FDY", None), ("A", "POY", "2024-01-01"), ("C", "FDY", "2024-01-01")]:
        await desk.product(code, family=family, since=since)
    first = await desk.read("/products", sort="code", limit=2)
    second = await desk.read("/products", sort="code", limit=2, after=first["next"])
    assert [item["code"] for item in first["items"] + second["items"]] == ["A", "B", "C"]
    assert second["next"] is None
    assert [item["code"] for item in (await desk.read("/products"))["items"]] == ["C", "A", "B"]
    regular = await desk.read("/products", lifecycle="regular", family="FDY", name="伸丝 C", person="guard")
    assert [item["code"] for item in regular["items"]] == ["C"]
    assert (await desk.read("/products", name="%"))["items"] == []


async def test_a_code_is_one_products_whatever_its_case_and_found_in_any(desk: "Desk") -> None:
    await desk.price(await desk.product("Fdy-75"), "8000.00")
    body = {"name": "全拉伸丝", "family": "FDY"}
    for code in ("Fdy-75", "FDY-75", "fdy-75"):
        assert await desk.refused("production", "/products", {**body, "code": code}) == (409, "product-code-taken")
        assert [row["code"] for row in (await desk.read("/products", code=code))["items"]] == ["Fdy-75"]
        assert [row["code"] for row in (await desk.read("/price-table", code=code))["items"]] == ["Fdy-75"]
    assert (await desk.refused("production", "/products", {**body, "code": "FDY -75"}))[0] == 400
