"""Loading scans: each is answered once and for ever, and no truck gets more than the notice has."""

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import func, select

from fangxing.roles import Role
from shipping_svc.loading.store import Scan
from shipping_svc.notices.store import NoticeLine

if TYPE_CHECKING:
    from conftest import Yard


async def ready(yard: "Yard", tons: str = "10.000") -> tuple[str, str]:
    """A truck ready to be loaded with lot L1; the loading's and the line's id."""
    order = await yard.order(await yard.customer(limit="6000.00"))
    notice = await yard.released(order, tons)
    await yard.report("L1")
    return await yard.truck(notice), str(order[1])


async def loaded(yard: "Yard", line: str) -> Decimal:
    """Tons on the trucks, as the notice says and as the scans say."""
    async with yard.svc.database.reader() as reader:
        said = await reader.scalar(select(NoticeLine.loaded_tons).where(NoticeLine.order_line_id == line))
        summed = await reader.scalar(
            select(func.coalesce(func.sum(Scan.tons), 0)).where(Scan.order_line_id == line, Scan.accepted)
        )
    assert said == summed
    return Decimal(str(said))


async def test_the_same_scan_again_gets_the_same_answer_and_loads_once(yard: "Yard") -> None:
    truck, line = await ready(yard)
    scanner = await yard.scanner()
    body = scanner.body(truck, line)
    first, second = await scanner.send(body), await scanner.send(body)
    assert (first["allowed"], first["repeated"]) == (True, False)
    assert second == {**first, "repeated": True}
    assert await loaded(yard, line) == 1


async def test_a_refused_scan_repeated_stays_refused_even_if_it_would_pass_now(yard: "Yard") -> None:
    truck, line = await ready(yard)
    scanner = await yard.scanner()
    body = scanner.body(truck, line, lot="L9")
    first = await scanner.send(body)
    await yard.report("L9")
    assert await scanner.send(body) == {**first, "repeated": True}
    assert not first["allowed"]
    assert (await scanner.scan(truck, line, lot="L9"))["allowed"]


async def test_a_used_sequence_with_another_body_is_refused_and_the_first_stands(yard: "Yard") -> None:
    truck, line = await ready(yard)
    scanner = await yard.scanner()
    body = scanner.body(truck, line)
    await scanner.send(body)
    other = await scanner.send({**body, "tons": "2.000"})
    assert (other["allowed"], other["repeated"]) == (False, False)
    assert yard.said(other) == ["序号 1 已用于另一次扫描"]
    assert (await scanner.send(body))["repeated"]
    assert await loaded(yard, line) == 1
    audit = yard.as_("audit", Role.AUDIT_MANAGER)
    kept = (await yard.svc.get("/decisions", as_=audit, document="device/s1")).json()["items"]
    assert [(row["kind"], row["allowed"]) for row in kept] == [("scan", False)]


async def test_a_new_enrolment_starts_a_new_sequence_and_ends_the_old_key(yard: "Yard") -> None:
    truck, line = await ready(yard)
    old = await yard.scanner()
    assert (await old.scan(truck, line))["allowed"]
    new = await yard.scanner()
    answer = await new.scan(truck, line)
    assert (answer["sequence"], answer["allowed"], answer["repeated"]) == (1, True, False)
    assert await yard.refused("/scans", old.body(truck, line), old.headers) == (401, "device-key-invalid")
    assert await loaded(yard, line) == 2


async def test_the_key_of_a_device_is_stored_nowhere(yard: "Yard") -> None:
    body = {"device": "s1", "kind": "scanner", "place": "WH-1"}
    secret = str((await yard.done("/devices", body, yard.admin))["key"]).rpartition(".")[2]
    async with yard.svc.database.reader() as reader:
        found = await reader.exec_driver_sql("SELECT convert_from(response, 'UTF8') FROM idempotency_keys")
        assert not [row for (row,) in found if secret in row]


async def test_only_a_scanner_with_its_key_may_scan(yard: "Yard") -> None:
    truck, line = await ready(yard)
    scanner = await yard.scanner()
    body = scanner.body(truck, line)
    gate = {"device": "g1", "kind": "gate", "place": "G1"}
    gate_key = {"Authorization": f"Device {(await yard.done('/devices', gate, yard.admin))['key']}"}
    wrong_secret = {"Authorization": "Device s1.wrong"}
    for headers in ({}, yard.keeper, gate_key, wrong_secret):
        for path, sent in (("/scans", body), ("/scans/batch", {"scans": [body]})):
            assert await yard.refused(path, sent, headers) == (401, "device-key-invalid")


async def test_5_4_2_1_d_what_is_not_on_the_notice_is_not_loaded(yard: "Yard") -> None:
    truck, line = await ready(yard)
    scanner = await yard.scanner()
    assert yard.said(await scanner.scan(truck, str(uuid4()))) == ["发货通知单上没有这一行"]
    assert yard.said(await scanner.scan(str(uuid4()), line)) == ["没有在装的这车货，或已签字"]


async def test_5_4_2_1_d_a_package_is_loaded_once(yard: "Yard") -> None:
    truck, line = await ready(yard)
    scanner, other = await yard.scanner(), await yard.scanner("s2")
    assert (await scanner.scan(truck, line, package="P1"))["allowed"]
    assert yard.said(await scanner.scan(truck, line, package="P1")) == ["包装号 P1 已装过"]
    assert not (await other.scan(truck, line, package="P1"))["allowed"]
    await yard.report("L2")
    assert (await other.scan(truck, line, package="P1", lot="L2"))["allowed"]


async def test_5_4_2_1_d_one_package_under_many_scanners_at_once_is_loaded_once(yard: "Yard") -> None:
    """On trucks of different notices, so that no row but the package itself is shared."""
    trucks = [await ready(yard) for _ in range(4)]
    scanners = [await yard.scanner(f"s{number}") for number in range(4)]
    answers = await asyncio.gather(
        *[scanner.scan(truck, line, package="P1") for scanner, (truck, line) in zip(scanners, trucks, strict=True)]
    )
    assert [answer["allowed"] for answer in answers].count(True) == 1
    assert [yard.said(answer) for answer in answers if answer["verdict"]].count(["包装号 P1 已装过"]) == 3


async def test_5_4_2_1_d_exactly_what_is_left_passes_and_one_kilogram_more_does_not(yard: "Yard") -> None:
    truck, line = await ready(yard, "2.000")
    scanner = await yard.scanner()
    over = await scanner.scan(truck, line, "2.001")
    assert yard.said(over) == ["本行最多还能装 2.000 吨，本次 2.001 吨"]
    assert (await scanner.scan(truck, line, "1.999"))["allowed"]
    assert (await scanner.scan(truck, line, "0.001"))["allowed"]
    assert not (await scanner.scan(truck, line, "0.001"))["allowed"]
    assert await loaded(yard, line) == 2


async def test_5_4_2_1_e_a_scan_after_signing_is_refused(yard: "Yard") -> None:
    truck, line = await ready(yard)
    scanner = await yard.scanner()
    assert (await scanner.scan(truck, line))["allowed"]
    await yard.sign(truck)
    late = await scanner.scan(truck, line)
    assert (late["allowed"], late["verdict"]["would_pass"]) == (False, ["另开一车"])
    assert await loaded(yard, line) == 1


async def test_a_batch_answers_each_scan_by_itself_in_the_order_sent(yard: "Yard") -> None:
    truck, line = await ready(yard, "2.000")
    scanner = await yard.scanner()
    known = scanner.body(truck, line, "0.500", package="P1")
    await scanner.send(known)
    good = scanner.body(truck, line, "1.000", package="P2")
    bodies = [
        known,
        scanner.body(truck, line, "0.100", lot="L9"),
        good,
        good,
        {**good, "tons": "0.100"},
        scanner.body(truck, line, "0.100", package="P2"),
        scanner.body(truck, line, "0.501", package="P3"),
        scanner.body(truck, line, "0.500", package="P3"),
    ]
    results = await scanner.batch(*bodies)
    assert [result["sequence"] for result in results] == [1, 3, 2, 2, 2, 4, 5, 6]
    assert [result["allowed"] for result in results] == [True, False, True, True, False, False, False, True]
    assert [result["repeated"] for result in results] == [True, False, False, True, False, False, False, False]
    assert [result["repeated"] for result in await scanner.batch(*bodies)].count(True) == 7
    assert await loaded(yard, line) == 2


async def test_5_4_2_1_d_twenty_scans_at_once_from_two_devices_never_load_too_much(yard: "Yard") -> None:
    """The notice has 10 t, twenty packages of 1 t arrive together, each sent twice."""
    truck, line = await ready(yard, "10.000")
    scanners = [await yard.scanner("s1"), await yard.scanner("s2")]
    bodies = [(scanner, scanner.body(truck, line)) for scanner in scanners for _ in range(10)]
    answers = await asyncio.gather(*[scanner.send(body) for scanner, body in [*bodies, *bodies]])
    fresh = [answer for answer in answers if not answer["repeated"]]
    assert (len(fresh), [answer["allowed"] for answer in fresh].count(True)) == (20, 10)
    for first, second in zip(answers[:20], answers[20:], strict=True):
        assert {first["repeated"], second["repeated"]} == {True, False}
        assert first["allowed"] == second["allowed"]
    assert await loaded(yard, line) == 10


async def test_batches_of_two_devices_over_the_same_trucks_never_deadlock(yard: "Yard") -> None:
    first, second = await ready(yard), await ready(yard)
    scanners = [await yard.scanner(f"s{number}") for number in range(4)]
    batches = []
    for number, scanner in enumerate(scanners):
        trucks = [first, second] if number % 2 else [second, first]
        batches.append([scanner.body(*truck, "0.100") for truck in trucks for _ in range(10)])
    results = await asyncio.gather(*[scanner.batch(*bodies) for scanner, bodies in zip(scanners, batches, strict=True)])
    assert all(result["allowed"] for answers in results for result in answers)
    assert await loaded(yard, first[1]) == await loaded(yard, second[1]) == 4


async def test_5_4_2_1_d_the_load_tolerance_is_reserved_and_given_back(yard: "Yard") -> None:
    await yard.policy("load.tolerance_pct", "2.50", yard.manager)
    account = await yard.customer(limit="6000.00")
    order = await yard.order(account, tons="10.000")
    notice = await yard.released(order, "10.000")
    assert (notice["lines"][0]["most_tons"], notice["value"]) == ("10.250", "615.00")
    assert (await yard.account(account))["exposure"] == "615.00"
    await yard.report("L1")
    truck, scanner = await yard.truck(notice), await yard.scanner()
    assert not (await scanner.scan(truck, str(order[1]), "10.251"))["allowed"]
    assert (await scanner.scan(truck, str(order[1]), "10.100"))["allowed"]
    signed = await yard.sign(truck)
    note = await yard.note(signed)
    assert (note["tons"], note["value"]) == ("10.100", "606.00")
    after = await yard.account(account)
    assert (after["released"], after["shipped_total"], after["exposure"]) == ("0.00", "606.00", "606.00")
