"""Pairs of actions that no person does both of on one complaint: each tried, by one person and by two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from complaint_svc.deciding.policies import PAIRS

if TYPE_CHECKING:
    from conftest import Scene

STEPS = {"sign": "quality", "review": "manager", "decide": "gm", "receive": "keeper", "inspect": "inspector"}
"""The steps of a complaint with a return, each with the person who usually takes it."""
STEP_OF = {
    "handling.sign": "sign",
    "return.propose": "sign",
    "handling.decide": "decide",
    "return.approve": "decide",
    "return.receive": "receive",
    "return.inspect": "inspect",
}


class Chain:
    """A complaint with its return, step by step by whoever is asked to."""

    def __init__(self, scene: Scene, complaint: str, note: str) -> None:
        self.scene = scene
        self.complaint = complaint
        self.note = note
        self.returned = ""

    async def take(self, step: str, who: str) -> str:
        """Let `who` take the step: "ok", or the slug of what refuses it."""
        response = await self.scene.post(who, *await self._request(step))
        if response.status_code != 200:
            return str(response.json()["slug"])
        if step == "sign":
            self.returned = response.json()["returns"][0]["id"]
        return "ok"

    async def _request(self, step: str) -> tuple[str, object]:
        if step == "sign":
            returns = [{"delivery_note_id": self.note, "lines": [{"line": 1, "tons": "1.000"}]}]
            body = {"cause": "x", "secondary_causes": "x", "improvement": "x", "handling": "x", "returns": returns}
            return f"/complaints/{self.complaint}/handling", body
        if step in ("review", "decide"):
            seen = await self.scene.read("gm", f"/complaints/{self.complaint}")
            return f"/complaints/{self.complaint}/decisions", {
                "decision": "approve",
                "seen_hash": seen["approval"]["hash"],
            }
        if step == "receive":
            return f"/returns/{self.returned}/receipt", {"lines": [{"line": 1, "received_tons": "1.000"}]}
        return f"/returns/{self.returned}/inspection", {"lines": [{"line": 1, "accepted_tons": "1.000"}]}


@pytest.mark.parametrize(("first", "second"), PAIRS.pairs)
async def test_1_3_no_person_does_both(scene: Scene, first: str, second: str) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "100.00")])
    chain = Chain(scene, await scene.routed(), note)
    for step, usual in STEPS.items():
        if step == STEP_OF[first]:
            assert await chain.take(step, "allrounder") == "ok"
            continue
        if step == STEP_OF[second]:
            refused = "own-case" if second == "handling.decide" else "incompatible-hands"
            assert await chain.take(step, "allrounder") == refused
        assert await chain.take(step, usual) == "ok"


async def test_6_3_whoever_is_refused_reads_in_chinese_what_he_had_a_hand_in(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "100.00")])
    returned = await scene.approved_return(note, {1: "1.000"})
    receipt = {"lines": [{"line": 1, "received_tons": "1.000"}]}
    await scene.done("allrounder", f"/returns/{returned}/receipt", receipt)
    inspection = {"lines": [{"line": 1, "accepted_tons": "1.000"}]}
    refused = await scene.post("allrounder", f"/returns/{returned}/inspection", inspection)
    assert refused.json()["title"] == "您已经手“退货单·收货”，“退货单·检验”须由另一人办理"
    assert (await scene.read("allrounder", f"/returns/{returned}"))["actions"] == []
    assert (await scene.read("inspector", f"/returns/{returned}"))["actions"] == ["inspect"]


async def test_1_3_a_refused_attempt_is_no_hand_in_it(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "100.00")])
    returned = await scene.approved_return(note, {1: "0.500"})
    over = {"lines": [{"line": 1, "received_tons": "0.501"}]}
    refused = await scene.done("allrounder", f"/returns/{returned}/receipt", over)
    assert not refused["allowed"]
    await scene.receive(returned, {1: "0.500"})
    inspection = {"lines": [{"line": 1, "accepted_tons": "0.500"}]}
    assert (await scene.done("allrounder", f"/returns/{returned}/inspection", inspection))["allowed"]


async def test_1_3_who_decided_one_handling_may_sign_the_next_and_who_took_it_in_may_decide(scene: Scene) -> None:
    complaint = str((await scene.register("gm"))["id"])
    await scene.done("rep1", f"/complaints/{complaint}/routing", {"road": "quality", "note": "x"})
    signed = await scene.sign(complaint)
    await scene.decide(await scene.decide(signed), "return", who="allrounder")
    again = await scene.sign(complaint, who="allrounder")
    again = await scene.decide(again)
    own = {"decision": "approve", "seen_hash": again["approval"]["hash"]}
    assert await scene.refused("allrounder", f"/complaints/{complaint}/decisions", own) == (403, "own-case")
    assert (await scene.decide(again))["status"] == "approved"
