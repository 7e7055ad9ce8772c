"""What arrives about the customers of complaints."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Scene


async def test_another_rep_takes_over_with_the_open_tasks(scene: Scene) -> None:
    complaint = await scene.register()
    await scene.open_customer("恒源纺织", "rep2", customer=scene.mine, version=2)
    assert (await scene.read("rep1", "/complaints"))["items"] == []
    assert [task["document"] for task in (await scene.read("rep2", "/tasks"))["items"]] == [
        f"complaint/{complaint['id']}"
    ]
    await scene.done("rep2", f"/complaints/{complaint['id']}/routing", {"road": "sales", "note": "x"})


async def test_what_a_rep_signed_comes_back_to_whoever_looks_after_the_customer_by_then(scene: Scene) -> None:
    complaint = await scene.routed("usage")
    signed = await scene.done("rep1", f"/complaints/{complaint}/handling", {"cause": "x", "handling": "x"})
    await scene.open_customer("恒源纺织", "rep2", customer=scene.mine, version=2)
    await scene.decide(signed, "return")
    assert (await scene.read("rep1", "/tasks"))["items"] == []
    assert sorted(task["kind"] for task in (await scene.read("rep2", "/tasks"))["items"]) == [
        "handle_complaint",
        "returned.complaint_handling",
    ]
