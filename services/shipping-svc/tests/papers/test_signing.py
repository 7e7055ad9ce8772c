"""Signing: the delivery note is what was loaded, the reservation becomes shipped, and nothing is final twice."""

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from fangxing.ids import new_id
from fangxing.money import value_of
from shipping_svc.credit.rules import Amounts
from shipping_svc.loading.store import Loading
from shipping_svc.main import SERVICE
from shipping_svc.papers import rules
from shipping_svc.reference.store import OrderLine

if TYPE_CHECKING:
    from conftest import SIGNATURES, Yard
else:
    SIGNATURES = {"carrier_name": "王师傅", "carrier_signature": "王", "freight_voucher": "YF-1", "gate": "G1"}


async def block(yard: "Yard", lot: str) -> None:
    """A complaint asks that a lot is not shipped."""
    complaint = new_id()
    data = {"complaint_id": str(complaint), "lot": lot, "reason": "断头多"}
    await yard.svc.deliver(
        "complaint.LotBlockRequested.v1", data, key=str(complaint), document=f"complaint/{complaint}", version=1
    )


async def noticed(yard: "Yard", line: object) -> Decimal:
    """Tons of an order line that notices have taken."""
    async with yard.svc.database.reader() as reader:
        found = await reader.scalar(select(OrderLine.noticed_tons).where(OrderLine.id == line))
    return Decimal(str(found))


async def test_5_4_2_1_e_the_delivery_note_is_what_was_loaded_and_the_rest_is_given_back(yard: "Yard") -> None:
    account = await yard.customer(limit="6000.00")
    order = await yard.order(account, tons="10.000")
    notice = await yard.released(order, "10.000")
    await yard.report("L1")
    await yard.report("L2")
    truck, scanner = await yard.truck(notice), await yard.scanner()
    for tons, lot in [("1.500", "L2"), ("2.000", "L1"), ("2.500", "L1")]:
        assert (await scanner.scan(truck, str(order[1]), tons, lot=lot))["allowed"]
    signed = await yard.sign(truck)
    note = await yard.note(signed)
    assert [(line["line"], line["lot"], line["packages"], line["tons"], line["value"]) for line in note["lines"]] == [
        (1, "L1", 2, "4.500", "270.00"),
        (2, "L2", 1, "1.500", "90.00"),
    ]
    assert (note["tons"], note["value"], note["keeper"], note["left_on"]) == ("6.000", "360.00", "keeper", None)
    assert (note["carrier_name"], note["freight_voucher"], note["shipped_on"]) == ("王师傅", "YF-1", "2026-03-02")
    assert note["signed_at"] == "2026-03-02T01:00:00Z"
    after = await yard.account(account)
    assert (after["released"], after["shipped_total"], after["exposure"]) == ("0.00", "360.00", "360.00")
    closed = (await yard.svc.get(f"/notices/{notice['id']}", as_=yard.rep)).json()
    assert (closed["status"], closed["reserved_credit"]) == ("shipped", "0.00")
    assert await noticed(yard, order[1]) == 6
    assert (await yard.released(order, "4.000"))["status"] == "released"


async def test_shipment_shipped_says_everything_the_others_need(yard: "Yard") -> None:
    account = await yard.customer(limit="6000.00")
    order = await yard.order(account)
    notice = await yard.released(order, "2.000")
    signed = await yard.shipped(notice, "2.000")
    note = signed["delivery_note"]
    (event,) = await yard.svc.published("shipping.ShipmentShipped.v1")
    (released,) = await yard.svc.published("shipping.ShipmentReleased.v1")
    assert (event.document, event.version) == (f"delivery-note/{note['id']}", 1)
    data = dict(event.data)
    (line,) = data.pop("lines")
    assert data.pop("position") == {
        "account_id": str(account),
        "epoch": 1,
        "version": 2,
        "released": "0.00",
        "shipped_total": "120.00",
        "prepaid_used_total": "0.00",
        "seen": {"epoch": 1, "version": 1},
    }
    data.pop("hands")
    assert data == {
        "delivery_note_id": note["id"],
        "number": note["number"],
        "notice_id": notice["id"],
        "customer_id": str(account),
        "account_id": str(account),
        "contract_id": released.data["contract_id"],
        "order_id": str(order[0]),
        "shipped_on": "2026-03-02",
        "tons": "2.000",
        "value": "120.00",
        "on_credit": "120.00",
        "on_prepayment": "0.00",
    }
    assert line.pop("contract_line_id")
    assert line == {
        "line": 1,
        "order_line_id": str(order[1]),
        "product_id": str(yard.product),
        "product_name": "POY 75D",
        "lot": "L1",
        "tons": "2.000",
        "price_per_ton": "60.00",
        "value": "120.00",
    }


async def test_1_3_shipment_shipped_names_the_hands_of_the_whole_chain(yard: "Yard") -> None:
    order = await yard.order(await yard.customer(), hands={"order.call_off": ["rep1"]})
    await yard.shipped(await yard.released(order))
    (event,) = await yard.svc.published("shipping.ShipmentShipped.v1")
    assert event.data["hands"] == {
        "order.call_off": ["rep1"],
        "notice.file": ["rep1"],
        "notice.review": ["accountant"],
        "notice.decide": ["manager"],
        "notice.announce": ["rep1"],
        "notice.load": ["keeper"],
        "notice.ship": ["keeper"],
        "loading.start": ["keeper"],
        "loading.sign": ["keeper"],
        "delivery-note.sign": ["keeper"],
    }


async def test_rounding_lot_by_lot_never_ships_more_than_was_reserved(yard: "Yard") -> None:
    """Five lots of one kilogram at 5.00 a ton: half a cent each, rounded up to 0.05, of which 0.03 are reserved."""
    account = await yard.customer()
    order = await yard.order(account, price="5.00")
    notice = await yard.released(order, "0.005")
    assert notice["value"] == "0.03"
    truck, scanner = await yard.truck(notice), await yard.scanner()
    for number in range(1, 6):
        await yard.report(f"L{number}")
        assert (await scanner.scan(truck, str(order[1]), "0.001", lot=f"L{number}"))["allowed"]
    note = await yard.note(await yard.sign(truck))
    assert [line["value"] for line in note["lines"]] == ["0.01", "0.01", "0.01", "0.00", "0.00"]
    assert (note["value"], (await yard.account(account))["exposure"]) == ("0.03", "0.03")


async def test_5_4_2_1_d_two_trucks_have_a_note_and_a_pass_each(yard: "Yard") -> None:
    account = await yard.customer(limit="6000.00")
    order = await yard.order(account, tons="10.000")
    notice = await yard.released(order, "10.000")
    await yard.report("L1")
    scanner = await yard.scanner()
    first, second = await yard.truck(notice, "浙A11111"), await yard.truck(notice, "浙A22222")
    assert (await scanner.scan(first, str(order[1]), "4.000"))["allowed"]
    assert (await scanner.scan(second, str(order[1]), "5.000"))["allowed"]
    one = await yard.sign(first, last_truck=False)
    between = await yard.account(account)
    assert (between["released"], between["shipped_total"], between["exposure"]) == ("360.00", "240.00", "600.00")
    two = await yard.sign(second)
    after = await yard.account(account)
    assert (after["released"], after["shipped_total"], after["exposure"]) == ("0.00", "540.00", "540.00")
    assert one["delivery_note"]["number"] != two["delivery_note"]["number"]
    assert one["exit_pass"]["short_number"] != two["exit_pass"]["short_number"]
    assert (one["exit_pass"]["vehicle"], two["exit_pass"]["vehicle"]) == ("浙A11111", "浙A22222")
    assert await noticed(yard, order[1]) == 9


async def test_5_4_2_1_d_it_is_not_the_last_truck_while_another_one_carries_goods(yard: "Yard") -> None:
    account = await yard.customer(limit="6000.00")
    order = await yard.order(account)
    notice = await yard.released(order, "10.000")
    await yard.report("L1")
    scanner = await yard.scanner()
    first, second = await yard.truck(notice, "浙A11111"), await yard.truck(notice, "浙A22222")
    empty = await yard.truck(notice, "浙A33333")
    assert (await scanner.scan(first, str(order[1]), "4.000"))["allowed"]
    assert (await scanner.scan(second, str(order[1]), "5.000"))["allowed"]
    refused = await yard.refused(f"/loadings/{first}/signatures", SIGNATURES, yard.keeper)
    assert refused == (409, "other-truck-loading")
    assert (await yard.account(account))["exposure"] == "600.00"
    await yard.sign(first, last_truck=False)
    await yard.sign(second)
    # the truck nothing was loaded on is sent away with the last one
    assert not (await scanner.scan(empty, str(order[1]), "0.100"))["allowed"]
    assert (await yard.account(account))["exposure"] == "540.00"


async def test_5_4_2_1_e_nothing_loaded_is_nothing_to_sign(yard: "Yard") -> None:
    notice = await yard.released(await yard.order(await yard.customer()))
    truck = await yard.truck(notice)
    assert await yard.refused(f"/loadings/{truck}/signatures", SIGNATURES, yard.keeper) == (409, "nothing-loaded")
    assert (await yard.svc.get("/delivery-notes", as_=yard.keeper)).json()["items"] == []


async def test_5_4_2_1_e_signed_is_final(yard: "Yard") -> None:
    """Signing twice is refused, and no route changes or deletes a delivery note."""
    account = await yard.customer(limit="6000.00")
    notice = await yard.released(await yard.order(account), "2.000")
    signed = await yard.shipped(notice, "1.000", last_truck=False)
    async with yard.svc.database.reader() as reader:
        loading = await reader.scalar(select(Loading.id))
    again = await yard.refused(f"/loadings/{loading}/signatures", SIGNATURES, yard.keeper)
    assert again == (409, "wrong-state")
    note = f"/delivery-notes/{signed['delivery_note']['id']}"
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert (await yard.svc.post(note, {}, as_=yard.keeper, method=method)).status_code == 405
    paths = {route.path for router in SERVICE.routers for route in router.routes if "delivery-notes" in route.path}  # type: ignore[attr-defined]
    # another exit pass is a document of its own: it says nothing new about the note
    assert paths == {
        "/delivery-notes",
        "/delivery-notes/{note_id}",
        "/delivery-notes/{note_id}/history",
        "/delivery-notes/{note_id}/print",
        "/delivery-notes/{note_id}/exit-passes",
    }
    assert (await yard.svc.get(note, as_=yard.keeper)).json() == signed["delivery_note"]
    assert (await yard.account(account))["shipped_total"] == "60.00"


async def test_the_same_signature_sent_again_is_answered_again(yard: "Yard") -> None:
    order = await yard.order(await yard.customer())
    notice = await yard.released(order)
    await yard.report("L1")
    truck = await yard.truck(notice)
    assert (await (await yard.scanner()).scan(truck, str(order[1])))["allowed"]
    path = f"/loadings/{truck}/signatures"
    answers = [await yard.svc.post(path, SIGNATURES, as_=yard.keeper, key="one") for _ in range(2)]
    assert answers[0].status_code == 201
    assert answers[0].json() == answers[1].json()
    assert len(await yard.svc.published("shipping.ShipmentShipped.v1")) == 1


async def test_5_4_2_2_b_prepaid_goods_ship_against_the_prepayment_and_the_rest_is_free_again(yard: "Yard") -> None:
    account = await yard.customer(grade="C", limit="0.00", prepaid_total="120.00")
    order = await yard.order(account)
    notice = await yard.released(order, "2.000", kind="prepaid")
    assert (await yard.account(account))["prepaid_used_total"] == "120.00"
    signed = await yard.shipped(notice, "1.500")
    assert (await yard.note(signed))["value"] == "90.00"
    after = await yard.account(account)
    assert (after["prepaid_used_total"], after["shipped_total"], after["exposure"]) == ("90.00", "0.00", "0.00")
    (event,) = await yard.svc.published("shipping.ShipmentShipped.v1")
    assert (event.data["on_credit"], event.data["on_prepayment"]) == ("0.00", "90.00")
    assert (await yard.released(order, "0.500", kind="prepaid"))["road"] == "prepaid"


async def test_a_scan_that_comes_in_while_the_truck_is_signed_is_on_the_note_or_refused(yard: "Yard") -> None:
    """What is on the trucks, on the notes, in the order and in the account agree, whoever was first."""
    account = await yard.customer(limit="6000.00")
    order = await yard.order(account, tons="100.000")
    await yard.report("L1")
    scanners = [await yard.scanner(f"s{number}") for number in range(3)]
    shipped = Decimal(0)
    for _ in range(4):
        notice = await yard.released(order, "10.000")
        truck = await yard.truck(notice)
        assert (await scanners[0].scan(truck, str(order[1])))["allowed"]
        acts: list[Any] = [scanner.scan(truck, str(order[1])) for scanner in scanners]
        acts.insert(1, yard.sign(truck))
        answers = await asyncio.gather(*acts)
        accepted = 1 + [answer["allowed"] for answer in answers if "sequence" in answer].count(True)
        assert Decimal(answers[1]["delivery_note"]["tons"]) == accepted
        shipped += accepted
        assert await noticed(yard, order[1]) == shipped
        assert Decimal((await yard.account(account))["exposure"]) == shipped * 60


async def test_a_scan_that_comes_in_while_the_notice_is_cancelled_loads_nothing_or_stops_it(yard: "Yard") -> None:
    account = await yard.customer(limit="6000.00")
    order = await yard.order(account)
    await yard.report("L1")
    scanner = await yard.scanner()
    for _ in range(4):
        before = Decimal((await yard.account(account))["released"])
        notice = await yard.released(order)
        truck = await yard.truck(notice)
        answer, cancelled = await asyncio.gather(
            scanner.scan(truck, str(order[1])),
            yard.svc.post(f"/notices/{notice['id']}/cancellation", {}, as_=yard.rep),
        )
        assert cancelled.status_code == (409 if answer["allowed"] else 200)
        held = Decimal((await yard.account(account))["released"]) - before
        assert held == (60 if answer["allowed"] else 0)


async def test_5_3_a_lot_blocked_since_it_was_loaded_does_not_leave(yard: "Yard") -> None:
    """5-3: quality judges all goods that go out."""
    account = await yard.customer()
    order = await yard.order(account)
    notice = await yard.released(order)
    await yard.report("L1")
    truck = await yard.truck(notice)
    assert (await (await yard.scanner()).scan(truck, str(order[1])))["allowed"]
    await block(yard, "L1")
    stopped = await yard.sign(truck)
    assert (stopped["allowed"], stopped["delivery_note"], stopped["exit_pass"]) == (False, None, None)
    (reason,) = stopped["verdict"]["reasons"]
    assert (reason["slug"], reason["params"]) == ("lot-blocked", {"lot": "L1"})
    assert "解除冻结" in stopped["verdict"]["would_pass"][0]
    assert (await yard.account(account))["shipped_total"] == "0.00"
    tasks = (await yard.svc.get("/tasks", as_=yard.quality)).json()["items"]
    assert [task["kind"] for task in tasks] == ["lot_blocked"]
    await yard.done("/lots/L1/unblocking", {}, yard.quality)
    assert (await yard.svc.get("/tasks", as_=yard.quality)).json()["items"] == []
    await yard.report("L1", "failing")
    assert (await yard.sign(truck))["verdict"]["reasons"][0]["slug"] == "lot-not-passed"
    await yard.report("L1", "conceded")
    signed = await yard.sign(truck)
    assert (signed["allowed"], signed["delivery_note"]["tons"]) == (True, "1.000")


TONS = st.decimals("0.001", "9.999", places=3)
PRICES = st.decimals("0.01", "9999.99", places=2)


@given(parts=st.lists(TONS, min_size=1, max_size=6), price=PRICES, prepaid=st.booleans())
def test_5_4_2_1_b_what_ships_off_a_reservation_is_never_lost(
    parts: list[Decimal], price: Decimal, prepaid: bool
) -> None:
    reserved = value_of(sum(parts, Decimal(0)), price) + Decimal("0.01")
    value = min(reserved, sum((value_of(part, price) for part in parts), Decimal(0)))
    amounts = Amounts.of(value, prepaid=prepaid)
    assert amounts.on_credit + amounts.on_prepayment == value
    assert amounts.on_credit == (0 if prepaid else value) <= reserved


YUAN = st.decimals("0.00", "99.99", places=2)


@given(values=st.lists(YUAN, min_size=1, max_size=6), reserved=YUAN)
def test_5_4_2_1_e_the_lines_of_a_note_are_together_worth_at_most_what_was_reserved(
    values: list[Decimal], reserved: Decimal
) -> None:
    kept = rules.within_reservation(values, reserved)
    assert sum(kept) == min(sum(values), reserved)
    assert all(0 <= after <= before for after, before in zip(kept, values, strict=True))
    given_up = [after < before for after, before in zip(kept, values, strict=True) if before > 0]
    assert given_up == sorted(given_up)


@pytest.mark.parametrize(
    ("reserved", "loaded", "short"),
    [("0.00", "1.000", False), ("0.01", "1.000", True), ("0.00", "0.999", True), ("0.00", "1.025", False)],
)
def test_5_4_2_1_b_a_notice_falls_short_by_a_cent_or_by_a_kilogram(reserved: str, loaded: str, short: bool) -> None:
    tons = [(Decimal(loaded), Decimal("1.000"))]
    assert rules.falls_short(Decimal(reserved), tons) is short
