"""Bad input: a clear problem with the field, in the caller's language, and nothing stored."""

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from fangxing.roles import Role

if TYPE_CHECKING:
    from conftest import Yard

ID = "00000000-0000-7000-8000-000000000000"
LINE = {"order_line_id": ID, "tons": "1.000"}
NOTICE = {"order_id": ID, "kind": "regular", "ship_on": "2026-03-05", "lines": [LINE]}
EXCEPTION = {"customer_id": ID, "ceiling": "1.00", "valid_until": "2026-03-05", "reason": "急单"}
DECISION = {"decision": "approve", "seen_hash": "0" * 64}
REPORT = {"lot": "L1", "product_id": ID, "result": "passing", "findings": "合格"}
TRUCK = {"vehicle": "浙A1", "driver": "王", "carrier": "顺安"}
SIGNED = {"carrier_name": "王", "carrier_signature": "王", "freight_voucher": "YF-1", "gate": "G1"}
EXIT = {"presented": "12345674", "vehicle": "浙A1", "gate": "G1"}
DEVICE = {"device": "s1", "kind": "scanner", "place": "WH-1"}
LOADING = {"notice_id": ID, "warehouse": "WH-1", "vehicle": "浙A1", "driver": "王"}

ROWS: list[tuple[Role, str, Any, str]] = [
    (Role.SALES_REP, "/notices", {**NOTICE, "lines": [{**LINE, "tons": "1.0001"}]}, "lines.0.tons"),
    (Role.SALES_REP, "/notices", {**NOTICE, "lines": [{**LINE, "tons": "0.000"}]}, "lines.0.tons"),
    (Role.SALES_REP, "/notices", {**NOTICE, "lines": [{**LINE, "tons": "-1.000"}]}, "lines.0.tons"),
    (Role.SALES_REP, "/notices", {**NOTICE, "lines": [{**LINE, "tons": 1}]}, "lines.0.tons"),
    (Role.SALES_REP, "/notices", {**NOTICE, "lines": [{**LINE, "tons": "NaN"}]}, "lines.0.tons"),
    (Role.SALES_REP, "/notices", {**NOTICE, "lines": [{**LINE, "price_per_ton": "1.00"}]}, "lines.0.price_per_ton"),
    (Role.SALES_REP, "/notices", {**NOTICE, "lines": []}, "lines"),
    (Role.SALES_REP, "/notices", {**NOTICE, "lines": [LINE] * 101}, "lines"),
    (Role.SALES_REP, "/notices", {**NOTICE, "kind": "emergency"}, "kind"),
    (Role.SALES_REP, "/notices", {**NOTICE, "ship_on": "2026-02-30"}, "ship_on"),
    (Role.SALES_REP, "/notices", {**NOTICE, "short_notice_reason": "\x00"}, "short_notice_reason"),
    (Role.SALES_REP, "/notices", {**NOTICE, "status": "released"}, "status"),
    (Role.SALES_REP, "/notices", {**NOTICE, "order_id": "1"}, "order_id"),
    (Role.SALES_REP, "/notices", [], "body"),
    (Role.SALES_REP, f"/notices/{ID}/overdue-reason", {"reason": "   "}, "reason"),
    (Role.SALES_REP, f"/notices/{ID}/overdue-reason", {"reason": "x" * 4001}, "reason"),
    (Role.SALES_REP, f"/notices/{ID}/transport-notice", {**TRUCK, "driver": "a\x00b"}, "driver"),
    (Role.SALES_REP, f"/notices/{ID}/transport-notice", {**TRUCK, "vehicle": "x" * 201}, "vehicle"),
    (Role.SALES_REP, f"/notices/{ID}/transport-notice", {**TRUCK, "vehicle": "x" * 65}, "vehicle"),
    (Role.SALES_MANAGER, f"/notices/{ID}/decisions", {**DECISION, "decision": "maybe"}, "decision"),
    (Role.SALES_MANAGER, f"/notices/{ID}/decisions", {**DECISION, "comment": "\x07"}, "comment"),
    (Role.SALES_MANAGER, "/notices/abc/decisions", DECISION, "notice_id"),
    (Role.GENERAL_MANAGER, "/credit-exceptions", {**EXCEPTION, "ceiling": "1.001"}, "ceiling"),
    (Role.GENERAL_MANAGER, "/credit-exceptions", {**EXCEPTION, "ceiling": "-1.00"}, "ceiling"),
    (Role.GENERAL_MANAGER, "/credit-exceptions", {**EXCEPTION, "ceiling": "0.00"}, "ceiling"),
    (Role.GENERAL_MANAGER, "/credit-exceptions", {**EXCEPTION, "ceiling": 1.5}, "ceiling"),
    (Role.GENERAL_MANAGER, "/credit-exceptions", {**EXCEPTION, "ceiling": "1e6"}, "ceiling"),
    (Role.GENERAL_MANAGER, "/credit-exceptions", {**EXCEPTION, "ceiling": "1234567890123.00"}, "ceiling"),
    (Role.GENERAL_MANAGER, "/credit-exceptions", {**EXCEPTION, "currency": "USD"}, "currency"),
    (Role.GENERAL_MANAGER, "/credit-exceptions", {**EXCEPTION, "reason": "a\x00b"}, "reason"),
    (Role.GENERAL_MANAGER, "/credit-exceptions", {**EXCEPTION, "author": "me"}, "author"),
    (Role.QUALITY, "/quality-reports", {**REPORT, "lot": "批号一"}, "lot"),
    (Role.QUALITY, "/quality-reports", {**REPORT, "result": "fine"}, "result"),
    (Role.QUALITY, "/quality-reports", {**REPORT, "findings": ""}, "findings"),
    (Role.ADMINISTRATOR, "/devices", {**DEVICE, "kind": "phone"}, "kind"),
    (Role.ADMINISTRATOR, "/devices", {**DEVICE, "device": "s 1"}, "device"),
    (Role.ADMINISTRATOR, "/devices/s1/switching-off", {"reason": " "}, "reason"),
    (Role.WAREHOUSE_KEEPER, "/loadings", {**LOADING, "warehouse": "仓库一"}, "warehouse"),
    (Role.WAREHOUSE_KEEPER, "/loadings", {**LOADING, "driver": ""}, "driver"),
    (Role.WAREHOUSE_KEEPER, "/loadings", {**LOADING, "vehicle": "x" * 65}, "vehicle"),
    (Role.WAREHOUSE_KEEPER, f"/loadings/{ID}/signatures", {**SIGNED, "carrier_name": ""}, "carrier_name"),
    (Role.WAREHOUSE_KEEPER, f"/loadings/{ID}/signatures", {**SIGNED, "carrier_signature": "\x00"}, "carrier_signature"),
    (Role.WAREHOUSE_KEEPER, f"/loadings/{ID}/signatures", {**SIGNED, "last_truck": "perhaps"}, "last_truck"),
    (Role.WAREHOUSE_KEEPER, f"/loadings/{ID}/signatures", {**SIGNED, "value": "1.00"}, "value"),
    (Role.GATE_GUARD, "/gate/exits", {**EXIT, "presented": "1234567"}, "presented"),
    (Role.GATE_GUARD, "/gate/exits", {**EXIT, "presented": "１２３４５６７４"}, "presented"),
    (Role.GATE_GUARD, "/gate/exits", {**EXIT, "presented": f"a.b.{'c' * 2000}"}, "presented"),
    (Role.GATE_GUARD, "/gate/exits", {**EXIT, "vehicle": "\x00"}, "vehicle"),
    (Role.GATE_GUARD, "/gate/exits", {**EXIT, "vehicle": "x" * 65}, "vehicle"),
]
SCAN = {
    "sequence": 1,
    "loading_id": ID,
    "order_line_id": ID,
    "lot": "L1",
    "package": "P1",
    "tons": "1.000",
    "scanned_at": "2026-03-02T09:30:00+08:00",
}
SCANS: list[tuple[dict[str, Any], str]] = [
    ({"tons": "1.0001"}, "tons"),
    ({"tons": "0.000"}, "tons"),
    ({"tons": 1.0}, "tons"),
    ({"tons": "1000.001"}, "tons"),
    ({"tons": "999999999999.999"}, "tons"),
    ({"sequence": 0}, "sequence"),
    ({"sequence": 2**31}, "sequence"),
    ({"package": "P\x00"}, "package"),
    ({"scanned_at": "2026-03-02T09:30:00"}, "scanned_at"),
    ({"scanned_at": "1999-12-31T23:59:59Z"}, "scanned_at"),
    ({"scanned_at": "2200-01-01T00:00:00Z"}, "scanned_at"),
    ({"scanned_at": "0001-01-01T00:00:00+14:00"}, "scanned_at"),
    ({"accepted": True}, "accepted"),
]


async def counts(yard: "Yard") -> dict[str, int]:
    """How many rows each table has."""
    async with yard.svc.database.reader() as reader:
        names = (await reader.execute(text("SELECT relname FROM pg_stat_user_tables ORDER BY 1"))).scalars().all()
        return {name: await reader.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in names}


async def test_bad_input_is_a_problem_with_its_field_and_nothing_is_stored(yard: "Yard") -> None:
    before = await counts(yard)
    for role, path, body, field in ROWS:
        answer = await yard.svc.post(path, body, as_=yard.as_("somebody", role))
        problem = answer.json()
        assert (answer.status_code, problem.get("slug"), problem.get("field")) == (400, "input-invalid", field), body
        assert answer.headers["content-type"] == "application/problem+json"
    assert await counts(yard) == before


async def test_bad_scans_are_problems_and_spend_no_sequence(yard: "Yard") -> None:
    scanner = await yard.scanner()
    before = await counts(yard)
    for changes, field in SCANS:
        single = await yard.svc.post("/scans", {**SCAN, **changes}, as_=scanner.headers)
        assert (single.status_code, single.json()["field"]) == (400, field)
        batch = await yard.svc.post("/scans/batch", {"scans": [SCAN, {**SCAN, **changes}]}, as_=scanner.headers)
        assert (batch.status_code, batch.json()["field"]) == (400, f"scans.1.{field}")
    for scans in ([], [SCAN] * 201):
        answer = await yard.svc.post("/scans/batch", {"scans": scans}, as_=scanner.headers)
        assert (answer.status_code, answer.json()["field"]) == (400, "scans")
    assert await counts(yard) == before


async def test_a_problem_speaks_the_callers_language(yard: "Yard") -> None:
    body = {**EXCEPTION, "ceiling": "1.001"}
    zh = await yard.svc.post("/credit-exceptions", body, as_=yard.gm)
    en = await yard.svc.post("/credit-exceptions", body, as_={**yard.gm, "Accept-Language": "en"})
    assert zh.json()["fields"] == [{"field": "ceiling", "slug": "decimal-places", "text": "最多 2 位小数"}]
    assert en.json()["fields"][0]["text"] == "at most 2 decimal places"


@pytest.mark.parametrize("path", ["/notices", "/scans", "/gate/exits"])
async def test_a_body_of_a_megabyte_is_refused_before_anything_is_read_from_it(yard: "Yard", path: str) -> None:
    before = await counts(yard)
    answer = await yard.svc.post(path, {"reason": "x" * 1024 * 1024}, as_=yard.rep)
    assert (answer.status_code, answer.json()["slug"], answer.json()["field"]) == (413, "body-too-large", "body")
    assert await counts(yard) == before


async def test_what_is_not_there_is_404(yard: "Yard") -> None:
    assert await yard.refused("/notices", NOTICE, yard.rep) == (404, "order-not-found")
    assert await yard.refused("/credit-exceptions", EXCEPTION, yard.gm) == (404, "customer-not-found")
    assert await yard.refused("/loadings", LOADING, yard.keeper) == (404, "notice-not-found")
    assert await yard.refused(f"/loadings/{ID}/signatures", SIGNED, yard.keeper) == (404, "loading-not-found")
    assert await yard.refused(f"/notices/{ID}/finance-review", {}, yard.accountant) == (404, "notice-not-found")
    assert (await yard.svc.get(f"/delivery-notes/{ID}", as_=yard.keeper)).json()["slug"] == "delivery-note-not-found"


@pytest.mark.parametrize("ship_on", ["0001-01-01", "9999-12-31"])
async def test_5_4_2_1_a_the_first_and_the_last_day_there_are(yard: "Yard", ship_on: str) -> None:
    notice = await yard.notice(await yard.order(await yard.customer()), ship_on=ship_on)
    assert notice["status"] == ("refused" if ship_on < "2026" else "finance_review")


async def test_an_order_line_twice_or_of_another_order_is_refused(yard: "Yard") -> None:
    account = await yard.customer()
    order, other = await yard.order(account), await yard.order(account)
    body = {**NOTICE, "order_id": str(order[0])}
    line, foreign = ({"order_line_id": str(found[1]), "tons": "1.000"} for found in (order, other))
    for lines in ([line, line], [line, foreign]):
        assert await yard.refused("/notices", {**body, "lines": lines}, yard.rep) == (400, "order-line-not-found")
    assert (await yard.svc.get("/notices", as_=yard.rep)).json()["items"] == []


@pytest.mark.parametrize(
    ("path", "query", "slug"),
    [
        ("/notices", {"limit": "0"}, "input-invalid"),
        ("/notices", {"limit": "201"}, "input-invalid"),
        ("/notices", {"sort": "value"}, "sort-unknown"),
        ("/notices", {"after": "x"}, "cursor-invalid"),
        ("/notices", {"status": "a\x00b"}, "input-invalid"),
        ("/notices", {"ship_from": "soon"}, "input-invalid"),
        ("/delivery-notes", {"customer_id": "1"}, "input-invalid"),
        ("/delivery-notes", {"sort": "-note"}, "sort-unknown"),
        ("/credit-exceptions", {"valid_on": "2026-02-30"}, "input-invalid"),
    ],
)
async def test_bad_queries_are_problems(yard: "Yard", path: str, query: dict[str, str], slug: str) -> None:
    answer = await yard.svc.get(path, as_=yard.manager, **query)
    assert (answer.status_code, answer.json()["slug"]) == (400, slug)


async def test_lists_filter_sort_and_page(yard: "Yard") -> None:
    account, other = await yard.customer(), await yard.customer()
    order, foreign = await yard.order(account), await yard.order(other)
    first = await yard.notice(order, ship_on="2026-03-09")
    second = await yard.notice(order, ship_on="2026-03-04", short_notice_reason="急")
    third = await yard.review(await yard.notice(foreign))

    async def ids(**query: Any) -> list[str]:
        answer = await yard.svc.get("/notices", as_=yard.manager, **query)
        assert answer.status_code == 200, answer.text
        return [row["id"] for row in answer.json()["items"]]

    assert await ids() == [third["id"], second["id"], first["id"]]
    assert await ids(customer_id=str(account), sort="id") == [first["id"], second["id"]]
    assert await ids(status="in_approval") == [third["id"]]
    assert await ids(short_notice="true") == [second["id"]]
    assert await ids(ship_from="2026-03-05", ship_to="2026-03-09", sort="ship_on") == [third["id"], first["id"]]
    page = (await yard.svc.get("/notices", as_=yard.manager, sort="-number", limit="2")).json()
    assert [row["id"] for row in page["items"]] == [third["id"], second["id"]]
    assert await ids(sort="-number", limit="2", after=page["next"]) == [first["id"]]
