"""What of the register a rep sees, and how it is listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fangxing.roles import Role

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


async def test_a_rep_acts_for_his_own_customers_alone_also_as_keeper_or_quality_besides(scene: Scene) -> None:
    theirs = await scene.register("rep2", customer_id=scene.theirs)
    path = f"/complaints/{theirs['id']}"
    for also in (Role.WAREHOUSE_KEEPER, Role.QUALITY, Role.SALES_MANAGER):
        both = scene.as_("rep1", also)
        seen = await scene.service.get(path, as_=both)
        assert (seen.status_code, seen.json()["actions"]) == (200, [])
        routed = await scene.service.post(f"{path}/routing", {"road": "usage", "note": "x"}, as_=both)
        assert (routed.status_code, routed.json()["slug"]) == (404, "complaint-not-found")
    await scene.done("rep2", f"{path}/routing", {"road": "usage", "note": "x"})
    body = {"cause": "x", "handling": "x"}
    signed = await scene.service.post(f"{path}/handling", body, as_=scene.as_("rep1", Role.QUALITY))
    assert (signed.status_code, signed.json()["slug"]) == (403, "not-your-customer")


async def test_the_answer_says_what_its_reader_may_try(scene: Scene) -> None:
    complaint = await scene.register("guard")
    path = f"/complaints/{complaint['id']}"

    async def offered(*people: str) -> dict[str, list[str]]:
        return {who: (await scene.read(who, path))["actions"] for who in people}

    assert await offered("guard", "rep1", "quality", "gm") == {"guard": [], "rep1": ["route"], "quality": [], "gm": []}
    await scene.done("rep1", f"{path}/routing", {"road": "quality", "note": "x"})
    assert await offered("rep1", "quality", "production") == {"rep1": ["route"], "quality": ["sign"], "production": []}
    signed = await scene.sign(complaint["id"], who="allrounder")
    assert signed["actions"] == []
    assert await offered("rep1", "gm", "manager") == {"rep1": [], "gm": [], "manager": ["decide"]}
    await scene.approve(signed)
    assert await offered("rep1", "gm") == {"rep1": ["close"], "gm": []}


async def test_the_history_tells_who_did_what_in_the_readers_language(scene: Scene) -> None:
    complaint = await scene.routed()
    await scene.decide(await scene.sign(complaint), "return")
    await scene.approve(await scene.sign(complaint))
    closing = {"told_customer_on": "2026-03-02", "note": "x"}
    await scene.done("rep1", f"/complaints/{complaint}/closing", closing)
    told = await scene.service.get(f"/complaints/{complaint}/history", as_=scene.as_("rep1"))
    assert [(entry["text"], entry["actor"]) for entry in told.json()] == [
        ("登记", "rep1"),
        ("分派", "rep1"),
        ("签署处理意见", "quality"),
        ("退回", "manager"),
        ("签署处理意见", "quality"),
        ("同意", "manager"),
        ("同意", "gm"),
        ("结案", "rep1"),
    ]
    hidden = await scene.service.get(f"/complaints/{complaint}/history", as_=scene.as_("rep2"))
    assert (hidden.status_code, hidden.json()["slug"]) == (404, "complaint-not-found")


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
    assert await ids(search="KF-2026") == await ids()
    assert await ids(search="KF-2026-00002") == [second["id"]]
    assert await ids(search="华盛") == await ids(search="C-华盛针织") == [third["id"]]
    assert await ids(created_from="2026-03-03") == await ids(created_to="2026-03-01") == []
    assert await ids(answer_due_to="2026-03-09") == [third["id"]]
    assert await ids(sort="answer_due") == [third["id"], second["id"], first["id"]]
    page = await scene.read("gm", "/complaints", sort="-number", limit=2)
    assert [row["id"] for row in page["items"]] == [third["id"], second["id"]]
    assert await ids(sort="-number", limit=2, after=page["next"]) == [first["id"]]
    for bad in (
        {"kind": "x"},
        {"sort": "text"},
        {"after": "x"},
        {"lot": "a\u0000b"},
        {"limit": "0"},
        {"state": "routed"},
    ):
        assert (await scene.service.get("/complaints", as_=scene.as_("gm"), **bad)).status_code == 400, bad
