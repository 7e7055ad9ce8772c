"""What of the register a rep sees, and how it is listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Scene


async def test_a_rep_lists_his_customers_and_reads_also_what_he_took_in(scene: Scene) -> None:
    own = await scene.register("guard")
    taken = await scene.register("rep1", customer_id=scene.theirs)
    foreign = await scene.register("rep2", customer_id=scene.theirs)
    assert [row["id"] for row in (await scene.read("rep1", "/complaints"))["items"]] == [own["id"]]
    assert len((await scene.read("manager", "/complaints"))["items"]) == 3
    assert (await scene.read("rep1", f"/complaints/{taken['id']}"))["customer_id"] == scene.theirs
    road = {"road": "quality", "note": "x"}
    assert await scene.refused("rep1", f"/complaints/{taken['id']}/routing", road) == (403, "not-your-customer")
    assert await scene.refused("rep1", f"/complaints/{foreign['id']}/routing", road) == (404, "complaint-not-found")
    hidden = await scene.service.get(f"/complaints/{foreign['id']}", as_=scene.as_("rep1"))
    assert hidden.status_code == 404


async def test_the_trace_of_what_a_rep_took_in_for_a_colleague_stays_in_his_scope(scene: Scene) -> None:
    third = await scene.open_customer("金纬", "rep2")
    for customer in (scene.mine, scene.theirs, third):
        await scene.ship(customer, [("L1", "1.000", "1.00", "1.00")])
    taken = await scene.register("rep1", customer_id=scene.theirs, lot="L1")
    path = f"/complaints/{taken['id']}"
    assert [row["customer_id"] for row in (await scene.read("rep1", path))["lot_trace"]] == [scene.mine]
    assert len((await scene.read("quality", path))["lot_trace"]) == 3
    outside = await scene.register("guard", lot="L1")
    assert (await scene.read("guard", f"/complaints/{outside['id']}"))["lot_trace"] == []


async def test_lists_filter_sort_and_page(scene: Scene) -> None:
    first = await scene.register(kind="grumble", lot="L1", answer_by="2026-03-20")
    second = await scene.register(kind="claim", lot="L2", answer_by="2026-03-10")
    third = await scene.register(customer_id=scene.theirs)
    await scene.done("rep1", f"/complaints/{second['id']}/routing", {"road": "carrier", "note": "x"})

    async def ids(**params: object) -> list[str]:
        return [row["id"] for row in (await scene.read("gm", "/complaints", **params))["items"]]

    assert await ids() == [third["id"], second["id"], first["id"]]
    assert await ids(kind="grumble") == await ids(lot="L1") == [first["id"]]
    assert await ids(status="routed") == await ids(road="carrier") == [second["id"]]
    assert await ids(customer_id=scene.theirs) == [third["id"]]
    assert await ids(sort="answer_due") == [third["id"], second["id"], first["id"]]
    page = await scene.read("gm", "/complaints", sort="-number", limit=2)
    assert [row["id"] for row in page["items"]] == [third["id"], second["id"]]
    assert await ids(sort="-number", limit=2, after=page["next"]) == [first["id"]]
    for bad in ({"kind": "x"}, {"sort": "text"}, {"after": "x"}, {"lot": "a\u0000b"}, {"limit": "0"}):
        assert (await scene.service.get("/complaints", as_=scene.as_("gm"), **bad)).status_code == 400, bad
