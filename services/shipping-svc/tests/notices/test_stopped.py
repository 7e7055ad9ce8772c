"""2-5.4.4: stopped credit closes every road on credit, at every step of a notice, and leaves prepaid goods alone."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conftest import Yard

STOPPED: dict[str, Any] = {"stopped": True, "grade": "A", "limit": None}
IN_WRITING = {"ceiling": "999.00", "valid_until": "2026-03-09", "reason": "急单"}


def slugs(notice: dict[str, Any]) -> list[str]:
    return [reason["slug"] for reason in notice["verdict"]["reasons"]]


async def test_2_5_4_4_a_stopped_customer_is_refused_when_goods_are_noticed(yard: "Yard") -> None:
    account = await yard.customer(**STOPPED)
    order = await yard.order(account)
    await yard.done("/credit-exceptions", {**IN_WRITING, "customer_id": str(account)}, yard.gm)
    refused = await yard.notice(order)
    assert (refused["status"], refused["road"], slugs(refused)) == ("refused", "stopped", ["credit-stopped"])
    assert refused["verdict"]["reasons"][0]["clause"] == "2-5.4.4"
    assert refused["verdict"]["would_pass"] == ["由总经理恢复其信用，或改为款到发货"]
    assert yard.inputs(refused)["stopped"] is True
    await yard.position(account, grade="A", limit=None)
    assert (await yard.released(order))["road"] == "within"


async def test_2_5_4_4_a_stop_since_the_notice_is_found_by_the_review(yard: "Yard") -> None:
    account = await yard.customer()
    notice = await yard.notice(await yard.order(account))
    await yard.position(account, **STOPPED)
    await yard.done("/credit-exceptions", {**IN_WRITING, "customer_id": str(account)}, yard.gm)
    refused = await yard.review(notice)
    assert (refused["status"], refused["road"]) == ("refused", "stopped")


async def test_2_5_4_4_a_stop_since_the_review_is_found_by_the_release(yard: "Yard") -> None:
    account = await yard.customer(limit="0.01")
    notice = await yard.approve(await yard.review(await yard.notice(await yard.order(account))), yard.manager)
    await yard.position(account, **STOPPED)
    held = await yard.approve(notice, yard.gm)
    assert (held["status"], held["road"], slugs(held)) == ("finance_review", "stopped", ["credit-stopped"])
    assert (await yard.account(account))["released"] == "0.00"


async def test_2_5_4_4_prepaid_goods_of_a_stopped_customer_go(yard: "Yard") -> None:
    account = await yard.customer(**STOPPED, prepaid_total="60.00")
    order = await yard.order(account)
    released = await yard.released(order, kind="prepaid")
    assert (released["road"], released["reserved_prepaid"]) == ("prepaid", "60.00")
    assert (await yard.account(account))["stopped"] is True
