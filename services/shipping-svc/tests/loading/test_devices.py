"""Devices: who manages them, where they may scan, and which numbers and moments of theirs are believed."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from fangxing.roles import Role
from shipping_svc.loading import rules

if TYPE_CHECKING:
    from conftest import Scanner, Yard

LAST = 2_147_483_647


async def ready(yard: "Yard", warehouse: str = "WH-1") -> tuple[str, str]:
    """A truck ready to be loaded with lot L1; the loading's and the line's id."""
    order = await yard.order(await yard.customer(limit="6000.00"))
    notice = await yard.released(order, "10.000")
    await yard.report("L1")
    return await yard.truck(notice, warehouse=warehouse), str(order[1])


def slug(answer: dict[str, Any]) -> str | None:
    """Why a scan was refused; None where it was allowed."""
    return None if answer["allowed"] else str(answer["verdict"]["reasons"][0]["slug"])


async def numbered(scanner: "Scanner", truck: tuple[str, str], sequence: int) -> str | None:
    """What comes of a scan under that number."""
    return slug(await scanner.send({**scanner.body(*truck), "sequence": sequence}))


async def scanned(scanner: "Scanner", truck: tuple[str, str], moment: datetime) -> str | None:
    """What comes of a scan that was made at that moment, by the device's clock."""
    return slug(await scanner.send({**scanner.body(*truck), "scanned_at": moment.isoformat()}))


async def test_5_4_2_1_d_a_number_may_leave_out_a_thousand_and_no_more(yard: "Yard") -> None:
    truck, scanner = await ready(yard), await yard.scanner()
    assert await numbered(scanner, truck, 1001) == "sequence-jumped"
    assert await numbered(scanner, truck, 1000) is None
    assert await numbered(scanner, truck, LAST) == "sequence-jumped"
    # nothing is spent by it: the numbers go on, and those left out may still come
    assert await numbered(scanner, truck, 2001) == "sequence-jumped"
    assert await numbered(scanner, truck, 2000) is None
    assert await numbered(scanner, truck, 7) is None
    kept = await yard.svc.get("/decisions", as_=yard.as_("audit", Role.AUDIT_MANAGER), document="device/s1")
    assert [row["allowed"] for row in kept.json()["items"]] == [False] * 3


async def test_5_4_2_1_d_within_a_batch_each_number_is_held_against_the_one_before(yard: "Yard") -> None:
    truck, scanner = await ready(yard), await yard.scanner()
    numbers = [900, LAST, 1800, 2801, 2800, 5]
    results = await scanner.batch(*[{**scanner.body(*truck, "0.100"), "sequence": number} for number in numbers])
    assert [slug(result) for result in results] == [None, "sequence-jumped", None, "sequence-jumped", None, None]


async def test_5_4_2_1_d_a_device_whose_numbers_are_lost_begins_anew_when_it_is_enrolled_again(yard: "Yard") -> None:
    truck, scanner = await ready(yard), await yard.scanner()
    assert await numbered(scanner, truck, 1000) is None
    again = await yard.scanner()
    assert await numbered(again, truck, 1001) == "sequence-jumped"
    assert await numbered(again, truck, 1) is None


async def test_5_4_2_1_d_yesterdays_scans_pass_and_those_of_a_wrong_clock_do_not(yard: "Yard") -> None:
    truck, scanner = await ready(yard), await yard.scanner()
    now, second = yard.clock.now(), timedelta(seconds=1)
    oldest, newest = now - timedelta(hours=72), now + timedelta(minutes=15)
    for moment in (now, now - timedelta(days=1), oldest, newest):
        assert await scanned(scanner, truck, moment) is None
    for moment in (oldest - second, newest + second, datetime.fromisoformat("2199-12-31T23:59:59Z")):
        assert await scanned(scanner, truck, moment) == "clock-wrong"


async def test_5_4_2_1_d_a_scan_refused_for_its_clock_stays_refused_and_the_next_number_passes(yard: "Yard") -> None:
    truck, scanner = await ready(yard), await yard.scanner()
    body = {**scanner.body(*truck, package="P1"), "scanned_at": "2199-01-01T00:00:00Z"}
    first = await scanner.send(body)
    assert "时钟" in yard.said(first)[0]
    assert await scanner.send(body) == {**first, "repeated": True}
    assert (await scanner.scan(*truck, package="P1"))["allowed"]


async def test_5_4_2_1_d_a_scanner_of_another_warehouse_posts_nothing(yard: "Yard") -> None:
    truck = await ready(yard, "WH-1")
    here, there = await yard.scanner("s1", "WH-1"), await yard.scanner("s2", "WH-2")
    refused = await there.scan(*truck, package="P1")
    assert slug(refused) == "other-warehouse"
    assert yard.said(refused) == ["设备属于 WH-2，车在 WH-1 装货"]
    assert (await here.scan(*truck, package="P1"))["allowed"]


async def test_5_4_2_1_d_a_truck_that_moves_goes_on_where_it_is_now(yard: "Yard") -> None:
    order = await yard.order(await yard.customer(limit="6000.00"))
    notice = await yard.released(order, "10.000")
    await yard.report("L1")
    truck = await yard.truck(notice, warehouse="WH-1"), str(order[1])
    here, there = await yard.scanner("s1", "WH-1"), await yard.scanner("s2", "WH-2")
    assert (await here.scan(*truck))["allowed"]
    assert (await yard.start(notice, warehouse="WH-2"))["id"] == truck[0]
    assert [slug(await scanner.scan(*truck)) for scanner in (here, there)] == ["other-warehouse", None]


async def test_a_device_is_switched_off_at_once_by_whoever_misses_it_and_comes_back_by_a_new_key(yard: "Yard") -> None:
    truck, scanner = await ready(yard), await yard.scanner()
    body = scanner.body(*truck)
    assert (await scanner.send(body))["allowed"]
    off = await yard.done("/devices/s1/switching-off", {"reason": "丢失"}, yard.supervisor)
    assert (off["active"], off["switched_off_by"], off["switched_off_because"]) == (False, "supervisor", "丢失")
    # whatever it asks, also again what was allowed before
    for path, sent in (("/scans", body), ("/scans", scanner.body(*truck)), ("/scans/batch", {"scans": [body]})):
        assert await yard.refused(path, sent, scanner.headers) == (403, "device-switched-off")
    # who switched it off first, and why, stands
    again = await yard.done("/devices/s1/switching-off", {"reason": "另一个"}, yard.admin)
    assert again == off
    back = await yard.scanner()
    assert (await back.scan(*truck))["allowed"]
    assert await yard.refused("/scans", scanner.body(*truck), scanner.headers) == (401, "device-key-invalid")
    found = (await yard.svc.get("/devices/s1", as_=yard.admin)).json()
    assert (found["active"], found["enrolment"], found["switched_off_by"]) == (True, 2, None)


async def test_devices_are_listed_with_filters_and_without_their_keys(yard: "Yard") -> None:
    await yard.scanner("s2", "WH-2")
    await yard.scanner("s1", "WH-1")
    await yard.done("/devices", {"device": "g1", "kind": "gate", "place": "G1"}, yard.admin)
    await yard.done("/devices/s2/switching-off", {"reason": "丢失"}, yard.admin)

    async def listed(**filters: str) -> list[str]:
        answer = await yard.svc.get("/devices", as_=yard.supervisor, **filters)
        assert "key" not in answer.text
        return [row["device"] for row in answer.json()["items"]]

    assert await listed() == ["g1", "s1", "s2"]
    assert await listed(kind="gate") == ["g1"]
    assert await listed(place="WH-2") == ["s2"]
    assert await listed(active="true") == ["g1", "s1"]
    first = (await yard.svc.get("/devices", as_=yard.admin, limit="2", sort="-id")).json()
    assert [row["device"] for row in first["items"]] == ["s2", "s1"]
    assert await listed(sort="-id", after=first["next"]) == ["g1"]
    missing = await yard.svc.get("/devices/s9", as_=yard.admin)
    assert (missing.status_code, missing.json()["slug"]) == (404, "device-not-found")
    assert await yard.refused("/devices/s9/switching-off", {"reason": "丢失"}, yard.admin) == (404, "device-not-found")


async def test_i7_an_exit_is_told_its_moment_by_us_and_so_never_refused_for_a_clock(yard: "Yard") -> None:
    """I7: what leaves is recorded, however the clocks of the devices stand that loaded it."""
    notice = await yard.released(await yard.order(await yard.customer()))
    signed = await yard.shipped(notice)
    yard.clock.advance(hours=1)
    assert (await yard.exit(signed["exit_pass"]["short_number"]))["allowed"]
    (left,) = await yard.svc.published("shipping.ShipmentLeft.v1")
    assert left.data["left_on"] == "2026-03-02"


@pytest.mark.parametrize(
    ("sequence", "last", "passes"), [(1, 0, True), (5, 0, True), (6, 0, False), (6, 1, True), (1, 9, True)]
)
def test_5_4_2_1_d_a_jump_is_counted_from_the_highest_number_so_far(sequence: int, last: int, passes: bool) -> None:
    assert (rules.judge_sequence(sequence, last=last, jump=5) == ()) is passes
