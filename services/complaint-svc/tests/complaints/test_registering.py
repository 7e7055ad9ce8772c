"""Taking complaints in: numbers without gaps, and bad input."""

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
