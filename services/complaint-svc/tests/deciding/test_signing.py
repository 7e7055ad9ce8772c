"""Signing cause and handling: by whom, when, and with what (6-5.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Scene


async def test_6_5_1_2_on_his_own_road_the_rep_is_responsible_and_no_other_rep(scene: Scene) -> None:
    complaint = await scene.routed("usage")
    signed = {"cause": "操作", "handling": "现场服务"}
    other = await scene.refused("rep2", f"/complaints/{complaint}/handling", signed)
    assert other == (404, "complaint-not-found")
    assert (await scene.done("rep1", f"/complaints/{complaint}/handling", signed))["status"] == "in_approval"


async def test_6_5_2_2_quality_owes_secondary_causes_and_the_improvement(scene: Scene) -> None:
    complaint = await scene.routed()
    body = {"cause": "温差", "handling": "退货", "secondary_causes": "未清缸"}
    response = await scene.post("quality", f"/complaints/{complaint}/handling", body)
    problem = response.json()
    assert (response.status_code, problem["slug"]) == (400, "quality-analysis-missing")
    assert (problem["field"], problem["clause"]) == ("improvement", "6-5.2.2")


async def test_6_5_2_1_nothing_is_signed_before_the_road_is_known_nor_twice(scene: Scene) -> None:
    complaint = str((await scene.register())["id"])
    signed = {"cause": "x", "handling": "x", "secondary_causes": "x", "improvement": "x"}
    early = await scene.refused("quality", f"/complaints/{complaint}/handling", signed)
    assert early == (409, "wrong-state")
    await scene.done("rep1", f"/complaints/{complaint}/routing", {"road": "quality", "note": "x"})
    await scene.sign(complaint)
    again = await scene.refused("quality", f"/complaints/{complaint}/handling", signed)
    assert again == (409, "wrong-state")
