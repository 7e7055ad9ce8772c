"""The register: numbers without gaps, bad input, and the roads of clause 6-5.1.2."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from conftest import Scene


def _numbers(answers: list[dict[str, Any]]) -> list[int]:
    return sorted(int(answer["number"].rpartition("-")[2]) for answer in answers)


async def test_6_5_1_1_twenty_at_once_give_1_to_20(scene: Scene) -> None:
    answers = await asyncio.gather(*(scene.register(who) for who in ["rep1", "rep2", "guard", "keeper"] * 5))
    assert _numbers(answers) == list(range(1, 21))


async def test_6_5_1_1_a_failed_registration_leaves_no_gap_and_each_year_begins_at_1(scene: Scene) -> None:
    scene.clock.set(datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC))
    first = await scene.register(lot="L1")
    assert first["number"] == "KF-2026-00001"
    body = {"customer_id": scene.mine, "kind": "claim", "channel": "fax", "text": "x", "answer_by": "2026-12-30"}
    assert await scene.refused("rep1", "/complaints", body) == (400, "answer-date-past")
    second = await scene.done("rep1", "/complaints", {**body, "answer_by": "2026-12-31"})
    assert (second["number"], second["answer_due"]) == ("KF-2026-00002", "2026-12-31")
    scene.clock.advance(seconds=1)
    assert (await scene.register())["number"] == "KF-2027-00001"


async def test_a_repeat_with_the_same_key_registers_once(scene: Scene) -> None:
    body = {"customer_id": scene.mine, "kind": "complaint", "channel": "phone", "text": "色差"}
    answers = [
        (await scene.service.post("/complaints", body, as_=scene.as_("rep1"), key="k-1")).json() for _ in range(2)
    ]
    assert answers[0]["id"] == answers[1]["id"]
    assert len(await scene.service.published("complaint.ComplaintRegistered.v1")) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "praise"}, "kind"),
        ({"channel": "pigeon"}, "channel"),
        ({"text": "a\u0000b"}, "text"),
        ({"text": "  "}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"lot": "L 1; drop"}, "lot"),
        ({"answer_by": "tomorrow"}, "answer_by"),
        ({"status": "closed"}, "status"),
        ({"customer_id": "7"}, "customer_id"),
    ],
)
async def test_bad_input_names_its_field_and_stores_nothing(scene: Scene, change: dict[str, str], field: str) -> None:
    body = {"customer_id": scene.mine, "kind": "complaint", "channel": "phone", "text": "色差", **change}
    response = await scene.post("rep1", "/complaints", body)
    problem = response.json()
    assert (response.status_code, problem["slug"], problem["field"]) == (400, "input-invalid", field)
    assert (await scene.read("gm", "/complaints"))["items"] == []
    assert await scene.service.published() == []


async def test_goods_must_be_the_customers(scene: Scene) -> None:
    note = await scene.ship(scene.theirs, [("L1", "1.000", "1.00", "1.00")])
    body = {"customer_id": scene.mine, "kind": "complaint", "channel": "phone", "text": "色差"}
    foreign = await scene.refused("rep1", "/complaints", {**body, "delivery_note_id": note})
    assert foreign == (404, "delivery-note-not-found")
    wrong = {**body, "customer_id": scene.theirs, "delivery_note_id": note, "lot": "L2"}
    assert await scene.refused("rep1", "/complaints", wrong) == (400, "lot-not-on-note")
    nobody = await scene.refused("rep1", "/complaints", {**body, "customer_id": str(uuid4())})
    assert nobody == (404, "customer-not-found")
    missing = await scene.service.post("/complaints", {**body}, as_=scene.as_("rep1"), key="\u0007")
    assert missing.status_code == 400


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
    assert late == (409, "not-to-route")


async def test_6_5_1_2_on_his_own_road_the_rep_is_responsible_and_no_other_rep(scene: Scene) -> None:
    complaint = await scene.routed("usage")
    signed = {"cause": "操作", "handling": "现场服务"}
    other = await scene.refused("rep2", f"/complaints/{complaint}/handling", signed)
    assert other == (404, "complaint-not-found")
    assert (await scene.done("rep1", f"/complaints/{complaint}/handling", signed))["status"] == "handled"


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
    assert early == (409, "not-to-handle")
    await scene.done("rep1", f"/complaints/{complaint}/routing", {"road": "quality", "note": "x"})
    await scene.sign(complaint)
    again = await scene.refused("quality", f"/complaints/{complaint}/handling", signed)
    assert again == (409, "not-to-handle")


async def test_6_5_3_the_customer_is_told_today_or_before_but_not_before_the_approval(scene: Scene) -> None:
    complaint = await scene.routed()
    path = f"/complaints/{complaint}/closing"
    unapproved = await scene.done("rep1", path, {"told_customer_on": "2026-03-02", "note": "x"})
    assert [reason["slug"] for reason in unapproved["verdict"]["reasons"]] == ["handling-not-approved"]
    await scene.decide(await scene.sign(complaint))
    tomorrow = await scene.refused("rep1", path, {"told_customer_on": "2026-03-03", "note": "x"})
    assert tomorrow == (400, "told-in-future")
    before = await scene.done("rep1", path, {"told_customer_on": "2026-03-01", "note": "x"})
    assert [reason["slug"] for reason in before["verdict"]["reasons"]] == ["told-before-approval"]
    assert (await scene.done("rep1", path, {"told_customer_on": "2026-03-02", "note": "x"}))["status"] == "closed"
    again = await scene.refused("rep1", path, {"told_customer_on": "2026-03-02", "note": "x"})
    assert again == (409, "complaint-closed")
