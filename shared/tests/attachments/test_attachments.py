"""Attachments over HTTP: sent, linked, read by whoever sees the document, gone after a day where none refers."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from fangxing.attachments import attaching
from fangxing.attachments.attaching import UNLINKED_FOR
from fangxing.attachments.files import Files
from fangxing.errors import DomainError
from fangxing.ids import new_id
from fangxing.roles import Role
from fangxing.running import worker
from fangxing_testing.harness import FixedClock, ServiceUnderTest
from fangxing_testing.sent import pdf, photo


async def send(
    svc: ServiceUnderTest, as_: Mapping[str, str], content: bytes, name: str = "照片.jpg", key: str | None = None
) -> httpx.Response:
    """Send a file."""
    headers = {"Idempotency-Key": key or uuid4().hex, "Content-Type": "application/octet-stream", **as_}
    return await svc.client.post("/attachments", params={"name": name}, headers=headers, content=content)


@pytest.fixture
def rep(writer: ServiceUnderTest) -> dict[str, str]:
    """A rep."""
    return writer.identities.headers("rep", Role.SALES_REP)


async def paper_of(writer: ServiceUnderTest, rep: dict[str, str]) -> str:
    """A paper of the rep's; its path."""
    answer = await writer.post("/papers", {"title": "便条"}, as_=rep)
    return f"/papers/{answer.json()['id']}/attachments"


async def test_a_file_is_sent_linked_and_read(writer: ServiceUnderTest, rep: dict[str, str]) -> None:
    content = pdf()
    sent = (await send(writer, rep, content, "合同 一.pdf")).json()
    assert (sent["name"], sent["media_type"], sent["size"]) == ("合同 一.pdf", "application/pdf", len(content))
    assert sent["sha256"] == hashlib.sha256(content).hexdigest()
    path = await paper_of(writer, rep)
    assert (await writer.get(path, as_=rep)).json() == []
    linked = await writer.post(path, {"attachments": [sent["id"]]}, as_=rep)
    assert (linked.status_code, linked.json()) == (201, [sent])
    guard = writer.identities.headers("guard", Role.GATE_GUARD)
    read = await writer.get(f"{path}/{sent['id']}", as_=guard)
    assert read.content == content
    assert read.headers["content-type"] == "application/pdf"
    assert read.headers["content-disposition"] == "attachment; filename*=UTF-8''%E5%90%88%E5%90%8C%20%E4%B8%80.pdf"
    assert read.headers["content-security-policy"] == "sandbox; default-src 'none'"


async def test_the_same_file_sent_again_after_bad_radio_is_there_once(
    writer: ServiceUnderTest, rep: dict[str, str]
) -> None:
    first, again = [(await send(writer, rep, photo(), key="photo-1-of-truck")).json() for _ in range(2)]
    assert first == again


async def test_what_somebody_else_sent_is_not_linked_and_a_foreign_one_not_read(
    writer: ServiceUnderTest, rep: dict[str, str]
) -> None:
    other = writer.identities.headers("other", Role.SALES_REP)
    foreign = (await send(writer, other, photo())).json()
    path = await paper_of(writer, rep)
    for wrong in (foreign["id"], str(uuid4())):
        answer = await writer.post(path, {"attachments": [wrong]}, as_=rep)
        assert (answer.status_code, answer.json()["slug"]) == (404, "attachment-not-found")
    assert (await writer.get(f"{path}/{foreign['id']}", as_=rep)).json()["slug"] == "attachment-not-found"
    nowhere = await writer.get(f"/papers/{uuid4()}/attachments", as_=rep)
    assert (nowhere.status_code, nowhere.json()["slug"]) == (404, "paper-not-found")


async def test_a_refused_file_leaves_nothing(writer: ServiceUnderTest, rep: dict[str, str]) -> None:
    for content, name, slug in (
        (b"<svg/>", "a.svg", "attachment-type-not-taken"),
        (photo(), "../a.jpg", "attachment-name-is-a-path"),
        (b"", "a.jpg", "attachment-empty"),
    ):
        answer = await send(writer, rep, content, name)
        assert (answer.status_code, answer.json()["slug"]) == (400, slug)
    large = await send(writer, rep, bytes(20 * 1024 * 1024 + 1))
    assert (large.status_code, large.json()["slug"]) == (413, "body-too-large")
    assert await on_disk(writer) == set()


async def on_disk(writer: ServiceUnderTest) -> set[UUID]:
    """The files there are."""
    return set(await writer.runtime.files.older_than(writer.runtime.clock.system.now() + timedelta(days=36500)))


async def test_linked_to_nothing_after_a_day_it_is_removed(
    writer: ServiceUnderTest, rep: dict[str, str], clock: FixedClock
) -> None:
    kept, gone = [UUID((await send(writer, rep, photo())).json()["id"]) for _ in range(2)]
    path = await paper_of(writer, rep)
    await writer.post(path, {"attachments": [str(kept)]}, as_=rep)
    clock.advance(seconds=UNLINKED_FOR.total_seconds())
    await worker.forget_unlinked(writer.runtime)
    assert await on_disk(writer) == {kept, gone}
    clock.advance(seconds=1)
    await worker.forget_unlinked(writer.runtime)
    assert await on_disk(writer) == {kept}
    late = await writer.post(path, {"attachments": [str(gone)]}, as_=rep)
    assert late.json()["slug"] == "attachment-not-found"
    assert (await writer.get(f"{path}/{kept}", as_=rep)).status_code == 200


async def test_bytes_whose_request_was_never_stored_are_swept(writer: ServiceUnderTest, clock: FixedClock) -> None:
    orphan = new_id()
    await writer.runtime.files.put(orphan, b"x")
    clock.advance(days=36500)
    await worker.forget_unlinked(writer.runtime)
    assert await on_disk(writer) == set()


async def test_a_file_that_is_gone_already_keeps_no_other_from_being_removed(writer: ServiceUnderTest) -> None:
    gone, there = new_id(), new_id()
    await writer.runtime.files.put(there, b"x")
    await writer.runtime.files.remove([gone, there])
    assert await on_disk(writer) == set()


async def test_however_many_files_there_are_the_unknown_ones_are_found(writer: ServiceUnderTest) -> None:
    ids = [new_id() for _ in range(40_000)]
    async with writer.runtime.unit_of_work() as unit:
        assert await attaching.unknown(unit, ids) == ids


async def test_a_store_that_is_away_is_said_and_nothing_is_half_stored(
    writer: ServiceUnderTest, rep: dict[str, str]
) -> None:
    writer.runtime.files = Files(None)
    answer = await send(writer, rep, photo())
    assert (answer.status_code, answer.json()["slug"]) == (503, "attachments-unavailable")
    assert answer.headers["retry-after"]
    with pytest.raises(DomainError):
        await Files(None).put(new_id(), b"x")


def routes(answer: dict[str, Any]) -> list[str]:
    """The addresses of an API's document."""
    return [path for path in answer["paths"] if path.endswith("attachments")]


async def test_the_document_says_what_is_sent(writer: ServiceUnderTest) -> None:
    document = (await writer.get("/openapi.json")).json()
    assert {"/papers/{document_id}/attachments", "/attachments"} <= set(routes(document))
    upload = document["paths"]["/attachments"]["post"]
    assert upload["requestBody"]["content"] == {
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
    }
