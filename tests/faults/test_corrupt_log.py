"""Batches spoilt on the broker's disk, as no producer could send them: what is behind them takes effect."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fangxing.bus.kafka import KafkaBus, ensure_topics
from fangxing.bus.letters import DeadLetter
from fangxing.running.worker import work
from fangxing_embedded.kafka import ApacheKafka
from fangxing_embedded.kafka_ready import KafkaUnavailableError
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.batches import Record, batch, checked, produce
from fangxing_testing.harness import ServiceUnderTest, service_under_test
from fangxing_testing.identity import Identities
from fangxing_testing.toy import READER
from fangxing_testing.toy.tables import HeardRow
from fangxing_testing.waiting import eventually

FACT = "toy.NoteWritten.v1"
SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "unknown codec 7": lambda whole: checked(whole, codec=7),
    "codec 2": lambda whole: checked(whole, codec=2),
    "the checksum is wrong": lambda whole: whole[:-1] + bytes([whole[-1] ^ 1]),
    "more behind the last record": lambda whole: checked(whole[:60] + b"\x00" + whole[61:]),
    "the records end before they should": lambda whole: checked(whole[:60] + b"\x7f" + whole[61:]),
}
"""What is written over a batch, of the same length, and why it cannot be read."""


@asynccontextmanager
async def at_work(reader: ServiceUnderTest) -> AsyncIterator[None]:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(work(reader.runtime, stop))
        try:
            yield
        finally:
            stop.set()


def note(reader: ServiceUnderTest, name: str) -> Record:
    data = {"note": name, "version": 1, "text": "said"}
    message = reader.delivery(FACT, data, key=name, document=f"note/{name}", version=1).message
    return name.encode(), message.value, [(header.encode(), value) for header, value in message.headers]


async def rows(reader: ServiceUnderTest, statement: Any) -> list[Any]:
    async with reader.database.reader() as connection:
        return list(await connection.execute(statement))


async def test_a_batch_spoilt_on_disk_is_a_dead_letter_and_what_is_behind_it_takes_effect(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    try:
        broker = ApacheKafka.start(tmp_path / "kafka")
    except KafkaUnavailableError as error:
        pytest.skip(str(error))
    try:
        await ensure_topics(broker.bootstrap, ["toy"], partitions=1)
        bus = KafkaBus(broker.bootstrap)
        async with service_under_test(READER, postgres, Identities(tmp_path), transport=bus) as reader:
            for position in range(len(SPOILT)):
                for name in (f"ill-{position}", f"well-{position}"):
                    assert await produce(broker.bootstrap, "toy", batch([note(reader, name)])) == 0
            _spoil(next((tmp_path / "kafka").rglob("toy-0/*.log")))
            async with at_work(reader):

                async def heard() -> bool:
                    return len(await rows(reader, select(HeardRow.note))) == len(SPOILT)

                await eventually(heard, seconds=60)
            found = await rows(reader, select(DeadLetter.__table__).order_by(DeadLetter.offset))
            assert [(letter.partition, letter.offset) for letter in found] == [(0, 2 * n) for n in range(len(SPOILT))]
            assert all(why in letter.reason for why, letter in zip(SPOILT, found, strict=True))
        await bus.close()
    finally:
        broker.stop()


def _spoil(segment: Path) -> None:
    """Write over every other batch of the segment; the broker hands out what stands there."""
    data = segment.read_bytes()
    batches: list[tuple[int, bytes]] = []
    at = 0
    while at < len(data):
        size = 12 + int.from_bytes(data[at + 8 : at + 12])
        batches.append((at, data[at : at + size]))
        at += size
    with segment.open("r+b") as file:
        for (place, whole), spoil in zip(batches[::2], SPOILT.values(), strict=True):
            file.seek(place)
            file.write(spoil(whole))
