"""The gate: one spelling of a plate, one task for one trouble, and one good pass whoever issues another one."""

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from shipping_svc.loading import rules

if TYPE_CHECKING:
    from conftest import Yard


async def signed(yard: "Yard") -> dict[str, Any]:
    """What a signed truck takes along."""
    return await yard.shipped(await yard.released(await yard.order(await yard.customer())))


async def held(yard: "Yard") -> list[str]:
    """What the supervisor's open tasks on trucks held at a gate are about."""
    tasks = (await yard.svc.get("/tasks", as_=yard.supervisor)).json()["items"]
    return [task["document"] for task in tasks if task["kind"] == "gate_refusal"]


@pytest.mark.parametrize("typed", ["浙a12345", "浙A 12345", "浙A·12345", " 浙A・12345 "])
async def test_5_4_2_1_f_a_plate_has_one_spelling(yard: "Yard", typed: str) -> None:
    assert rules.plate(typed) == "浙A12345"
    number = (await signed(yard))["exit_pass"]["short_number"]
    assert (await yard.exit(number, vehicle=typed))["allowed"]


async def test_5_4_2_1_f_a_plate_of_dots_is_none(yard: "Yard") -> None:
    body = {"presented": "12345674", "vehicle": "··", "gate": "G1"}
    assert await yard.refused("/gate/exits", body, yard.guard) == (400, "input-invalid")


async def test_5_4_2_1_f_the_same_trouble_is_one_task_and_ends_when_the_truck_leaves(yard: "Yard") -> None:
    exit_pass = (await signed(yard))["exit_pass"]
    for _ in range(3):
        await yard.exit(exit_pass["short_number"], gate="G2")
        await yard.exit("12345674")
    await yard.exit(exit_pass["short_number"], vehicle="浙B99999")
    of_pass = f"exit-pass/{exit_pass['id']}"
    assert sorted(await held(yard)) == [of_pass, of_pass]
    rows = (await yard.svc.get("/gate/refusals", as_=yard.supervisor)).json()["items"]
    assert len(rows) == 7
    assert (await yard.exit(exit_pass["short_number"]))["allowed"]
    assert await held(yard) == []


async def test_5_4_2_1_f_another_pass_settles_the_trouble_with_the_one_before(yard: "Yard") -> None:
    papers = await signed(yard)
    await yard.exit(papers["exit_pass"]["short_number"], gate="G2")
    path = f"/delivery-notes/{papers['delivery_note']['id']}/exit-passes"
    await yard.done(path, {"gate": "G2", "reason": "改走北门"}, yard.supervisor)
    assert await held(yard) == []


async def test_i7_passes_issued_at_once_leave_one_good_pass_and_nobody_fails(yard: "Yard") -> None:
    """I7: a pass lets its truck out at most once."""
    papers = await signed(yard)
    path = f"/delivery-notes/{papers['delivery_note']['id']}/exit-passes"
    body = {"gate": "G1", "reason": "丢失"}
    answers = await asyncio.gather(*[yard.svc.post(path, body, as_=yard.supervisor) for _ in range(4)])
    assert [answer.status_code for answer in answers] == [201] * 4
    out = [await yard.exit(answer.json()["short_number"]) for answer in answers]
    assert [answer["allowed"] for answer in out].count(True) == 1


async def test_i7_passes_issued_and_used_at_once_never_deadlock(yard: "Yard") -> None:
    """I7: a pass lets its truck out at most once."""
    for _ in range(3):
        papers = await signed(yard)
        path = f"/delivery-notes/{papers['delivery_note']['id']}/exit-passes"
        body = {"gate": "G1", "reason": "丢失"}
        exits = {"presented": papers["exit_pass"]["short_number"], "vehicle": "浙A12345", "gate": "G1"}
        answers = await asyncio.gather(
            *[yard.svc.post(path, body, as_=yard.supervisor) for _ in range(4)],
            *[yard.svc.post("/gate/exits", exits, as_=yard.guard) for _ in range(4)],
        )
        assert {answer.status_code for answer in answers[:4]} <= {201, 409}
        assert {answer.status_code for answer in answers[4:]} == {200}
        left = sum(answer.json()["allowed"] for answer in answers[4:])
        assert left <= 1
        if left == 0:
            assert [answer.status_code for answer in answers[:4]] == [201] * 4
