"""The same key is the same operation, once."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, text

from fangxing.roles import Role
from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.toy.tables import NoteRow
from fangxing_testing.waiting import eventually

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
NOTE = {"text": "note", "amount": "10.00"}


async def notes(writer: ServiceUnderTest) -> int:
    async with writer.database.reader() as connection:
        return await connection.scalar(select(func.count()).select_from(NoteRow)) or 0


async def write(writer: ServiceUnderTest, who: str = "wang", key: str | None = None, **json: Any) -> httpx.Response:
    return await writer.post(
        "/notes", {**NOTE, **json}, as_=writer.identities.headers(who, Role.SALES_MANAGER), key=key
    )


async def test_the_same_key_and_body_get_the_same_answer_and_one_effect(writer: ServiceUnderTest) -> None:
    first, again = [await write(writer, key="k") for _ in range(2)]
    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, first.content)
    assert again.headers["content-type"] == first.headers["content-type"]
    assert ("idempotency-replayed" in first.headers, again.headers["idempotency-replayed"]) == (False, "true")
    assert await notes(writer) == 1
    assert len(await writer.published()) == 1


async def test_another_body_under_the_same_key_is_refused(writer: ServiceUnderTest) -> None:
    await write(writer, key="k")
    answer = await write(writer, key="k", amount="11.00")
    assert (answer.status_code, answer.json()["slug"]) == (422, "idempotency-key-reused")
    assert await notes(writer) == 1


async def test_a_key_belongs_to_its_principal_and_its_route(writer: ServiceUnderTest) -> None:
    first = await write(writer, "wang", key="k")
    assert (await write(writer, "li", key="k")).status_code == 201
    amended = await writer.post(
        f"/notes/{first.json()['id']}/amendments",
        {"amount": "11.00"},
        as_=writer.identities.headers("wang", Role.SALES_MANAGER),
        key="k",
    )
    assert amended.status_code == 200
    assert await notes(writer) == 2


@pytest.mark.parametrize(
    ("key", "slug"),
    [(None, "missing"), ("", "missing"), ("a b", "malformed"), ("k" * 129, "malformed"), ("键", "malformed")],
)
async def test_a_key_that_is_missing_or_malformed_is_refused(
    writer: ServiceUnderTest, key: str | None, slug: str
) -> None:
    headers: dict[str, Any] = dict(writer.identities.headers("wang", Role.SALES_REP))
    if key is not None:
        headers["Idempotency-Key"] = key.encode()
    answer = await writer.client.post("/notes", json=NOTE, headers=headers)
    assert (answer.status_code, answer.json()["slug"]) == (400, f"idempotency-key-{slug}")
    assert answer.json()["field"] == "Idempotency-Key"
    assert await notes(writer) == 0


async def test_an_error_is_not_stored_and_the_retry_runs(writer: ServiceUnderTest) -> None:
    assert (await write(writer, key="k", text="cursed")).status_code == 409
    assert (await write(writer, key="k", amount="wrong")).status_code == 400
    assert (await write(writer, key="k")).status_code == 201
    assert await notes(writer) == 1


async def test_a_request_with_a_key_in_progress_is_told_so_and_the_first_one_is_answered(
    writer: ServiceUnderTest,
) -> None:
    note = (await write(writer)).json()

    async def amend() -> httpx.Response:
        who = writer.identities.headers("wang", Role.SALES_MANAGER)
        return await writer.post(f"/notes/{note['id']}/amendments", {"amount": "12.00"}, as_=who, key="k")

    async with writer.database.transaction() as holder:
        await holder.execute(select(NoteRow).with_for_update())
        first = asyncio.create_task(amend())

        async def it_waits() -> bool:
            async with writer.database.reader() as reader:
                return bool(await reader.scalar(text(WAITING)))

        await eventually(it_waits)
        second = await amend()
        assert (second.status_code, second.json()["slug"]) == (409, "request-in-progress")
    assert (await first).status_code == 200
    replayed = await amend()
    assert (replayed.headers["idempotency-replayed"], replayed.json()["version"]) == ("true", 2)


async def test_many_at_once_with_one_key_have_one_effect(writer: ServiceUnderTest) -> None:
    answers = await asyncio.gather(*(write(writer, key="k") for _ in range(12)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    bodies = {answer.content for answer in answers if answer.status_code == 201}
    assert len(bodies) == 1
    assert await notes(writer) == 1


async def test_a_refused_caller_learns_nothing_of_a_stored_answer(writer: ServiceUnderTest) -> None:
    await write(writer, key="k")
    answer = await writer.post("/notes", NOTE, as_=writer.identities.headers("wang", Role.GATE_GUARD), key="k")
    assert answer.status_code == 403
