"""People are told states and results in their own words, never by their codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from complaint_svc.returns.reasons import RESULT_NAMES
from complaint_svc.returns.rules import Result

if TYPE_CHECKING:
    from conftest import Scene

ROUTING = {"road": "quality", "note": "初判"}
HANDLING = {"cause": "x", "handling": "x", "secondary_causes": "x", "improvement": "x"}
DECISION = {"decision": "approve", "seen_hash": "0" * 64}
CLOSING = {"told_customer_on": "2026-03-02", "note": "x"}
CANCELLING = {"reason": "x"}


def received(tons: str) -> dict[str, object]:
    return {"lines": [{"line": 1, "received_tons": tons}]}


def accepted(tons: str) -> dict[str, object]:
    return {"lines": [{"line": 1, "accepted_tons": tons}]}


def test_every_result_has_its_words() -> None:
    assert set(RESULT_NAMES) == set(Result)


async def said(scene: Scene, who: str, path: str, body: object, language: str = "zh") -> str:
    """The title of the answer that the document's state refuses."""
    answer = await scene.service.post(path, body, as_={**scene.as_(who), "Accept-Language": language})
    assert (answer.status_code, answer.json()["slug"]) == (409, "wrong-state"), answer.text
    return str(answer.json()["title"])


async def test_a_complaint_says_its_state_and_what_is_possible_by_whom(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "100.00")])
    complaint = str((await scene.register())["id"])
    path = f"/complaints/{complaint}"
    assert await said(scene, "quality", f"{path}/handling", HANDLING) == (
        "投诉现为“已登记”，不能签署处理意见。现在可以：分派（销售专员）"
    )
    await scene.done("rep1", f"{path}/routing", ROUTING)
    assert await said(scene, "gm", f"{path}/decisions", DECISION) == (
        "投诉现为“已分派”，不能审批处理意见。现在可以：分派（销售专员）；签署处理意见（生产部、品质部、销售经理、销售专员）"
    )
    signed = await scene.sign(complaint, (note, {1: "1.000"}))
    assert await said(scene, "rep1", f"{path}/routing", ROUTING) == (
        "投诉现为“审批中”，不能分派。现在可以：审批处理意见（审批人）"
    )
    returned = (await scene.approve(signed))["returns"][0]["id"]
    assert await said(scene, "quality", f"{path}/handling", HANDLING) == (
        "投诉现为“已批准”，不能签署处理意见。现在可以：结案（销售专员）"
    )
    await scene.done("rep1", f"/returns/{returned}/cancellation", CANCELLING)
    await scene.done("rep1", f"{path}/closing", CLOSING)
    assert await said(scene, "rep1", f"{path}/routing", ROUTING) == "投诉现为“已结案”，不能分派。现在可以：无"
    assert await said(scene, "rep1", f"{path}/closing", CLOSING, "en") == (
        "The complaint is 'closed': not to close now. Possible: nothing"
    )


@pytest.mark.parametrize(
    ("language", "early", "late"),
    [
        (
            "zh",
            "退货单现为“待收货”，不能检验。现在可以：收货（仓管员）；取消（销售经理、销售专员）",
            "退货单现为“已收货，待检验”，不能取消。现在可以：检验（品质部）",
        ),
        (
            "en",
            "The return is 'approved': not to inspect now. Possible: "
            "receive (warehouse keeper); cancel (sales manager, sales rep)",
            "The return is 'received': not to cancel now. Possible: inspect (quality)",
        ),
    ],
)
async def test_a_return_says_its_state_and_what_is_possible_by_whom(
    scene: Scene, language: str, early: str, late: str
) -> None:
    note = await scene.ship(scene.mine, [("L1", "1.000", "100.00", "100.00")])
    returned = await scene.approved_return(note, {1: "1.000"})
    path = f"/returns/{returned}"
    assert await said(scene, "quality", f"{path}/inspection", accepted("1.000"), language) == early
    await scene.done("keeper", f"{path}/receipt", received("1.000"))
    assert await said(scene, "rep1", f"{path}/cancellation", CANCELLING, language) == late
