"""Whatever comes in, the answer is a problem with a slug and a field, and nothing is stored."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select

from fangxing.roles import Role
from fangxing.running.devices import enrol
from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.identity import device_headers
from fangxing_testing.toy.tables import NoteRow

NOTE: dict[str, Any] = {"text": "note", "amount": "10.00"}
BAD: dict[str, tuple[Any, str, str]] = {
    "three decimals": ({"amount": "10.001"}, "amount", "decimal-places"),
    "a JSON float": ({"amount": 10.5}, "amount", "decimal-string"),
    "a JSON integer": ({"amount": 10}, "amount", "decimal-string"),
    "an exponent": ({"amount": "1e3"}, "amount", "decimal-string"),
    "digits of another script": ({"amount": "１２.00"}, "amount", "decimal-string"),
    "not a number": ({"amount": "NaN"}, "amount", "decimal-string"),
    "a negative amount": ({"amount": "-0.01"}, "amount", "greater-than"),
    "zero": ({"amount": "0.00"}, "amount", "greater-than"),
    "too many digits": ({"amount": "1" * 13}, "amount", "decimal-string"),
    "another currency": ({"currency": "USD"}, "currency", "literal-error"),
    "NUL": ({"text": "a\x00b"}, "text", "control-character"),
    "a newline": ({"text": "a\nb"}, "text", "line-break"),
    "a zero-width space": ({"text": "a\u200bb"}, "text", "invisible-character"),
    "an empty text": ({"text": "  "}, "text", "string-too-short"),
    "a long text": ({"text": "x" * 201}, "text", "string-too-long"),
    "a number for a text": ({"text": 5}, "text", "string-type"),
    "null": ({"amount": None}, "amount", "decimal-string"),
    "an unknown field": ({"colour": "red"}, "colour", "extra-forbidden"),
}


def problem(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["status"], body["slug"]) == (status, status, slug), body
    assert body["type"] == f"urn:fangxing:problem:{slug}"
    return body


async def nothing_stored(writer: ServiceUnderTest) -> bool:
    async with writer.database.reader() as connection:
        return await connection.scalar(select(func.count()).select_from(NoteRow)) == 0


def rep(writer: ServiceUnderTest) -> dict[str, str]:
    return writer.identities.headers("wang", Role.SALES_REP)


async def test_every_bad_field_is_named_in_chinese_and_in_english(writer: ServiceUnderTest) -> None:
    for what, (change, field, slug) in BAD.items():
        for language, word in (("zh-CN", "输入有误"), ("en-GB, zh;q=0.5", "not valid")):
            headers = {**rep(writer), "Accept-Language": language}
            body = problem(await writer.post("/notes", {**NOTE, **change}, as_=headers), 400, "input-invalid")
            assert word in body["title"], what
            assert (body["field"], body["fields"][0]["slug"]) == (field, slug), what
            chinese = any("\u4e00" <= character <= "\u9fff" for character in body["fields"][0]["text"])
            assert chinese is language.startswith("zh"), (what, body["fields"])
    assert await nothing_stored(writer)


BODIES = [
    b"{",
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"text": NaN}',
    b'{"text": "\\ud800", "amount": "1.00"}',
]


async def test_a_body_that_is_not_the_json_asked_for_is_a_problem(writer: ServiceUnderTest) -> None:
    headers = {**rep(writer), "Idempotency-Key": "k", "Content-Type": "application/json"}
    for content in BODIES:
        answer = await writer.client.post("/notes", content=content, headers=headers)
        assert answer.headers["content-type"] == "application/problem+json", content[:20]
        assert answer.status_code == 400, content[:20]
        assert answer.json()["slug"] in ("input-invalid", "body-unreadable"), content[:20]
    assert await nothing_stored(writer)


async def chunks(size: int) -> AsyncIterator[bytes]:
    yield b'{"text": "'
    for _ in range(size // 1000):
        yield b"x" * 1000
    yield b'"}'


async def test_a_body_of_a_megabyte_is_refused_declared_or_not(writer: ServiceUnderTest) -> None:
    headers = {**rep(writer), "Idempotency-Key": "k", "Content-Type": "application/json"}
    for path in ("/notes", "/wishes"):
        for content in (b"x" * 1_000_000, chunks(1_000_000)):
            body = problem(await writer.client.post(path, content=content, headers=headers), 413, "body-too-large")
            assert body["field"] == "body"
    assert await nothing_stored(writer)


@pytest.mark.parametrize("sequence", [True, "5", 5.0, None])
async def test_a_number_in_another_coat_is_refused(writer: ServiceUnderTest, sequence: object) -> None:
    async with writer.database.transaction() as tx:
        _, key = await enrol(tx, device="s-1", kind="scanner", place="w1", by="li", now=datetime.now(UTC))
    answer = await writer.post("/scans", {"sequence": sequence, "code": "a"}, as_=device_headers(key))
    assert problem(answer, 400, "input-invalid")["fields"] == [
        {"field": "sequence", "slug": "int-type", "text": "须为整数"}
    ]


async def test_json_that_does_not_say_so_is_no_body(writer: ServiceUnderTest) -> None:
    headers = {**rep(writer), "Idempotency-Key": "k", "Content-Type": "text/plain"}
    answer = await writer.client.post("/notes", content=json.dumps(NOTE), headers=headers)
    assert problem(answer, 400, "input-invalid")["field"] == "body"
    assert await nothing_stored(writer)


async def test_an_unknown_address_and_a_wrong_method_are_problems(writer: ServiceUnderTest) -> None:
    problem(await writer.get("/nowhere"), 404, "no-such-address")
    wrong = await writer.client.delete("/notes")
    problem(wrong, 405, "method-not-allowed")
    assert set(wrong.headers["allow"].replace(" ", "").split(",")) & {"GET", "POST"}


async def test_a_bad_id_a_bad_page_and_a_bad_sort_are_problems(writer: ServiceUnderTest) -> None:
    manager = writer.identities.headers("li", Role.SALES_MANAGER)
    body = problem(await writer.post("/notes/7/amendments", {"amount": "1.00"}, as_=manager), 400, "input-invalid")
    assert body["field"] == "note_id"
    problem(await writer.get("/notes", as_=manager, limit=0), 400, "input-invalid")
    problem(await writer.get("/notes", as_=manager, sort="colour"), 400, "sort-unknown")
    for cursor in ("x", "WyJhIiwiYiJd", "WyIxIl0=", "bnVsbA==", "é"):
        problem(await writer.get("/notes", as_=manager, after=cursor), 400, "cursor-invalid")


async def test_nul_in_a_query_is_a_problem_of_the_caller(writer: ServiceUnderTest) -> None:
    problem(await writer.get("/tasks", as_=rep(writer), document="a\x00b"), 400, "input-invalid")


async def test_a_whole_number_no_column_holds_is_refused_with_its_field(writer: ServiceUnderTest) -> None:
    async with writer.database.transaction() as tx:
        _, key = await enrol(tx, device="s-1", kind="scanner", place="w1", by="li", now=datetime.now(UTC))
    for sequence in (2**31, 2**63, 2**70, -(2**70), 10**1000):
        answer = await writer.post("/scans", {"sequence": sequence, "code": "a"}, as_=device_headers(key))
        assert problem(answer, 400, "input-invalid")["field"] == "sequence"
    assert (await writer.post("/scans", {"sequence": 2**31 - 1, "code": "a"}, as_=device_headers(key))).is_success


async def test_a_value_the_database_cannot_hold_is_a_problem_of_the_caller(writer: ServiceUnderTest) -> None:
    for language, word in (("zh", "超出范围"), ("en", "out of range")):
        traced = {**rep(writer), "traceparent": "0" * 200, "Accept-Language": language}
        assert word in problem(await writer.post("/notes", NOTE, as_=traced), 400, "value-out-of-range")["title"]
    assert await nothing_stored(writer)


async def test_pages_neither_skip_nor_repeat_whatever_the_sort(writer: ServiceUnderTest) -> None:
    for number in range(7):
        await writer.post("/notes", {"text": f"n{number % 3}", "amount": f"{number % 2 + 1}.00"}, as_=rep(writer))
    for sort in ("id", "-id", "amount", "-amount", "text", "-text"):
        seen: list[dict[str, Any]] = []
        after: str | None = ""
        while after is not None:
            query = {"after": after} if after else {}
            page = (await writer.get("/notes", as_=rep(writer), sort=sort, limit=2, **query)).json()
            seen += page["items"]
            after = page["next"]
        assert len({note["id"] for note in seen}) == len(seen) == 7
        column = [note[sort.removeprefix("-")] for note in seen]
        assert column == sorted(column, reverse=sort.startswith("-"))


UNTYPED = {
    "one more than 64 bits": str(2**63),
    "less than 64 bits": str(-(2**63) - 1),
    "a number of 400 digits": "9" * 400,
    "NaN": "NaN",
    "infinity": "-Infinity",
    "a float larger than any": "1e400",
    "NUL": '"a\\u0000b"',
    "NUL in a key": '{"a\\u0000b": 1}',
    "half a character": '"\\ud800"',
    "half a character as a key": '{"\\udc00": 1}',
    "300 lists": "[" * 300 + "]" * 300,
}


@pytest.mark.parametrize("value", UNTYPED.values(), ids=UNTYPED)
async def test_json_of_any_shape_is_refused_where_nobody_could_keep_it(writer: ServiceUnderTest, value: str) -> None:
    """A policy's value and a dead letter's repaired body, as such and deep within."""
    finance = writer.identities.headers("sun", Role.FINANCE_MANAGER, Role.ADMINISTRATOR)
    headers = {**finance, "Content-Type": "application/json"}
    for raw in (value, f'{{"a": [{value}]}}'):
        asked = {
            "/policies/toy.unset/versions": f'{{"effective_from": "2026-03-09", "value": {raw}}}',
            f"/dead-letters/{uuid4()}/proposals": (
                f'{{"remedy": "repair", "because": "x", "repaired_body": {{"a": {raw}}}}}'
            ),
        }
        for path, content in asked.items():
            keyed = {**headers, "Idempotency-Key": uuid4().hex}
            answer = await writer.client.post(path, content=content, headers=keyed)
            assert problem(answer, 400, "input-invalid")["field"] in ("value", "repaired_body", "body"), path
