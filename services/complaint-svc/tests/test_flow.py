"""Step 3h over HTTP: a complaint about a lot, its return approved, received and inspected, and the case closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conftest import Scene


async def _tasks(scene: Scene, who: str) -> list[str]:
    return [task["kind"] for task in (await scene.read(who, "/tasks"))["items"]]


async def _facts(scene: Scene) -> list[tuple[str, str, int | None]]:
    return [(event.type, event.document.partition("/")[0], event.version) for event in await scene.service.published()]


async def test_6_5_1_from_intake_to_quality_with_the_lot_traced_and_blocked(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "4.000", "9999.99", "39999.96"), ("L2", "1.000", "10.00", "10.00")])
    other = await scene.ship(scene.theirs, [("L1", "3.000", "9000.00", "27000.00")])
    await scene.leave(other)
    complaint = await scene.register("guard", lot="L1", delivery_note_id=note)
    assert (complaint["number"], complaint["status"]) == ("KF-2026-00001", "registered")
    assert complaint["answer_due"] == "2026-03-09"
    path = f"/complaints/{complaint['id']}"
    assert (await _tasks(scene, "rep1"), await _tasks(scene, "rep2")) == (["route_complaint"], [])

    routed = await scene.done("rep1", f"{path}/routing", {"road": "quality", "note": "批次色差", "block_lot": True})
    assert (routed["status"], routed["responsible"]) == ("routed", "quality")
    assert (await _tasks(scene, "rep1"), await _tasks(scene, "quality")) == ([], ["handle_complaint"])
    traced = (await scene.read("quality", path))["lot_trace"]
    assert [(found["customer_name"], found["tons"], found["left_on"]) for found in traced] == [
        ("华盛针织", "3.000", "2026-03-02")
    ]
    assert (await scene.read("rep1", path))["lot_trace"] == []
    block = (await scene.service.published("complaint.LotBlockRequested.v1"))[0].data
    assert block == {"lot": "L1", "product_id": scene.product, "complaint_id": complaint["id"], "reason": "批次色差"}


async def test_6_5_2_1_nothing_is_promised_before_the_approval(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "4.000", "9999.99", "39999.96")])
    signed = await scene.sign(await scene.routed(lot="L1"), (note, {1: "1.500"}))
    assert signed["allowed"]
    assert signed["approval"]["waiting_for"] == "sales_manager"
    seen = await scene.read("gm", f"/complaints/{signed['id']}")
    assert seen["approval"]["content"]["returns_value"] == "14999.99"
    assert seen["approval"]["hash"] == signed["approval"]["hash"]
    assert (signed["returns"][0]["status"], await _tasks(scene, "keeper")) == ("proposed", [])
    assert await scene.service.published("complaint.ReturnApproved.v1") == []

    approved = await scene.approve(signed)
    returned = approved["returns"][0]
    assert (approved["status"], returned["status"], returned["value"]) == ("approved", "approved", "14999.99")
    assert await _tasks(scene, "keeper") == ["receive_return"]
    event = (await scene.service.published("complaint.ReturnApproved.v1"))[0].data
    line = {"line": 1, "product_id": scene.product, "lot": "L1", "tons": "1.500"}
    assert event["lines"] == [{**line, "price_per_ton": "9999.99", "value": "14999.99"}]


async def test_6_3_from_the_approval_to_the_value_the_exposure_falls_by(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "4.000", "9999.99", "39999.96")])
    returned = await scene.approved_return(note, {1: "1.500"})
    complaint = (await scene.read("rep1", f"/returns/{returned}"))["complaint_id"]
    closing = {"told_customer_on": "2026-03-02", "note": "电话告知"}
    early = await scene.done("rep1", f"/complaints/{complaint}/closing", closing)
    assert (early["allowed"], early["status"]) == (False, "approved")
    assert [reason["slug"] for reason in early["verdict"]["reasons"]] == ["returns-open"]

    assert (await scene.receive(returned, {1: "1.500"}))["status"] == "received"
    inspected = await scene.inspect(returned, {1: "1.200"})
    seen = await scene.read("gm", f"/returns/{returned}")
    assert (inspected["result"], seen["accepted_value"]) == ("partly", "11999.99")
    credit = (await scene.service.published("complaint.ReturnInspected.v1"))[0].data
    assert (credit["value"], credit["result"], credit["delivery_note_id"]) == ("11999.99", "partly", note)
    line = {"line": 1, "product_id": scene.product, "lot": "L1", "tons": "1.200", "value": "11999.99"}
    assert credit["lines"] == [line]

    closed = await scene.done("rep1", f"/complaints/{complaint}/closing", closing)
    assert (closed["allowed"], closed["status"]) == (True, "closed")
    assert [await _tasks(scene, who) for who in ("rep1", "quality", "keeper", "gm")] == [[]] * 4
    assert await _facts(scene) == [
        ("complaint.ComplaintRegistered.v1", "complaint", 1),
        ("complaint.ReturnApproved.v1", "return", 1),
        ("complaint.ReturnInspected.v1", "return", 2),
        ("complaint.ComplaintClosed.v1", "complaint", 2),
    ]
    decisions = (await scene.read("gm", "/decisions", document=f"complaint/{complaint}"))["items"]
    assert [(row["kind"], row["allowed"]) for row in decisions] == [
        ("closing", True),
        ("closing", False),
        ("handling", True),
    ]


def _steps(complaint: dict[str, Any]) -> list[str]:
    return [step["role"] for step in complaint["approval"]["steps"]]


async def test_1_3_12_sales_manager_and_quality_look_at_a_handling_before_the_gm_decides_it(scene: Scene) -> None:
    """The responsible party's own review is left out: quality's where quality has signed, never the GM's."""
    complaint = await scene.routed("carrier")
    signed = await scene.done("rep1", f"/complaints/{complaint}/handling", {"cause": "淋雨", "handling": "承运商赔付"})
    assert _steps(signed) == ["sales_manager", "quality", "general_manager"]
    for who, status in (("manager", "in_approval"), ("quality", "in_approval"), ("gm", "approved")):
        signed = await scene.decide(signed, who=who)
        assert signed["status"] == status
    assert _steps(await scene.sign(await scene.routed())) == ["sales_manager", "general_manager"]


async def test_6_5_2_1_a_plain_grumble_is_the_gms_until_he_leaves_it_to_the_sales_manager(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "100.00")])
    assert _steps(await scene.sign(await scene.routed(kind="grumble"))) == ["general_manager"]
    routes = {"plain_grumble": ["sales_manager"], "other": ["sales_manager", "quality", "general_manager"]}
    version = {"value": routes, "effective_from": "2026-03-02"}
    await scene.done("gm", "/policies/complaint.grumble_decider/versions", version)
    plain = await scene.sign(await scene.routed(kind="grumble"))
    assert (await scene.decide(plain, who="manager"))["status"] == "approved"
    heavy = await scene.sign(await scene.routed(kind="grumble"), (note, {1: "0.100"}))
    assert _steps(heavy) == ["sales_manager", "general_manager"]


async def test_6_5_2_1_a_no_starts_the_handling_anew_and_frees_what_it_held(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "100.00")])
    complaint = await scene.routed()
    signed = await scene.sign(complaint, (note, {1: "1.000"}))
    back = await scene.decide(signed, "return")
    assert (back["status"], back["returns"][0]["status"]) == ("routed", "refused")
    assert set(await _tasks(scene, "quality")) == {"handle_complaint", "returned.complaint_handling"}
    again = await scene.sign(complaint, (note, {1: "1.000"}))
    assert again["allowed"]
    assert await _tasks(scene, "quality") == []
    approved = await scene.approve(again)
    assert [(row["number"], row["status"]) for row in approved["returns"]] == [
        ("KF-2026-00001-R1", "refused"),
        ("KF-2026-00001-R2", "approved"),
    ]
    assert [row["status"] for row in approved["handlings"]] == ["returned", "approved"]
    assert (await scene.refused("gm", f"/returns/{approved['returns'][0]['id']}/cancellation", {}))[0] == 403
    hidden = await scene.refused("keeper", f"/returns/{approved['returns'][0]['id']}/receipt", _all(1, "1.000"))
    assert hidden == (404, "return-not-found")


async def test_a_decision_binds_what_was_seen(scene: Scene) -> None:
    complaint = await scene.routed()
    await scene.sign(complaint)
    body = {"decision": "approve", "seen_hash": "0" * 64}
    assert await scene.refused("manager", f"/complaints/{complaint}/decisions", body) == (409, "figures-changed")


def _all(line: int, tons: str) -> dict[str, object]:
    return {"lines": [{"line": line, "received_tons": tons}]}
