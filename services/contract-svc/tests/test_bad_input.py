"""Bad input: a clear problem with the field, in the caller's language, and nothing stored."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from conftest import World

ID = "00000000-0000-7000-8000-000000000000"
LINE = {"product_id": ID, "tons": "8.000", "price_per_ton": "10000.00"}
CONTRACT = {
    "number": "HT-1",
    "customer_id": ID,
    "starts_on": "2026-03-01",
    "ends_on": "2026-03-31",
    "terms": {"kind": "credit", "days": 30},
    "lines": [LINE],
}
ORDER_LINE = {"contract_line_id": ID, "tons": "8.000"}
ORDER = {"contract_id": ID, "deliver_on": "2026-03-20", "lines": [ORDER_LINE]}
DECISION = {"decision": "approve", "seen_hash": "0" * 64}


def contract(**line: Any) -> dict[str, Any]:
    return {**CONTRACT, "lines": [{**LINE, **line}]}


def order(**line: Any) -> dict[str, Any]:
    return {**ORDER, "lines": [{**ORDER_LINE, **line}]}


ROWS: list[tuple[str, Any, str]] = [
    ("/contracts", contract(price_per_ton="10000.001"), "lines.0.price_per_ton"),
    ("/contracts", contract(price_per_ton=10000), "lines.0.price_per_ton"),
    ("/contracts", contract(price_per_ton="1e4"), "lines.0.price_per_ton"),
    ("/contracts", contract(price_per_ton="0.00"), "lines.0.price_per_ton"),
    ("/contracts", contract(price_per_ton="10000000.01"), "lines.0.price_per_ton"),
    ("/contracts", contract(tons="8.0001"), "lines.0.tons"),
    ("/contracts", contract(tons=8.5), "lines.0.tons"),
    ("/contracts", contract(tons="-8.000"), "lines.0.tons"),
    ("/contracts", contract(tons="0.000"), "lines.0.tons"),
    ("/contracts", contract(tons="1000000.001"), "lines.0.tons"),
    ("/contracts", contract(product_id="x"), "lines.0.product_id"),
    ("/contracts", contract(price_level="sales_rep"), "lines.0.price_level"),
    ("/contracts", {**CONTRACT, "lines": []}, "lines"),
    ("/contracts", {**CONTRACT, "lines": [LINE] * 101}, "lines"),
    ("/contracts", {**CONTRACT, "currency": "USD"}, "currency"),
    ("/contracts", {**CONTRACT, "number": "HT\x001"}, "number"),
    ("/contracts", {**CONTRACT, "number": "一号"}, "number"),
    ("/contracts", {**CONTRACT, "total": "1.00"}, "total"),
    ("/contracts", {**CONTRACT, "starts_on": "2026-02-30"}, "starts_on"),
    ("/contracts", {**CONTRACT, "ends_on": "2200-01-01"}, "ends_on"),
    ("/contracts", {**CONTRACT, "terms": {"kind": "barter", "days": 0}}, "terms.kind"),
    ("/contracts", {**CONTRACT, "terms": {"kind": "credit", "days": 181}}, "terms.days"),
    ("/contracts", {**CONTRACT, "terms": {"kind": "credit", "days": 0}}, "terms"),
    ("/contracts", {**CONTRACT, "terms": {"kind": "prepaid", "days": 30}}, "terms"),
    ("/contracts", [], "body"),
    ("/contracts/abc/submission", {}, "contract_id"),
    (f"/contracts/{ID}/decisions", {**DECISION, "decision": "maybe"}, "decision"),
    (f"/contracts/{ID}/decisions", {**DECISION, "seen_hash": "x"}, "seen_hash"),
    (f"/contracts/{ID}/decisions", {**DECISION, "comment": "\x00"}, "comment"),
    ("/orders", order(tons="8.0001"), "lines.0.tons"),
    ("/orders", order(tons=8), "lines.0.tons"),
    ("/orders", order(tons="-0.001"), "lines.0.tons"),
    ("/orders", order(price_per_ton="1.00"), "lines.0.price_per_ton"),
    ("/orders", {**ORDER, "deliver_on": "soon"}, "deliver_on"),
    ("/orders", {**ORDER, "lines": []}, "lines"),
    ("/orders", {**ORDER, "contract_id": None}, "contract_id"),
    ("/orders", "order", "body"),
]


async def nothing_stored(world: "World") -> None:
    async with world.service.database.reader() as reader:
        for stored in ("contracts", "orders", "outbox", "approval_cases", "tasks", "verdicts", "idempotency_keys"):
            assert await reader.scalar(text(f"SELECT count(*) FROM {stored}")) == 0, stored


async def test_malformed_bodies_name_the_field_in_both_languages_and_store_nothing(world: "World") -> None:
    for path, body, field in ROWS:
        who = world.gm if path.endswith("/decisions") else world.rep
        for language in ("zh-CN", "en"):
            answer = await world.service.post(path, body, as_={**who, "Accept-Language": language})
            assert answer.status_code == 400, (path, body, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            problem = answer.json()
            assert (problem["slug"], problem["field"]) == ("input-invalid", field), (path, body)
            for said in (problem["title"], problem["fields"][0]["text"]):
                chinese = any("\u4e00" <= character <= "\u9fff" for character in said)
                assert chinese is (language == "zh-CN"), (body, said)
    await nothing_stored(world)


async def test_what_is_no_json_and_what_is_too_much_is_refused(world: "World") -> None:
    headers = {**world.rep, "Idempotency-Key": "k", "Content-Type": "application/json"}
    for path in ("/contracts", "/orders"):
        for content in (b"{", b"", b"\xff", b"null"):
            answer = await world.service.client.post(path, content=content, headers=headers)
            assert (answer.status_code, answer.json()["field"]) == (400, "body"), content
        answer = await world.service.client.post(path, content=b"x" * 1_000_000, headers=headers)
        assert (answer.status_code, answer.json()["slug"]) == (413, "body-too-large")
    await nothing_stored(world)


async def test_a_policy_is_refused_in_the_callers_language(world: "World") -> None:
    whole = {
        "manager": ["sales_manager"],
        "manager_finance": ["sales_manager", "finance_manager"],
        "manager_gm": ["sales_manager", "general_manager"],
        "manager_finance_gm": ["sales_manager", "finance_manager", "general_manager"],
    }
    for value, chinese, english in (
        ({"manager": ["sales_manager"]}, "各栏须为 manager,", "the bands are manager,"),
        ({**whole, "manager": []}, "manager 缺少 销售经理", "manager lacks sales manager"),
        (
            {**whole, "manager": ["sales_manager"] * 2},
            "manager：岗位限于 财务部经理、总经理、生产部、销售经理，不得重复",
            "only finance manager, general manager, production, sales manager, each once",
        ),
    ):
        body = {"value": value, "effective_from": "2026-03-02"}
        for language, words in (("zh", chinese), ("en", english)):
            headers = {**world.gm, "Accept-Language": language}
            answer = await world.service.post("/policies/route.contract/versions", body, as_=headers)
            assert (answer.status_code, answer.json()["slug"]) == (400, "policy-value-invalid")
            assert words in answer.json()["title"]
