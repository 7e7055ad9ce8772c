"""Contracts in a list: found, filtered, page by page."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import World


async def test_contracts_are_listed_filtered_and_paged(world: "World") -> None:
    await world.authority()
    customer, product = await world.customer(), await world.product()
    for tons in ("3.000", "1.000", "2.000"):
        await world.draft(customer, product, tons=tons)
    half_year = await world.draft(customer, product, ends_on="2026-08-31")
    await world.submit(half_year)
    service = world.service

    async def totals(**query: str) -> list[str]:
        answer = await service.get("/contracts", as_=world.rep, **query)
        assert answer.status_code == 200, answer.text
        return [item["total"] for item in answer.json()["items"]]

    assert await totals(sort="total") == ["10000.00", "20000.00", "30000.00", "80000.00"]
    assert await totals(status="in_approval") == ["80000.00"]
    assert await totals(term="long") == ["80000.00"]
    assert await totals(number="HT-0002") == ["10000.00"]
    assert await totals(search="HT-0002") == await totals(number="HT-0002")
    assert len(await totals(search="恒源")) == 4
    assert await totals(search="别家") == []
    assert len(await totals(customer_id=customer)) == 4
    assert await totals(valid_on="2026-04-01") == ["80000.00"]
    assert len(await totals(valid_on="2026-03-31")) == 4
    assert await totals(rep="rep2") == []
    for unknown in ({"customer": customer}, {"status": "open"}, {"sort": "price"}, {"valid_on": "soon"}):
        answer = await service.get("/contracts", as_=world.rep, **unknown)
        assert (answer.status_code, answer.json()["field"]) == (400, next(iter(unknown)))
    first = (await service.get("/contracts", as_=world.rep, sort="-total", limit=3)).json()
    rest = (await service.get("/contracts", as_=world.rep, sort="-total", limit=3, after=first["next"])).json()
    assert [item["total"] for item in first["items"] + rest["items"]] == [
        "80000.00",
        "30000.00",
        "20000.00",
        "10000.00",
    ]
    assert rest["next"] is None
