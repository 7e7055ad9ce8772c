"""What complaints and returns offer their reader is what he may do with them, and all of it."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from fangxing.roles import Role
from fangxing_testing.offers import Try, approval_of, false_offers, one_of_each_role

if TYPE_CHECKING:
    from conftest import Scene

HANDLING = {"cause": "x", "secondary_causes": "x", "improvement": "x", "handling": "x"}
TRIES = {
    "route": Try("/complaints/{id}/routing", lambda complaint: {"road": "sales", "note": "x"}),
    "sign": Try("/complaints/{id}/handling", lambda complaint: HANDLING),
    "decide": Try("/complaints/{id}/decisions", approval_of),
    "close": Try("/complaints/{id}/closing", lambda complaint: {"told_customer_on": "2026-03-02", "note": "x"}),
}


def people_of(scene: Scene) -> dict[str, dict[str, str]]:
    return {
        **one_of_each_role(scene.service.identities),
        "the rep": scene.as_("rep1"),
        "a colleague who took it in": scene.as_("rep2"),
        "a colleague of quality, who took it in": scene.as_("rep2", Role.QUALITY),
        "a colleague who is keeper too": scene.as_("rep2", Role.WAREHOUSE_KEEPER),
        "the rep who is a manager too": scene.as_("rep1", Role.SALES_MANAGER),
        "who signed and is manager too": scene.as_("allrounder"),
    }


@pytest.mark.parametrize(
    ("state", "road"),
    [("registered", "usage"), *product(("routed", "in approval", "approved"), ("usage", "quality"))],
)
async def test_a_complaint(scene: Scene, state: str, road: str) -> None:
    signer = {"usage": "rep1", "quality": "allrounder"}[road]

    async def make() -> dict[str, Any]:
        complaint = (await scene.register("rep2"))["id"]
        if state != "registered":
            await scene.done("rep1", f"/complaints/{complaint}/routing", {"road": road, "note": "x"})
        if state in ("in approval", "approved"):
            signed = await scene.done(signer, f"/complaints/{complaint}/handling", HANDLING)
        if state == "approved":
            await scene.decide(signed)
        return await scene.read("gm", f"/complaints/{complaint}")

    assert await false_offers(scene.service, "/complaints/{id}", make, TRIES, people_of(scene)) == []


@pytest.mark.parametrize("state", ["approved", "received"])
async def test_a_return(scene: Scene, state: str) -> None:
    async def make() -> dict[str, Any]:
        note = await scene.ship(scene.mine, [("L1", "1.000", "1.00", "1.00")])
        returned = await scene.approved_return(note, {1: "1.000"})
        if state == "received":
            await scene.done(
                "allrounder", f"/returns/{returned}/receipt", {"lines": [{"line": 1, "received_tons": "1.000"}]}
            )
        return await scene.read("gm", f"/returns/{returned}")

    tries = {
        "receive": Try("/returns/{id}/receipt", lambda it: {"lines": [{"line": 1, "received_tons": "1.000"}]}),
        "inspect": Try("/returns/{id}/inspection", lambda it: {"lines": [{"line": 1, "accepted_tons": "1.000"}]}),
        "cancel": Try("/returns/{id}/cancellation", lambda it: {"reason": "x"}),
    }
    assert await false_offers(scene.service, "/returns/{id}", make, tries, people_of(scene)) == []
