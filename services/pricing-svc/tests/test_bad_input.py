"""Bad input: a clear problem with the field, in the caller's language, and nothing stored."""

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

if TYPE_CHECKING:
    from conftest import Desk

ID = "00000000-0000-7000-8000-000000000000"
PRODUCT = {"code": "X-1", "name": "丝", "family": "FDY", "mass_produced_since": None}
PROPOSAL = {"product_id": ID, "base_price": "8000.00", "reason": "strategy", "evidence": "seen"}
OPINION = {"side": "finance", "cost_per_ton": "1.00", "opinion": "fine"}
BAND = {"role": "sales_rep", "percent_below": "3.00", "percent_above": "5.00"}
TABLE = {"family": "FDY", "bands": [BAND, {**BAND, "role": "sales_manager"}]}
DECISION = {"decision": "approve", "seen_hash": "0" * 64}

ROWS: list[tuple[str, str, Any, str]] = [
    ("production", "/products", {**PRODUCT, "code": ""}, "code"),
    ("production", "/products", {**PRODUCT, "code": "一号"}, "code"),
    ("production", "/products", {**PRODUCT, "code": "A" * 65}, "code"),
    ("production", "/products", {**PRODUCT, "name": "nul\x00"}, "name"),
    ("production", "/products", {**PRODUCT, "name": "   "}, "name"),
    ("production", "/products", {**PRODUCT, "name": "n" * 201}, "name"),
    ("production", "/products", {**PRODUCT, "family": None}, "family"),
    ("production", "/products", {**PRODUCT, "mass_produced_since": "2026-02-30"}, "mass_produced_since"),
    ("production", "/products", {**PRODUCT, "base_price": "1.00"}, "base_price"),
    ("production", "/products", [], "body"),
    ("production", f"/products/{ID}/production-records", {"stage": "sold", "since": "2026-01-01"}, "stage"),
    ("production", f"/products/{ID}/production-records", {"stage": "trial"}, "since"),
    ("production", "/products/abc/production-records", {"stage": "trial", "since": "2026-01-01"}, "product_id"),
    ("rep", "/price-proposals", {**PROPOSAL, "base_price": "8000.001"}, "base_price"),
    ("rep", "/price-proposals", {**PROPOSAL, "base_price": "0.00"}, "base_price"),
    ("rep", "/price-proposals", {**PROPOSAL, "base_price": "-1.00"}, "base_price"),
    ("rep", "/price-proposals", {**PROPOSAL, "base_price": 8000}, "base_price"),
    ("rep", "/price-proposals", {**PROPOSAL, "base_price": "1e3"}, "base_price"),
    ("rep", "/price-proposals", {**PROPOSAL, "base_price": "1234567890123.00"}, "base_price"),
    ("rep", "/price-proposals", {**PROPOSAL, "currency": "USD"}, "currency"),
    ("rep", "/price-proposals", {**PROPOSAL, "reason": "whim"}, "reason"),
    ("rep", "/price-proposals", {**PROPOSAL, "evidence": "\x00"}, "evidence"),
    ("rep", "/price-proposals", {**PROPOSAL, "evidence": "e" * 4001}, "evidence"),
    ("rep", "/price-proposals", {**PROPOSAL, "flow": "adjustment"}, "flow"),
    ("rep", "/price-proposals", {**PROPOSAL, "status": "standard"}, "status"),
    ("rep", "/price-proposals", {**PROPOSAL, "product_id": "x"}, "product_id"),
    ("rep", f"/price-proposals/{ID}/submission", {}, "base_price"),
    ("rep", f"/price-proposals/{ID}/submission", {"base_price": "1.00", "currency": "EUR"}, "currency"),
    ("accountant", f"/price-proposals/{ID}/opinions", {**OPINION, "cost_per_ton": "0.00"}, "cost_per_ton"),
    ("accountant", f"/price-proposals/{ID}/opinions", {**OPINION, "side": "sales"}, "side"),
    ("accountant", f"/price-proposals/{ID}/opinions", {**OPINION, "currency": "USD"}, "currency"),
    ("accountant", f"/price-proposals/{ID}/opinions", {**OPINION, "opinion": ""}, "opinion"),
    ("gm", f"/price-proposals/{ID}/decisions", {**DECISION, "decision": "maybe"}, "decision"),
    ("gm", f"/price-proposals/{ID}/decisions", {**DECISION, "seen_hash": "x"}, "seen_hash"),
    ("gm", f"/price-proposals/{ID}/decisions", {**DECISION, "comment": "\x07"}, "comment"),
    ("manager", "/authority-tables", {**TABLE, "bands": [{**BAND, "role": "general_manager"}]}, "bands.0.role"),
    ("manager", "/authority-tables", {**TABLE, "bands": [{**BAND, "percent_below": 3}]}, "bands.0.percent_below"),
    ("manager", "/authority-tables", {**TABLE, "bands": [BAND] * 11}, "bands"),
    ("manager", "/authority-tables", {**TABLE, "family": "a b"}, "family"),
    ("manager", "/authority-tables", {**TABLE, "effective_from": "soon"}, "effective_from"),
]


async def test_malformed_bodies_name_the_field_and_store_nothing(desk: "Desk") -> None:
    for person, path, body, field in ROWS:
        answer = await desk.send(person, path, body)
        assert answer.status_code == 400, (path, body, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert (problem["slug"], problem["field"]) == ("input-invalid", field), (path, body)
    async with desk.service.database.reader() as reader:
        for stored in ("products", "price_proposals", "authority_tables", "outbox", "approval_cases", "tasks"):
            assert await reader.scalar(text(f"SELECT count(*) FROM {stored}")) == 0, stored


async def test_absent_documents_are_404(desk: "Desk") -> None:
    for person, path, body, slug in [
        ("rep", "/price-proposals", PROPOSAL, "product-not-found"),
        ("rep", f"/price-proposals/{ID}/submission", {"base_price": "1.00"}, "price-proposal-not-found"),
        ("rep", f"/price-proposals/{ID}/withdrawal", {}, "price-proposal-not-found"),
        ("accountant", f"/price-proposals/{ID}/opinions", OPINION, "price-proposal-not-found"),
        ("gm", f"/price-proposals/{ID}/decisions", DECISION, "price-proposal-not-found"),
        ("gm", f"/authority-tables/{ID}/decisions", DECISION, "authority-table-not-found"),
    ]:
        assert await desk.refused(person, path, body) == (404, slug)
    past = {**PROPOSAL, "product_id": (await desk.product())["id"], "effective_from": "2026-03-01"}
    assert await desk.refused("rep", "/price-proposals", past) == (400, "effective-in-past")


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("/products", {"name": "a\x00"}, "name"),
        ("/products", {"code": "a b"}, "code"),
        ("/products", {"lifecycle": "old"}, "lifecycle"),
        ("/products", {"limit": 201}, "limit"),
        ("/products", {"sort": "price"}, "sort"),
        ("/products", {"after": "zzz"}, "after"),
        ("/price-table", {"on": "yesterday"}, "on"),
        ("/price-table", {"family": "\x00"}, "family"),
        ("/price-table/difference", {}, "old"),
        ("/price-proposals", {"status": "lost"}, "status"),
        ("/price-authority", {"on": "2026-13-01"}, "on"),
        ("/price-level", {"product_id": ID, "price": "1.001"}, "price"),
        ("/price-level", {"product_id": ID, "price": "-1"}, "price"),
        ("/price-level", {"product_id": ID, "price": "1.00", "on": "1764028800"}, "on"),
        ("/price-level", {"product_id": ID, "price": "1.00", "day": "2026-03-02"}, "day"),
        ("/price-level", {"product_id": ID}, "price"),
        ("/price-authority", {"on": "1764028800"}, "on"),
        (f"/products/{ID}/prices/difference", {"old": 0, "new": 1}, "old"),
        (f"/products/{ID}/prices/difference", {"old": "1_0", "new": 1}, "old"),
        (f"/products/{ID}/prices/difference", {"old": 1, "new": 2, "now": 3}, "now"),
        (f"/products/{ID}", {"on": "2026-03-02"}, "on"),
        ("/policies", {"on": "2026-03-02"}, "on"),
    ],
)
async def test_malformed_queries_name_the_field(desk: "Desk", path: str, query: dict[str, Any], field: str) -> None:
    answer = await desk.service.get(path, as_=desk.sign_in("gm"), **query)
    assert (answer.status_code, answer.json()["field"]) == (400, field), answer.text


async def test_a_problem_speaks_the_callers_language(desk: "Desk") -> None:
    await desk.product("X-1")
    for language, title in (("zh-CN", "产品编号 X-1 已被使用"), ("en", "The product code X-1 is taken")):
        headers = {**desk.sign_in("production"), "Accept-Language": language}
        answer = await desk.service.post("/products", PRODUCT, as_=headers)
        assert (answer.status_code, answer.json()["title"]) == (409, title)


async def test_a_retry_with_the_same_key_gets_the_first_answer(desk: "Desk") -> None:
    product = await desk.product()
    body = {**PROPOSAL, "product_id": product["id"]}
    headers = desk.sign_in("rep")
    first = await desk.service.post("/price-proposals", body, as_=headers, key="one")
    again = await desk.service.post("/price-proposals", body, as_=headers, key="one")
    assert first.status_code == 201
    assert again.content == first.content
    assert len((await desk.read("/price-proposals"))["items"]) == 1


async def test_a_megabyte_is_refused(desk: "Desk") -> None:
    answer = await desk.send("rep", "/price-proposals", {**PROPOSAL, "evidence": "e" * 1_000_000})
    assert (answer.status_code, answer.json()["slug"]) == (413, "body-too-large")
