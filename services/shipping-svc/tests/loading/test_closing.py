"""A notice no further truck comes for is closed."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import SIGNATURES, Yard
else:
    SIGNATURES = {"carrier_name": "王师傅", "carrier_signature": "王", "freight_voucher": "YF-1", "gate": "G1"}

NO_TRUCK = {"reason": "客户不再提货"}


async def test_5_4_2_1_b_closing_gives_back_what_is_reserved_and_not_loaded(yard: "Yard") -> None:
    account = await yard.customer(limit="600.00")
    order = await yard.order(account, tons="10.000")
    notice = await yard.released(order, "10.000")
    await yard.shipped(notice, "4.000", last_truck=False)
    closed = await yard.step(notice, "closing", yard.supervisor, NO_TRUCK)
    assert closed["status"] == "shipped"
    after = await yard.account(account)
    assert (after["released"], after["shipped_total"], after["exposure"]) == ("0.00", "240.00", "240.00")
    (ended,) = await yard.svc.published("shipping.ReleaseCancelled.v1")
    assert (ended.document, ended.version) == (f"notice/{notice['id']}", 2)
    assert (ended.data["position"]["released"], ended.data["position"]["version"]) == ("0.00", after["version"])
    path = f"/notices/{notice['id']}/closing"
    assert await yard.refused(path, NO_TRUCK, yard.supervisor) == (409, "wrong-state")
    assert (await yard.released(order, "6.000"))["status"] == "released"


async def test_5_4_2_2_b_closing_a_prepaid_notice_frees_the_prepayment(yard: "Yard") -> None:
    account = await yard.customer(grade="C", limit="0.00", prepaid_total="60.00")
    order = await yard.order(account)
    notice = await yard.released(order, kind="prepaid")
    empty = await yard.truck(notice)
    assert (await yard.step(notice, "closing", yard.manager, NO_TRUCK))["status"] == "cancelled"
    assert (await yard.account(account))["prepaid_used_total"] == "0.00"
    assert await yard.refused(f"/loadings/{empty}/signatures", SIGNATURES, yard.keeper) == (409, "wrong-state")


async def test_5_4_2_1_d_a_notice_is_not_closed_while_a_truck_carries_its_goods(yard: "Yard") -> None:
    order = await yard.order(await yard.customer())
    notice = await yard.released(order)
    await yard.report("L1")
    truck = await yard.truck(notice)
    assert (await (await yard.scanner()).scan(truck, str(order[1])))["allowed"]
    path = f"/notices/{notice['id']}/closing"
    assert await yard.refused(path, NO_TRUCK, yard.supervisor) == (409, "other-truck-loading")


async def test_i3_the_last_truck_short_ends_the_release_and_a_full_one_says_nothing_more(yard: "Yard") -> None:
    """Positions count up one by one, and the notice's next fact says that the rest is free."""
    account = await yard.customer(limit="600.00")
    order = await yard.order(account)
    full, short = await yard.released(order), await yard.released(order, "2.000")
    await yard.shipped(full)
    assert await yard.svc.published("shipping.ReleaseCancelled.v1") == []
    await yard.shipped(short, "1.500")
    (ended,) = await yard.svc.published("shipping.ReleaseCancelled.v1")
    assert (ended.document, ended.version) == (f"notice/{short['id']}", 2)
    versions = [event.data["position"]["version"] for event in await yard.svc.published() if "position" in event.data]
    assert versions == [1, 2, 3, 4, 5]
    after = await yard.account(account)
    assert (after["released"], after["exposure"], after["version"]) == ("0.00", "150.00", 5)
