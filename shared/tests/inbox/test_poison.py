"""Poison never blocks and never vanishes: kept with its bytes, repaired or given up, while everything else flows."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from fangxing import settling
from fangxing.auth import Principal
from fangxing.bus import Delivery, Message
from fangxing.bus.letters import DeadLetter, Remedy
from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.toy.tables import HeardRow

FACT = "toy.NoteWritten.v1"
GOOD = {"note": "a", "version": 1, "text": "said"}

POISON: dict[str, tuple[str, Any, str]] = {
    "bad JSON": (FACT, b'{"note": "a", "ver', "body"),
    "not an object": (FACT, b"[1, 2]", "JSON object"),
    "not UTF-8": (FACT, b'{"note": "\xff"}', "body"),
    "an unknown version of a known type": ("toy.NoteWritten.v2", GOOD, "unknown version"),
    "a missing field": (FACT, {"note": "a", "version": 1}, "text"),
    "a number where money must be text": (FACT, {**GOOD, "amount": 1.5}, "amount"),
    "a broken rule": (FACT, {**GOOD, "text": "unheard of"}, "unheard-of"),
    "a violated constraint": (FACT, {**GOOD, "amount": "-1.00"}, "ck_heard_amount"),
    "a number the column cannot hold": (FACT, {**GOOD, "version": 2**40}, "int32"),
    "a text the column cannot hold": (FACT, {**GOOD, "text": "x" * 300}, "too long"),
    "a NUL character": (FACT, {**GOOD, "text": "a\x00b"}, "0x00"),
}


async def letters(reader: ServiceUnderTest) -> list[RowMapping]:
    async with reader.database.reader() as connection:
        rows = await connection.execute(select(DeadLetter.__table__).order_by(DeadLetter.id))
        return list(rows.mappings())


async def heard(reader: ServiceUnderTest) -> list[tuple[str, int]]:
    async with reader.database.reader() as connection:
        rows = await connection.execute(select(HeardRow.note, HeardRow.version).order_by(HeardRow.seq))
        return [(row.note, row.version) for row in rows]


async def say(reader: ServiceUnderTest, note: str, version: int, text: str = "said") -> None:
    data = {"note": note, "version": version, "text": text}
    await reader.deliver(FACT, data, key=note, document=f"note/{note}", version=version)


async def retry(reader: ServiceUnderTest, letter: RowMapping, body: bytes | None = None) -> bool:
    if body is not None:
        return await by_two(reader, letter, Remedy.REPAIR, body)
    async with reader.runtime.unit_of_work() as unit:
        row = await unit.tx.get_one(DeadLetter, letter["id"])
        return await settling.retry(unit, reader.service.consumers, row)


async def discard(reader: ServiceUnderTest, letter: RowMapping) -> None:
    await by_two(reader, letter, Remedy.DISCARD)


async def by_two(reader: ServiceUnderTest, letter: RowMapping, remedy: Remedy, repaired: bytes | None = None) -> bool:
    first, second = (Principal(name, name, frozenset()) for name in ("wang", "li"))
    async with reader.runtime.unit_of_work(first) as unit:
        row = await unit.tx.get_one(DeadLetter, letter["id"])
        await settling.propose(unit, row, remedy, "tried", repaired)
    async with reader.runtime.unit_of_work(second) as unit:
        row = await unit.tx.get_one(DeadLetter, letter["id"])
        return await settling.confirm(unit, reader.service.consumers, row)


async def test_poison_is_kept_with_its_bytes_and_its_document_waits_behind_it(reader: ServiceUnderTest) -> None:
    for number, (what, (event_type, data, reason)) in enumerate(POISON.items()):
        ill, well = f"ill-{number}", f"well-{number}"
        delivery = await reader.deliver(event_type, data, key=ill, document=f"note/{ill}", version=1)
        await say(reader, ill, 2)
        await say(reader, well, 1)
        poison, parked = (await letters(reader))[-2:]
        assert (poison["status"], poison["version"], poison["document"]) == ("poison", 1, f"note/{ill}"), what
        assert poison["received_body"] == delivery.message.value, what
        assert reason in poison["reason"], what
        assert (parked["status"], parked["version"]) == ("parked", 2), what
    assert await heard(reader) == [(f"well-{number}", 1) for number in range(len(POISON))]


async def test_neither_the_reason_nor_a_log_says_what_was_in_the_message(
    reader: ServiceUnderTest, capsys: pytest.CaptureFixture[str]
) -> None:
    secrets = ("76543.21", "1099511627776", "不可外传")
    hidden = [{**GOOD, "text": "不可外传", "amount": amount} for amount in ("-76543.21", 76543.21)]
    hidden += [{**GOOD, "text": "不可外传" * 80}, {**GOOD, "version": 1099511627776}, {**GOOD, "version": ["不可外传"]}]
    for number, data in enumerate(hidden):
        await reader.deliver(FACT, data, key="k", document=f"note/{number}", version=1)
    kept = await letters(reader)
    assert [letter["status"] for letter in kept] == ["poison"] * len(hidden)
    told = capsys.readouterr().out
    assert told.count("handler.failed") == 3
    assert [text for text in (told, *(letter["reason"] for letter in kept)) for one in secrets if one in text] == []


def broken(delivery: Delivery, **headers: bytes | None) -> Delivery:
    changed = {**dict(delivery.message.headers), **headers}
    kept = tuple((name, value) for name, value in changed.items() if value is not None)
    return Delivery(delivery.topic, 0, delivery.offset, Message(delivery.message.key, kept, delivery.message.value))


UNREADABLE: list[dict[str, bytes | None]] = [
    {"ce_id": b"not a uuid"},
    {"ce_id": None},
    {"ce_type": None},
    {"ce_time": b"yesterday"},
    {"ce_source": b"\xff\xfe"},
    {"ce_documentversion": b"first"},
    {"ce_documentversion": b"0"},
    {"ce_documentversion": b"99999999999"},
    {"ce_positionversion": b"one.two"},
    {"ce_positionversion": b"1.99999999999999999999"},
    {"ce_subject": b"note/" + b"x" * 200},
    {"ce_subject": b"note/\x00"},
    {"ce_subject": None},
    {"ce_type": b"toy." + b"x" * 200},
    {"extra": b"nul \x00 inside", "ce_id": b"not a uuid"},
]


async def test_headers_that_cannot_be_read_are_kept_and_block_nobody(reader: ServiceUnderTest) -> None:
    for headers in UNREADABLE:
        delivery = reader.delivery(FACT, GOOD, key="a", document="note/a", version=1)
        await reader.receive(broken(delivery, **headers))
        letter = (await letters(reader))[-1]
        assert (letter["status"], letter["received_body"]) == ("poison", delivery.message.value), headers
        assert await retry(reader, letter) is False, headers
        await discard(reader, letter)
    assert [letter["status"] for letter in await letters(reader)] == ["discarded"] * len(UNREADABLE)
    assert await heard(reader) == []


async def test_headers_that_cannot_be_read_are_kept_once_however_often_they_come(reader: ServiceUnderTest) -> None:
    unreadable = broken(reader.delivery(FACT, GOOD, key="a", document="note/a", version=1), ce_id=None)
    other = broken(reader.delivery(FACT, GOOD, key="a", document="note/a", version=1), ce_id=None)
    for delivery in (unreadable, unreadable, other):
        await reader.receive(delivery)
    assert [letter["offset"] for letter in await letters(reader)] == [unreadable.offset, other.offset]
    await discard(reader, (await letters(reader))[0])
    await reader.receive(unreadable)
    assert [letter["status"] for letter in await letters(reader)] == ["discarded", "poison"]


async def test_a_strange_key_blocks_nobody(reader: ServiceUnderTest) -> None:
    for key in ("k" * 500, "k\x00k", ""):
        delivery = reader.delivery(FACT, b"not json", key="a", document="note/a")
        await reader.receive(
            Delivery("toy", 0, delivery.offset, Message(key, delivery.message.headers, delivery.message.value))
        )
    assert [letter["status"] for letter in await letters(reader)] == ["poison"] * 3


async def test_a_repaired_letter_takes_effect_and_what_was_parked_follows(reader: ServiceUnderTest) -> None:
    await reader.deliver(FACT, b'{"broken', key="a", document="note/a", version=1)
    for version in (2, 3):
        await say(reader, "a", version)
    poison, parked, _ = await letters(reader)
    assert await retry(reader, parked) is False
    assert await retry(reader, poison) is False
    assert await heard(reader) == []
    assert await retry(reader, poison, b'{"note": "a", "version": 1, "text": "repaired"}') is True
    assert await heard(reader) == [("a", 1), ("a", 2), ("a", 3)]
    after = await letters(reader)
    assert [letter["status"] for letter in after] == ["settled"] * 3
    assert after[0]["received_body"] == b'{"broken'


async def test_a_retry_that_fails_leaves_the_same_letter_waiting_with_the_new_reason(reader: ServiceUnderTest) -> None:
    await reader.deliver(FACT, b'{"broken', key="a", document="note/a", version=1)
    [letter] = await letters(reader)
    assert await retry(reader, letter, b'{"note": "a", "version": 1, "text": "unheard of"}') is False
    [again] = await letters(reader)
    assert (again["id"], again["status"], again["attempts"]) == (letter["id"], "poison", 2)
    assert again["received_body"] == b'{"broken'
    assert "unheard-of" in again["reason"]
    assert await heard(reader) == []


async def test_poison_among_the_parked_stops_the_drain_there(reader: ServiceUnderTest) -> None:
    for version, text in [(2, "said"), (3, "unheard of"), (4, "said"), (1, "said")]:
        await say(reader, "a", version, text)
    assert await heard(reader) == [("a", 1), ("a", 2)]
    waiting = [(row["status"], row["version"]) for row in await letters(reader) if row["status"] != "settled"]
    assert sorted(waiting) == [("parked", 4), ("poison", 3)]


async def test_a_discarded_letter_counts_as_taken_and_what_was_parked_follows(reader: ServiceUnderTest) -> None:
    await say(reader, "a", 1, "unheard of")
    await say(reader, "a", 2)
    poison, _ = await letters(reader)
    await discard(reader, poison)
    assert await heard(reader) == [("a", 2)]
    assert [letter["status"] for letter in await letters(reader)] == ["discarded", "settled"]


async def test_a_parked_letter_may_be_discarded_without_blocking_what_comes_after_it(reader: ServiceUnderTest) -> None:
    for version in (2, 3):
        await say(reader, "a", version)
    await discard(reader, (await letters(reader))[0])
    await say(reader, "a", 1)
    await say(reader, "a", 4)
    assert await heard(reader) == [("a", 1), ("a", 3), ("a", 4)]
