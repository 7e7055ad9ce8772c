"""The roads of clause 6-5.1.2."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Scene


async def test_6_5_1_2_every_routing_is_kept_and_the_last_one_holds(scene: Scene) -> None:
    complaint = await scene.routed("carrier")
    again = await scene.done("rep1", f"/complaints/{complaint}/routing", {"road": "technique", "note": "改派"})
    assert [(row["number"], row["road"]) for row in again["routings"]] == [(1, "carrier"), (2, "technique")]
    assert (await scene.read("rep1", "/tasks"))["items"] == []
    assert [task["kind"] for task in (await scene.read("production", "/tasks"))["items"]] == ["handle_complaint"]
    signed = {"cause": "工艺", "handling": "改进"}
    refused = await scene.refused("quality", f"/complaints/{complaint}/handling", signed)
    assert refused == (403, "role-required")
    await scene.done("production", f"/complaints/{complaint}/handling", signed)
    late = await scene.refused("rep1", f"/complaints/{complaint}/routing", {"road": "sales", "note": "x"})
    assert late == (409, "wrong-state")


async def test_6_5_1_2_a_lot_is_blocked_on_the_road_to_quality_and_asked_for_once(scene: Scene) -> None:
    named = await scene.register(lot="L9")
    path = f"/complaints/{named['id']}/routing"
    wrong = await scene.refused("rep1", path, {"road": "carrier", "note": "x", "block_lot": True})
    assert wrong == (400, "no-lot-to-block")
    for _ in range(2):
        await scene.done("rep1", path, {"road": "quality", "note": "x", "block_lot": True})
    events = await scene.service.published("complaint.LotBlockRequested.v1")
    assert [(event.data["lot"], event.data["product_id"]) for event in events] == [("L9", None)]
    unnamed = await scene.register()
    refused = await scene.refused(
        "rep1", f"/complaints/{unnamed['id']}/routing", {"road": "quality", "note": "x", "block_lot": True}
    )
    assert refused == (400, "no-lot-to-block")
