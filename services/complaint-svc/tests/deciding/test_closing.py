"""Closing: the customer is told what was approved (6-5.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Scene


async def test_6_5_3_the_customer_is_told_today_or_before_but_not_before_the_approval(scene: Scene) -> None:
    complaint = await scene.routed()
    path = f"/complaints/{complaint}/closing"
    unapproved = await scene.refused("rep1", path, {"told_customer_on": "2026-03-02", "note": "x"})
    assert unapproved == (409, "wrong-state")
    await scene.approve(await scene.sign(complaint))
    tomorrow = await scene.refused("rep1", path, {"told_customer_on": "2026-03-03", "note": "x"})
    assert tomorrow == (400, "told-in-future")
    before = await scene.done("rep1", path, {"told_customer_on": "2026-03-01", "note": "x"})
    assert [reason["slug"] for reason in before["verdict"]["reasons"]] == ["told-before-approval"]
    assert (await scene.done("rep1", path, {"told_customer_on": "2026-03-02", "note": "x"}))["status"] == "closed"
    again = await scene.refused("rep1", path, {"told_customer_on": "2026-03-02", "note": "x"})
    assert again == (409, "wrong-state")
