"""Bad input: a clear problem with the field, in the caller's language, and nothing stored."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from conftest import Office

ID = "00000000-0000-7000-8000-000000000000"
CUSTOMER = {"number": "K-1", "name": "华纶", "address": "绍兴", "contact": "王", "terms": {"kind": "prepaid"}}
APPLICATION = {"customer_id": ID, "grade": "B", "limit": "1.00", "reasons": "用量"}
DECISION = {"decision": "approve", "seen_hash": "0" * 64}
INVOICE = {"number": "FP-1", "delivery_note_id": ID}
LINE = {"line": 1, "tons": "1.000"}
PAYMENT = {"customer_id": ID, "reference": "HK-1", "amount": "1.00", "purpose": "receivable"}
PART = {"invoice_id": ID, "amount": "1.00"}
DECIDE = f"/credit-applications/{ID}/decisions"

ROWS: list[tuple[str, str, Any, str]] = [
    ("rep1", "/customers", {**CUSTOMER, "number": ""}, "number"),
    ("rep1", "/customers", {**CUSTOMER, "number": "K 1"}, "number"),
    ("rep1", "/customers", {**CUSTOMER, "number": "K" * 65}, "number"),
    ("rep1", "/customers", {**CUSTOMER, "name": "a\x00b"}, "name"),
    ("rep1", "/customers", {**CUSTOMER, "name": "  "}, "name"),
    ("rep1", "/customers", {**CUSTOMER, "name": "n" * 201}, "name"),
    ("rep1", "/customers", {**CUSTOMER, "address": None}, "address"),
    ("rep1", "/customers", {**CUSTOMER, "grade": "A"}, "grade"),
    ("rep1", "/customers", {**CUSTOMER, "limit": "1.00"}, "limit"),
    ("rep1", "/customers", [], "body"),
    ("rep1", "/credit-applications", {**APPLICATION, "limit": "1.001"}, "limit"),
    ("rep1", "/credit-applications", {**APPLICATION, "limit": 1}, "limit"),
    ("rep1", "/credit-applications", {**APPLICATION, "limit": 1.5}, "limit"),
    ("rep1", "/credit-applications", {**APPLICATION, "limit": "-1.00"}, "limit"),
    ("rep1", "/credit-applications", {**APPLICATION, "limit": "1e3"}, "limit"),
    ("rep1", "/credit-applications", {**APPLICATION, "limit": "1234567890123.00"}, "limit"),
    ("rep1", "/credit-applications", {**APPLICATION, "currency": "USD"}, "currency"),
    ("rep1", "/credit-applications", {**APPLICATION, "grade": "E"}, "grade"),
    ("rep1", "/credit-applications", {**APPLICATION, "reasons": "r" * 4001}, "reasons"),
    ("rep1", "/credit-applications", {**APPLICATION, "reasons": "\x00"}, "reasons"),
    ("rep1", "/credit-applications", {**APPLICATION, "customer_id": "1"}, "customer_id"),
    ("rep1", "/credit-applications", {**APPLICATION, "status": "in_force"}, "status"),
    ("manager", DECIDE, {**DECISION, "decision": "maybe"}, "decision"),
    ("manager", DECIDE, {**DECISION, "seen_hash": "x"}, "seen_hash"),
    ("manager", DECIDE, {**DECISION, "comment": "\x07"}, "comment"),
    ("accountant", "/invoices", {**INVOICE, "number": "发票"}, "number"),
    ("accountant", "/invoices", {**INVOICE, "amount": "0.00"}, "amount"),
    ("accountant", "/invoices", {**INVOICE, "amount": "-0.01"}, "amount"),
    ("accountant", "/invoices", {**INVOICE, "amount": "0.001"}, "amount"),
    ("accountant", "/invoices", {**INVOICE, "amount": 1}, "amount"),
    ("accountant", "/invoices", {**INVOICE, "currency": "USD"}, "currency"),
    ("accountant", "/invoices", {**INVOICE, "lines": []}, "lines"),
    ("accountant", "/invoices", {**INVOICE, "lines": [{**LINE, "tons": "1.0001"}]}, "lines.0.tons"),
    ("accountant", "/invoices", {**INVOICE, "lines": [{**LINE, "line": 0}]}, "lines.0.line"),
    ("accountant", "/invoices", {**INVOICE, "lines": [{**LINE, "value": "1.00"}]}, "lines.0.value"),
    ("accountant", "/invoices", {**INVOICE, "issued_on": "9999-12-31"}, "issued_on"),
    ("accountant", "/invoices", {**INVOICE, "due_on": "9999-12-31"}, "due_on"),
    ("accountant", "/invoices", {**INVOICE, "due_on": "2026-02-30"}, "due_on"),
    ("accountant", "/invoices", {**INVOICE, "reason": " "}, "reason"),
    ("accountant", "/invoices", {**INVOICE, "settled": "1.00"}, "settled"),
    ("accountant", "/payments", {**PAYMENT, "amount": "1.005"}, "amount"),
    ("accountant", "/payments", {**PAYMENT, "amount": 100}, "amount"),
    ("accountant", "/payments", {**PAYMENT, "amount": "-1.00"}, "amount"),
    ("accountant", "/payments", {**PAYMENT, "amount": "0"}, "amount"),
    ("accountant", "/payments", {**PAYMENT, "currency": "EUR"}, "currency"),
    ("accountant", "/payments", {**PAYMENT, "purpose": "gift"}, "purpose"),
    ("accountant", "/payments", {**PAYMENT, "reference": "a\x00"}, "reference"),
    ("accountant", "/payments", {**PAYMENT, "received_on": "1999-12-31"}, "received_on"),
    ("accountant", "/payments", {**PAYMENT, "allocations": [{**PART, "amount": "0.00"}]}, "allocations.0.amount"),
    ("accountant", "/payments", {**PAYMENT, "allocations": [PART] * 201}, "allocations"),
    ("accountant", f"/payments/{ID}/allocations", {"allocations": []}, "allocations"),
    (
        "accountant",
        f"/payments/{ID}/allocations",
        {"allocations": [{**PART, "amount": "0.00"}]},
        "allocations.0.amount",
    ),
    ("finance", "/ledger/restatement", {"account_id": "x"}, "account_id"),
    ("accountant", f"/payments/{ID}/reversal", {}, "reason"),
    ("accountant", f"/payments/{ID}/reversal", {"reason": "\x00"}, "reason"),
    ("accountant", "/payments/x/reversal", {"reason": "x"}, "payment_id"),
]
QUERIES: list[tuple[str, dict[str, Any], str]] = [
    ("/customers", {"name": "a\x00"}, "name"),
    ("/customers", {"rep": "a b"}, "rep"),
    ("/customers", {"grade": "E"}, "grade"),
    ("/customers", {"limit": 0}, "limit"),
    ("/customers", {"limit": 201}, "limit"),
    ("/customers", {"sort": "limit"}, "sort"),
    ("/customers", {"after": "zzz"}, "after"),
    ("/customers", {"sort": "exposure", "after": "WyJ4IiwieCJd"}, "after"),
    ("/credit-master", {"search": "\x00"}, "search"),
    ("/credit-applications", {"status": "lost"}, "status"),
    ("/invoices", {"due_before": "soon"}, "due_before"),
    ("/invoices", {"is_open": "perhaps"}, "is_open"),
    ("/payments", {"customer_id": "x"}, "customer_id"),
    ("/credit-notes", {"status": "open"}, "status"),
    ("/delivery-notes/x", {}, "note_id"),
]
STORED = ("customers", "credit_accounts", "credit_applications", "invoices", "payments", "ledger_entries", "outbox")


async def test_malformed_bodies_name_the_field_and_store_nothing(office: "Office") -> None:
    for person, path, body, field in ROWS:
        answer = await office.svc.post(path, body, as_=office.as_(person))
        assert answer.status_code == 400, (path, body, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert (problem["slug"], problem["field"]) == ("input-invalid", field), (path, body)
    async with office.svc.database.reader() as reader:
        for stored in STORED:
            assert await reader.scalar(text(f"SELECT count(*) FROM {stored}")) == 0, stored


async def test_malformed_queries_name_the_field(office: "Office") -> None:
    for path, query, field in QUERIES:
        answer = await office.svc.get(path, as_=office.as_("manager"), **query)
        assert (answer.status_code, answer.json()["field"]) == (400, field), (path, query, answer.text)


async def test_a_megabyte_is_refused(office: "Office") -> None:
    body = {**APPLICATION, "reasons": "r" * 1_000_000}
    assert await office.refused("rep1", "/credit-applications", body) == (413, "body-too-large")


async def test_a_problem_speaks_the_callers_language(office: "Office") -> None:
    await office.customer(number="K-1")
    for language, title in (("zh-CN", "客户编号 K-1 已被使用"), ("en", "The customer number K-1 is taken")):
        headers = {**office.as_("rep1"), "Accept-Language": language}
        answer = await office.svc.post("/customers", CUSTOMER, as_=headers)
        assert (answer.status_code, answer.json()["title"]) == (409, title)


async def test_faults_across_fields_speak_the_callers_language(office: "Office") -> None:
    terms = {**CUSTOMER, "terms": {"kind": "prepaid", "days": 30}}
    rows = [
        ("rep1", "/customers", terms, "terms-days", "terms", "天数", "days"),
        ("accountant", "/invoices", {**INVOICE, "lines": [LINE, LINE]}, "line-twice", "lines", "只能出现一次", "once"),
    ]
    for person, path, body, slug, field, zh, en in rows:
        for language, words, other in (("zh-CN", zh, en), ("en", en, zh)):
            headers = {**office.as_(person), "Accept-Language": language}
            answer = await office.svc.post(path, body, as_=headers)
            problem = answer.json()
            assert (answer.status_code, problem["slug"], problem["field"]) == (400, slug, field)
            assert words in problem["title"]
            assert other not in problem["title"]


async def test_a_retry_with_the_same_key_is_one_payment(office: "Office") -> None:
    customer = await office.customer()
    body = {**PAYMENT, "customer_id": customer["id"]}
    answers = [await office.svc.post("/payments", body, as_=office.as_("accountant"), key="one") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert (await office.account(customer))["receivable"] == "-1.00"
