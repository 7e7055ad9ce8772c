"""Who sees money: not the gate, the warehouse, quality and production, wherever a value is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fangxing.roles import Role

if TYPE_CHECKING:
    from conftest import Scene

WITHOUT_MONEY = ["keeper", "supervisor", "quality", "qsupervisor", "production"]
WITH_MONEY = ["rep1", "manager", "gm", "finance", "accountant", "audit", "dept", "admin"]


async def inspected(scene: Scene) -> tuple[str, str]:
    """The ids of an inspected return and of its complaint, which the guard took in."""
    note = await scene.ship(scene.mine, [("L1", "2.000", "8765.43", "17530.86")])
    complaint = str((await scene.register("guard", lot="L1"))["id"])
    await scene.done("rep1", f"/complaints/{complaint}/routing", {"road": "quality", "note": "x"})
    signed = await scene.sign(complaint, (note, {1: "1.000"}))
    returned = str((await scene.approve(signed))["returns"][0]["id"])
    await scene.receive(returned, {1: "1.000"})
    await scene.inspect(returned, {1: "1.000"})
    return returned, complaint


def money_of(returned: dict[str, Any]) -> list[str | None]:
    """Every amount of a return."""
    line = returned["lines"][0]
    return [
        *(returned["value"], returned["accepted_value"]),
        *(line["price_per_ton"], line["value"], line["accepted_value"]),
    ]


def signed_money_of(complaint: dict[str, Any]) -> list[str | None]:
    """Every amount that the deciders of a complaint's handling signed."""
    content = complaint["approval"]["content"]
    returned = content["returns"][0]
    return [content["returns_value"], returned["value"], returned["lines"][0]["value"]]


async def test_1_3_amounts_are_null_for_whoever_needs_no_money(scene: Scene) -> None:
    returned, complaint = await inspected(scene)
    for people, amounts in ((WITHOUT_MONEY, [None] * 5), (WITH_MONEY, ["8765.43"] * 5)):
        for who in people:
            whole = await scene.read(who, f"/complaints/{complaint}")
            assert money_of(await scene.read(who, f"/returns/{returned}")) == amounts, who
            assert money_of((await scene.read(who, "/returns"))["items"][0]) == amounts, who
            assert money_of(whole["returns"][0]) == amounts, who
            assert signed_money_of(whole) == amounts[:3], who
            assert whole["approval"]["content"]["returns"][0]["lines"][0]["tons"] == "1.000"
    guards = await scene.read("guard", f"/complaints/{complaint}")
    assert (money_of(guards["returns"][0]), signed_money_of(guards)) == ([None] * 5, [None] * 3)


async def test_1_3_what_is_hidden_sorts_nothing_and_stands_in_no_file(scene: Scene) -> None:
    await inspected(scene)
    for who in WITHOUT_MONEY:
        sorted_by_value = await scene.service.get("/returns", as_=scene.as_(who), sort="value")
        assert (sorted_by_value.status_code, sorted_by_value.json()["slug"]) == (403, "field-not-yours"), who
        file = await scene.service.get("/returns", as_=scene.as_(who), format="csv")
        assert "8765.43" not in file.text, who
        assert "金额" not in file.text, who
    file = await scene.service.get("/returns", as_=scene.as_("manager"), format="csv")
    assert "金额（元）" in file.text
    assert "8765.43" in file.text


async def test_1_3_no_amount_goes_by_tasks_or_verdicts(scene: Scene) -> None:
    note = await scene.ship(scene.mine, [("L1", "2.000", "8765.43", "17530.86")])
    signed = await scene.sign(await scene.routed(), (note, {1: "1.000"}))
    assert "8765.43" not in str(signed)
    title = (await scene.read("manager", "/tasks"))["items"][0]["title"]
    assert title == "投诉处理意见：KF-2026-00001，恒源纺织，退货 1.000 吨"
    await scene.decide(signed, "return")
    assert "8765.43" not in str(await scene.read("quality", "/tasks"))


@pytest.mark.parametrize("who", ["keeper", "quality"])
async def test_1_3_whoever_is_an_accountant_too_sees_amounts_where_accountants_read(scene: Scene, who: str) -> None:
    returned, _ = await inspected(scene)
    answer = await scene.service.get(f"/returns/{returned}", as_=scene.as_(who, Role.ACCOUNTANT))
    assert answer.json()["value"] == "8765.43"
