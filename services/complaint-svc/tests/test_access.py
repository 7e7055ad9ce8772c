"""Who may do what: every role on every route, what a rep sees, and what arrives from the other services."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from conftest import Scene

EVERYBODY = [
    "rep1",
    "manager",
    "gm",
    "finance",
    "accountant",
    "production",
    "quality",
    "audit",
    "committee",
    "keeper",
    "supervisor",
    "qsupervisor",
    "guard",
    "dept",
    "admin",
]
LISTS = set(EVERYBODY) - {"committee", "guard"}
POSTS = {
    "/complaints/{id}/routing": {"rep1"},
    "/complaints/{id}/handling": {"quality", "production", "manager", "rep1"},
    "/complaints/{id}/decisions": {"manager", "production", "quality", "dept", "gm"},
    "/complaints/{id}/closing": {"rep1"},
    "/returns/{id}/receipt": {"keeper"},
    "/returns/{id}/inspection": {"quality"},
    "/returns/{id}/cancellation": {"rep1", "manager"},
}


def _posts() -> Iterator[tuple[str, str, bool]]:
    for path, allowed in POSTS.items():
        for who in EVERYBODY:
            yield path.replace("{id}", str(uuid4())), who, who in allowed


async def test_1_3_every_role_on_every_route(scene: Scene) -> None:
    for path, who, allowed in _posts():
        # An empty body is refused as input where the role may call, and by the role before that.
        status, slug = await scene.refused(who, path, {})
        assert (status, slug) == ((400, "input-invalid") if allowed else (403, "role-required")), (path, who)
    for path in ("/complaints", "/returns", f"/returns/{uuid4()}"):
        for who in EVERYBODY:
            status = (await scene.service.get(path, as_=scene.as_(who))).status_code
            expected = 403 if who not in LISTS else 404 if path.count("/") > 1 else 200
            assert status == expected, (path, who)
    assert (await scene.service.get("/complaints")).status_code == 401


async def test_6_5_1_1_everybody_may_take_a_complaint_in_and_read_his_own(scene: Scene) -> None:
    for who in EVERYBODY:
        taken = await scene.register(who)
        assert (await scene.read(who, f"/complaints/{taken['id']}"))["registered_by"] == who
    seen = await scene.service.get(f"/complaints/{taken['id']}", as_=scene.as_("guard"))
    assert seen.status_code == 404


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


async def test_another_rep_takes_over_with_the_open_tasks(scene: Scene) -> None:
    complaint = await scene.register()
    await scene.open_customer("恒源纺织", "rep2", customer=scene.mine, version=2)
    assert (await scene.read("rep1", "/complaints"))["items"] == []
    assert [task["document"] for task in (await scene.read("rep2", "/tasks"))["items"]] == [
        f"complaint/{complaint['id']}"
    ]
    await scene.done("rep2", f"/complaints/{complaint['id']}/routing", {"road": "sales", "note": "x"})


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


async def test_an_unreadable_delivery_note_is_put_aside_and_its_gate_date_waits(scene: Scene) -> None:
    note = str(uuid4())
    await scene.service.deliver(
        "shipping.ShipmentShipped.v1",
        {"delivery_note_id": note},
        key="k",
        document=f"delivery-note/{note}",
        version=1,
    )
    await scene.leave(note)
    letters = (await scene.read("admin", "/dead-letters"))["items"]
    assert sorted(letter["status"] for letter in letters) == ["parked", "poison"]
