"""What of the returns a rep sees, and how they are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fangxing.roles import Role

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
    assert await ids(search="KF-2026-00001-R") == await ids(sort="-number", search="KF-2026-00001") == [first]
    assert await ids(search="恒源") == [second, first]
    row = (await scene.read("rep1", "/returns", search="恒源", limit=1))["items"][0]
    assert (row["customer_name"], [line["lot"] for line in row["lines"]]) == ("恒源纺织", ["L1", "L2"])
    unknown = await scene.service.get("/returns", as_=scene.as_("gm"), state="received")
    assert (unknown.status_code, unknown.json()["field"]) == (400, "state")


async def test_a_rep_cancels_his_own_customers_returns_alone_also_as_keeper_besides(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "100.00")])
    returned = await scene.approved_return(note, {1: "0.100"})
    path = f"/returns/{returned}"
    both = scene.as_("rep2", Role.WAREHOUSE_KEEPER)
    assert (await scene.service.get(path, as_=both)).json()["actions"] == ["receive"]
    refused = await scene.service.post(f"{path}/cancellation", {"reason": "x"}, as_=both)
    assert (refused.status_code, refused.json()["slug"]) == (404, "return-not-found")
    assert (await scene.read("rep1", path))["actions"] == ["cancel"]
    manager = scene.as_("rep2", Role.SALES_MANAGER)
    assert (await scene.service.post(f"{path}/cancellation", {"reason": "x"}, as_=manager)).status_code == 200


async def test_the_history_of_a_return_tells_each_step(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "100.00")])
    returned = await scene.approved_return(note, {1: "1.000"})
    await scene.receive(returned, {1: "1.000"})
    await scene.inspect(returned, {1: "1.000"})
    told = await scene.service.get(f"/returns/{returned}/history", as_=scene.as_("keeper"))
    assert [(entry["text"], entry["actor"]) for entry in told.json()] == [
        ("提出", "quality"),
        ("批准", "gm"),
        ("收货", "keeper"),
        ("检验", "inspector"),
    ]
    hidden = await scene.service.get(f"/returns/{returned}/history", as_=scene.as_("rep2"))
    assert (hidden.status_code, hidden.json()["slug"]) == (404, "return-not-found")


async def test_hands_go_from_complaint_and_delivery_note_into_the_return_and_its_credit(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "100.00")], {"loading.load": ["li"]})
    await scene.leave(note)
    returned = await scene.approved_return(note, {1: "1.000"})
    await scene.receive(returned, {1: "1.000"})
    await scene.inspect(returned, {1: "1.000"})
    approved, credited = [
        (await scene.service.published(f"complaint.{name}.v1"))[0].data["hands"]
        for name in ("ReturnApproved", "ReturnInspected")
    ]
    assert approved == {
        "loading.load": ["li"],
        "complaint.register": ["rep1"],
        "complaint.route": ["rep1"],
        "complaint.sign": ["quality"],
        "handling.sign": ["quality"],
        "return.propose": ["quality"],
        "return.approve": ["gm"],
    }
    assert credited == {**approved, "return.receive": ["keeper"], "return.inspect": ["inspector"]}
