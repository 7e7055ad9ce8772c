"""Before the truck is loaded: quality's reports, blocked lots, and the truck as the transport notice says."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from fangxing.roles import Role

if TYPE_CHECKING:
    from conftest import Scanner, Yard


async def loading(yard: "Yard") -> tuple[str, str, "Scanner"]:
    """An open loading, its order line and a scanner."""
    order = await yard.order(await yard.customer(limit="6000.00"))
    notice = await yard.released(order, "10.000")
    return await yard.truck(notice), str(order[1]), await yard.scanner()


def slugs(answer: dict[str, Any]) -> list[str]:
    return [reason["slug"] for reason in answer["verdict"]["reasons"]]


async def test_5_3_a_lot_needs_a_passing_report_or_a_concession_and_the_newest_counts(yard: "Yard") -> None:
    truck, line, scanner = await loading(yard)
    refused = await scanner.scan(truck, line)
    assert not refused["allowed"]
    assert yard.said(refused) == ["批号 L1 没有合格的质量检验报告"]
    assert refused["verdict"]["would_pass"] == ["品质部出具合格报告或让步接收后再装"]
    for result, passes in [("failing", False), ("conceded", True), ("failing", False), ("passing", True)]:
        await yard.report("L1", result)
        assert (await scanner.scan(truck, line))["allowed"] is passes, result


async def test_5_3_a_report_on_the_same_lot_name_of_another_product_passes_nothing(yard: "Yard") -> None:
    truck, line, scanner = await loading(yard)
    body = {"lot": "L1", "product_id": str(uuid4()), "result": "passing", "findings": "合格"}
    await yard.done("/quality-reports", body, yard.quality)
    assert not (await scanner.scan(truck, line))["allowed"]


async def block(yard: "Yard", lot: str, product: object = None) -> None:
    complaint = str(uuid4())
    await yard.svc.deliver(
        "complaint.LotBlockRequested.v1",
        {"complaint_id": complaint, "lot": lot, "product_id": product, "reason": "断头"},
        key=complaint,
        document=f"complaint/{complaint}",
        version=1,
    )


@pytest.mark.parametrize("all_products", [True, False])
async def test_5_3_a_complaint_blocks_a_lot_until_quality_lifts_it(yard: "Yard", all_products: bool) -> None:
    truck, line, scanner = await loading(yard)
    await yard.report("L1")
    await block(yard, "L1", None if all_products else str(yard.product))
    assert yard.said(await scanner.scan(truck, line)) == ["批号 L1 因投诉被冻结"]
    tasks = (await yard.svc.get("/tasks", as_=yard.quality)).json()["items"]
    assert [(task["kind"], task["document"]) for task in tasks] == [("lot_blocked", "lot/L1")]
    assert await yard.done("/lots/L1/unblocking", {}, yard.quality) == {"lifted": 1}
    assert (await scanner.scan(truck, line))["allowed"]
    assert await yard.refused("/lots/L1/unblocking", {}, yard.quality) == (404, "lot-not-blocked")


async def test_5_3_a_block_on_another_product_or_lot_stops_nothing(yard: "Yard") -> None:
    truck, line, scanner = await loading(yard)
    await yard.report("L1")
    await block(yard, "L2")
    await block(yard, "L1", str(uuid4()))
    assert (await scanner.scan(truck, line))["allowed"]


async def test_5_4_2_1_d_the_truck_is_compared_with_the_transport_notice(yard: "Yard") -> None:
    notice = await yard.released(await yard.order(await yard.customer()))
    stopped = await yard.start(notice)
    assert (stopped["id"], stopped["allowed"], slugs(stopped)) == (None, False, ["transport-notice-missing"])
    assert stopped["verdict"]["would_pass"] == ["销售专员先开运输通知单"]
    await yard.announce(notice)
    other_plate = await yard.start(notice, vehicle="浙B99999")
    assert slugs(other_plate) == ["transport-mismatch"]
    assert "通知单为 浙A12345，现场为 浙B99999" in other_plate["verdict"]["reasons"][0]["text"]
    other_driver = await yard.start(notice, driver="李师傅")
    assert "司机" in other_driver["verdict"]["reasons"][0]["text"]
    audit = yard.as_("audit", Role.AUDIT_MANAGER)
    kept = (await yard.svc.get("/decisions", as_=audit, document=f"notice/{notice['id']}")).json()["items"]
    assert [row["allowed"] for row in kept if row["kind"] == "loading"] == [False, False, False]
    assert (await yard.start(notice))["allowed"]


async def test_5_4_2_1_d_a_transport_notice_issued_again_names_the_new_driver(yard: "Yard") -> None:
    order = await yard.order(await yard.customer())
    notice = await yard.released(order)
    first = await yard.truck(notice)
    await yard.announce(notice, driver="李师傅")
    assert not (await yard.start(notice, driver="王师傅"))["allowed"]
    again = await yard.start(notice, driver="李师傅")
    assert again["id"] == first
    await yard.report("L1")
    assert (await (await yard.scanner()).scan(first, str(order[1])))["allowed"]
    signed = await yard.sign(first)
    assert signed["exit_pass"]["driver"] == signed["delivery_note"]["driver"] == "李师傅"


async def test_5_4_2_1_d_nothing_is_loaded_before_the_release(yard: "Yard") -> None:
    notice = await yard.review(await yard.notice(await yard.order(await yard.customer())))
    await yard.announce(notice)
    body = {"notice_id": notice["id"], "warehouse": "WH-1", "vehicle": "浙A12345", "driver": "王师傅"}
    assert await yard.refused("/loadings", body, yard.keeper) == (409, "wrong-state")


async def test_5_4_2_1_d_a_cancelled_notice_takes_no_more_scans(yard: "Yard") -> None:
    order = await yard.order(await yard.customer())
    notice = await yard.released(order)
    truck = await yard.truck(notice)
    await yard.report("L1")
    await yard.step(notice, "cancellation", yard.rep)
    answer = await (await yard.scanner()).scan(truck, str(order[1]))
    assert not answer["allowed"]
    assert answer["verdict"]["would_pass"] == ["另开一车"]


async def test_a_notice_with_goods_on_the_truck_is_not_cancelled(yard: "Yard") -> None:
    account = await yard.customer()
    order = await yard.order(account)
    notice = await yard.released(order)
    truck = await yard.truck(notice)
    await yard.report("L1")
    assert (await (await yard.scanner()).scan(truck, str(order[1]), "0.001"))["allowed"]
    assert await yard.refused(f"/notices/{notice['id']}/cancellation", {}, yard.rep) == (409, "goods-loaded")
    assert (await yard.account(account))["released"] == "60.00"
