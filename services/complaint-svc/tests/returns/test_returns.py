"""Returns over HTTP: never beyond the line, also at once; received, inspected once, cancelled; to the cent."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from conftest import Scene


async def test_6_3_parts_that_complete_a_line_add_up_to_its_value(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.01", "100.01")])
    credits = [await scene.credited(note, {1: tons}) for tons in ("0.333", "0.333", "0.334")]
    assert credits == ["33.30", "33.30", "33.41"]
    assert sum(Decimal(credit) for credit in credits) == Decimal("100.01")


async def test_6_3_a_whole_line_is_worth_exactly_its_value(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "99.99"), ("L2", "2.000", "1.00", "2.00")])
    assert await scene.credited(note, {1: "1.000", 2: "0.500"}) == "100.49"


async def test_6_3_beyond_what_was_shipped_is_a_refusal_that_says_what_would_pass(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "100.00"), ("L2", "1.000", "1.00", "1.00")])
    await scene.approved_return(note, {1: "0.600"})
    complaint = await scene.routed()
    over = await scene.sign(complaint, (note, {1: "0.401", 2: "1.000"}))
    assert (over["allowed"], over["status"], over["returns"]) == (False, "routed", [])
    assert [reason["slug"] for reason in over["verdict"]["reasons"]] == ["return-beyond-shipped"]
    assert over["verdict"]["would_pass"] == ["该行最多再退 0.400 吨"]
    fits = await scene.sign(complaint, (note, {1: "0.400", 2: "1.000"}))
    assert fits["allowed"]
    assert (await scene.read("gm", f"/complaints/{complaint}"))["returns"][0]["value"] == "41.00"


async def test_6_3_ten_at_once_take_no_more_than_the_line(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "33.33", "33.33")])
    complaints = [await scene.routed() for _ in range(10)]
    answers = await asyncio.gather(*(scene.sign(complaint, (note, {1: "0.300"})) for complaint in complaints))
    held = [answer for answer in answers if answer["allowed"]]
    assert len(held) == 3
    assert all(answer["status"] == "routed" for answer in answers if not answer["allowed"])
    last = await scene.sign(
        next(c for c, a in zip(complaints, answers, strict=True) if not a["allowed"]), (note, {1: "0.100"})
    )
    assert last["allowed"]
    values = [Decimal(returned["value"]) for returned in (await scene.read("gm", "/returns"))["items"]]
    assert (len(values), sum(values)) == (4, Decimal("33.33"))


async def test_two_notes_in_opposite_order_do_not_deadlock(scene: Scene) -> None:
    notes = [await scene.ship(scene.mine, [("L1", "9.000", "1.00", "9.00")]) for _ in range(2)]
    complaints = [await scene.routed() for _ in range(6)]
    answers = await asyncio.gather(
        *(
            scene.sign(complaint, *((note, {1: "1.000"}) for note in (notes if turn % 2 else reversed(notes))))
            for turn, complaint in enumerate(complaints)
        )
    )
    assert all(answer["allowed"] for answer in answers)


async def test_6_3_received_up_to_the_approved_and_accepted_up_to_the_received_tons(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "100.00")])
    returned = await scene.approved_return(note, {1: "0.500"})
    over = await scene.receive(returned, {1: "0.501"})
    assert (over["allowed"], over["status"]) == (False, "approved")
    assert over["verdict"]["reasons"][0]["slug"] == "received-beyond-approved"
    early = await scene.refused("quality", f"/returns/{returned}/inspection", _accepted(1, "0.100"))
    assert early == (409, "wrong-state")
    assert (await scene.receive(returned, {1: "0.400"}))["allowed"]
    over = await scene.inspect(returned, {1: "0.401"})
    assert (over["allowed"], over["status"]) == (False, "received")
    assert over["verdict"]["reasons"][0]["slug"] == "accepted-beyond-received"
    done = await scene.inspect(returned, {1: "0.400"})
    shown = await scene.read("gm", f"/returns/{returned}")
    assert (done["result"], shown["value"], shown["accepted_value"]) == ("accepted", "50.00", "40.00")
    again = await scene.refused("keeper", f"/returns/{returned}/receipt", _received(1, "0.100"))
    assert again == (409, "wrong-state")


async def test_6_3_inspected_once_also_when_eight_try_at_once(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "100.00")])
    returned = await scene.approved_return(note, {1: "1.000"})
    await scene.receive(returned, {1: "1.000"})
    responses = await asyncio.gather(
        *(
            scene.post("inspector", f"/returns/{returned}/inspection", _accepted(1, tons))
            for tons in ["1.000", "0.000"] * 4
        )
    )
    assert sorted(response.status_code for response in responses) == [200, *[409] * 7]
    assert len(await scene.service.published("complaint.ReturnInspected.v1")) == 1


async def test_6_3_a_rejected_return_is_published_with_nothing_and_frees_the_line(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "100.00")])
    returned = await scene.approved_return(note, {1: "1.000"})
    await scene.receive(returned, {1: "1.000"})
    assert (await scene.inspect(returned, {1: "0.000"}))["result"] == "rejected"
    event = (await scene.service.published("complaint.ReturnInspected.v1"))[0]
    assert (event.version, event.data["lines"], event.data["value"]) == (2, [], "0.00")
    assert await scene.credited(note, {1: "1.000"}) == "100.00"


async def test_6_3_a_cancelled_return_frees_the_line_and_only_before_it_is_received(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "100.00")])
    returned = await scene.approved_return(note, {1: "1.000"})
    path = f"/returns/{returned}/cancellation"
    assert await scene.refused("rep2", path, {"reason": "x"}) == (404, "return-not-found")
    assert (await scene.done("rep1", path, {"reason": "客户留用"}))["status"] == "cancelled"
    event = (await scene.service.published("complaint.ReturnCancelled.v1"))[0]
    assert (event.version, event.data["return_id"]) == (2, returned)
    second = await scene.approved_return(note, {1: "1.000"})
    await scene.receive(second, {1: "1.000"})
    late = await scene.refused("manager", f"/returns/{second}/cancellation", {"reason": "x"})
    assert late == (409, "wrong-state")


async def test_the_derived_result_wins_over_a_stated_one(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "100.00"), ("L2", "1.000", "1.00", "1.00")])
    returned = await scene.approved_return(note, {1: "1.000", 2: "1.000"})
    await scene.receive(returned, {1: "1.000", 2: "0.000"})
    path = f"/returns/{returned}/inspection"
    wrong = await scene.refused("inspector", path, {**_accepted(1, "0.500"), "result": "accepted"})
    assert wrong == (400, "result-mismatch")
    # Nothing of line 2 came, so it need not be named.
    assert (await scene.done("inspector", path, {**_accepted(1, "0.500"), "result": "partly"}))["result"] == "partly"


@pytest.mark.parametrize("tons", ["0.0001", "-1", "0", "1e3", "NaN", 1])
async def test_bad_tons_are_refused_with_their_field(scene: Scene, tons: object) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "100.00")])
    body = {"cause": "x", "handling": "x", "secondary_causes": "x", "improvement": "x"}
    returns = [{"delivery_note_id": note, "lines": [{"line": 1, "tons": tons}]}]
    response = await scene.post("quality", f"/complaints/{await scene.routed()}/handling", {**body, "returns": returns})
    assert (response.status_code, response.json()["field"]) == (400, "returns.0.lines.0.tons")


async def test_what_cannot_be_returned_is_said(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "100.00")])
    foreign = await scene.ship(scene.theirs, [("L1", "1.000", "100.00", "100.00")])
    path = f"/complaints/{await scene.routed()}/handling"

    def body(*returns: tuple[str, int]) -> dict[str, object]:
        proposed = [{"delivery_note_id": note, "lines": [{"line": line, "tons": "0.1"}]} for note, line in returns]
        return {"cause": "x", "handling": "x", "secondary_causes": "x", "improvement": "x", "returns": proposed}

    assert await scene.refused("quality", path, body((foreign, 1))) == (404, "delivery-note-not-found")
    assert await scene.refused("quality", path, body((str(uuid4()), 1))) == (404, "delivery-note-not-found")
    assert await scene.refused("quality", path, body((note, 2))) == (400, "delivery-line-unknown")
    assert await scene.refused("quality", path, body((note, 1), (note, 1))) == (400, "input-invalid")
    returned = await scene.approved_return(note, {1: "0.500"})
    receipt = f"/returns/{returned}/receipt"
    assert await scene.refused("keeper", receipt, _received(2, "0.100")) == (400, "return-lines-incomplete")
    assert await scene.refused("keeper", receipt, _received(1, "0.000")) == (400, "nothing-received")
    twice = {"lines": [{"line": 1, "received_tons": "0.1"}] * 2}
    assert await scene.refused("keeper", receipt, twice) == (400, "input-invalid")


def _received(line: int, tons: str) -> dict[str, object]:
    return {"lines": [{"line": line, "received_tons": tons}]}


def _accepted(line: int, tons: str) -> dict[str, object]:
    return {"lines": [{"line": line, "accepted_tons": tons}]}
