"""The base price table over HTTP (3-7.1.2): as of any day, by version, and what changed."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Desk

TODAY = "2026-03-02"


async def test_3_7_1_2_a_price_takes_effect_on_its_day_and_the_past_stays_readable(desk: "Desk") -> None:
    product = await desk.product()
    await desk.price(product, "8000.00")
    await desk.price(product, "8400.00", effective_from="2026-04-01")

    async def on(day: str) -> list[str]:
        return [line["base_price"] for line in (await desk.read("/price-table", on=day))["items"]]

    assert await on("2026-03-01") == []
    assert await on("2026-03-02") == ["8000.00"]
    assert await on("2026-03-31") == ["8000.00"]
    assert await on("2026-04-01") == ["8400.00"]
    # the event went out with the yes, with the day from which it counts
    events = await desk.service.published("pricing.BasePriceChanged.v1")
    assert [(e.version, e.data["price_version"], e.data["effective_from"]) for e in events] == [
        (2, 1, TODAY),
        (3, 2, "2026-04-01"),
    ]
    # a newer decision stands above one that was still to come
    await desk.price(product, "8200.00", effective_from="2026-03-15")
    assert [await on(day) for day in ("2026-03-14", "2026-03-15", "2026-04-01")] == [
        ["8000.00"],
        ["8200.00"],
        ["8200.00"],
    ]
    desk.clock.advance(days=60)
    assert await on("2026-03-02") == ["8000.00"]


async def test_3_7_1_2_difference_of_two_versions_and_of_two_days(desk: "Desk") -> None:
    product = await desk.product()
    other = await desk.product("POY-9")
    await desk.price(product, "8000.00")
    desk.clock.advance(days=1)
    await desk.price(product, "7800.00")
    await desk.price(other, "6000.00")
    path = f"/products/{product['id']}/prices"
    versions = await desk.read(path)
    assert [(one["price_version"], one["base_price"]) for one in versions["items"]] == [(2, "7800.00"), (1, "8000.00")]
    change = await desk.read(f"{path}/difference", old=1, new=2)
    assert (change["amount"], change["percent"]) == ("-200.00", "-2.50")
    assert (change["old"]["base_price"], change["new"]["effective_from"]) == ("8000.00", "2026-03-03")
    table = await desk.read("/price-table/difference", old="2026-03-02")
    assert [(line["code"], line["amount"], line["old"] is None) for line in table["items"]] == [
        ("FDY-75", "-200.00", False),
        ("POY-9", None, True),
    ]
    assert (await desk.read("/price-table/difference", old="2026-03-03"))["items"] == []
    missing = await desk.service.get(f"{path}/difference", as_=desk.sign_in("rep"), old=1, new=3)
    assert (missing.status_code, missing.json()["slug"]) == (404, "price-version-not-found")
    reversed_days = await desk.service.get("/price-table/difference", as_=desk.sign_in("rep"), old="2026-03-04")
    assert (reversed_days.status_code, reversed_days.json()["slug"]) == (400, "days-reversed")
