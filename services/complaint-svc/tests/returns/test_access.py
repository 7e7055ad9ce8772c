"""What of the returns a rep sees, and how they are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Scene


async def test_returns_are_listed_in_scope(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "100.00"), ("L2", "1.000", "1.00", "1.00")])
    first = await scene.approved_return(note, {1: "0.100"})
    second = await scene.approved_return(note, {1: "0.200", 2: "1.000"})

    async def ids(who: str = "gm", **params: object) -> list[str]:
        return [row["id"] for row in (await scene.read(who, "/returns", **params))["items"]]

    assert await ids() == await ids("rep1") == await ids(delivery_note_id=note) == [second, first]
    assert await ids(sort="value") == [first, second]
    assert await ids(lot="L2") == [second]
    assert await ids(status="received") == await ids("rep2") == []
    assert (await scene.service.get(f"/returns/{first}", as_=scene.as_("rep2"))).status_code == 404
    assert (await scene.read("rep1", f"/returns/{first}"))["value"] == "10.00"
