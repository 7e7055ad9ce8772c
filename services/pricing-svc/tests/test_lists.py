"""Lists: an unknown filter is refused, people search by code and name, and every list comes as a file."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Desk

LISTS = ["/products", "/price-proposals", "/price-table", "/price-table/difference", "/authority-tables"]
LISTS += ["/price-authority", "/products/{}/prices"]


@pytest.mark.parametrize("path", LISTS)
async def test_an_unknown_filter_is_refused_by_name_and_a_file_is_made(desk: "Desk", path: str) -> None:
    product = await desk.product()
    await desk.price(product, "8000.00")
    await desk.authorize(("3.00", "5.00"), ("8.00", "10.00"))
    address, needed = path.format(product["id"]), {"old": "2026-03-01"} if path.endswith("difference") else {}
    who = desk.sign_in("gm")
    refused = await desk.service.get(address, as_=who, colour="red", **needed)
    assert (refused.status_code, refused.json()["field"]) == (400, "colour")
    file = await desk.service.get(address, as_={**who, "Accept-Language": "en"}, format="csv", **needed)
    assert file.headers["content-type"].startswith("text/csv")
    assert file.text.count("\r\n") == 2


async def test_search_finds_the_beginning_of_a_code_and_any_part_of_a_name(desk: "Desk") -> None:
    for code in ("FDY-75", "POY-150"):
        await desk.price(await desk.product(code), "8000.00")
    for path in ("/products", "/price-table", "/price-proposals"):

        async def found(text: str, path: str = path) -> list[str]:
            items = (await desk.read(path, search=text))["items"]
            return sorted(item.get("code") or item["product_code"] for item in items)

        assert await found("poy") == ["POY-150"]
        assert await found("丝 FDY") == ["FDY-75"]
        assert await found("全拉伸丝") == ["FDY-75", "POY-150"]
        assert await found("150") == ["POY-150"]
        assert await found("%") == []


async def test_rows_of_a_file_are_headed_in_the_readers_language(desk: "Desk") -> None:
    await desk.price(await desk.product(), "8000.00")
    for language, heading in (("zh-CN", "基准价格（元/吨，含税）"), ("en", "base price (yuan per ton, incl. tax)")):
        headers = {**desk.sign_in("rep"), "Accept-Language": language}
        file = await desk.service.get("/price-table", as_=headers, format="csv")
        assert heading in file.text.splitlines()[0]
        assert "8000.00" in file.text.splitlines()[1]
