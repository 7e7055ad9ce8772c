"""From the outbox to the bus: nothing lost, nothing early, nothing out of order within a key."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar

import asyncpg
import pytest
from sqlalchemy import func, select, text, update

from fangxing.bus import Message, Subscription, Transport
from fangxing.bus.envelope import read_headers
from fangxing.bus.kafka import KafkaBus
from fangxing.bus.local import LocalBus
from fangxing.bus.relay import Relay
from fangxing.outbox import Event, OutboxRow, record
from fangxing.work import Work
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.waiting import eventually, take

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


class Said(Event):
    event_type: ClassVar[str] = "toy.Said.v1"
    what: str


def say(work: Work, key: str, version: int, what: str = "") -> None:
    record(work, Said(what=what), key=key, document=f"doc/{key}", version=version)


def relay_to(writer: ServiceUnderTest, transport: Transport) -> Relay:
    return Relay(writer.database, transport, service="toy-writer-svc", topic="toy")


async def unpublished(writer: ServiceUnderTest) -> list[tuple[str, int | None]]:
    async with writer.database.reader() as reader:
        rows = await reader.execute(
            select(OutboxRow.key, OutboxRow.version)
            .where(OutboxRow.published_at.is_(None))
            .order_by(OutboxRow.key, OutboxRow.version)
        )
        return [(row.key, row.version) for row in rows]


async def arrived(transport: Transport, count: int) -> list[tuple[str, int | None]]:
    subscription = await transport.subscribe("check", ["toy"])
    try:
        envelopes = [read_headers(delivery.message) for delivery in await take(subscription, count)]
    finally:
        await subscription.close()
    return [(envelope.key, envelope.version) for envelope in envelopes]


async def test_an_event_of_a_transaction_that_commits_late_is_published(
    writer: ServiceUnderTest, local_bus: LocalBus
) -> None:
    relay = relay_to(writer, local_bus)
    async with writer.runtime.unit_of_work() as early_but_slow:
        say(early_but_slow, "slow", 1)
        await early_but_slow.tx.flush()
        async with writer.runtime.unit_of_work() as late_but_fast:
            say(late_but_fast, "fast", 1)
        assert await relay.pump() == 1
        assert await unpublished(writer) == []
    assert await relay.pump() == 1
    assert await arrived(local_bus, 2) == [("fast", 1), ("slow", 1)]


async def test_an_event_of_a_transaction_that_is_rolled_back_is_never_published(
    writer: ServiceUnderTest, local_bus: LocalBus
) -> None:
    async def say_and_fail() -> None:
        async with writer.runtime.unit_of_work() as unit:
            say(unit, "k", 1)
            await unit.tx.flush()
            raise LookupError

    with pytest.raises(LookupError):
        await say_and_fail()
    assert await relay_to(writer, local_bus).pump() == 0
    assert await writer.published() == []


async def test_an_event_is_marked_published_only_after_the_acknowledgement(
    writer: ServiceUnderTest, local_bus: LocalBus, postgres: PostgresServer, fresh_database: str
) -> None:
    relay = relay_to(writer, local_bus)
    async with writer.runtime.unit_of_work() as unit:
        say(unit, "k", 1)
    await local_bus.publish("toy", [])
    holder = await asyncpg.connect(postgres.dsn(fresh_database))
    held = holder.transaction()
    await held.start()
    await holder.execute("SELECT * FROM bus_topics FOR UPDATE")
    pumping = asyncio.create_task(relay.pump())

    async def somebody_waits() -> bool:
        waiting: int = await holder.fetchval(WAITING)
        return waiting > 0

    await eventually(somebody_waits)
    assert await unpublished(writer) == [("k", 1)]
    await held.rollback()
    assert await pumping == 1
    assert await unpublished(writer) == []
    await holder.close()


async def test_a_transport_that_is_down_publishes_nothing_and_loses_nothing(
    writer: ServiceUnderTest, postgres: PostgresServer, fresh_database: str
) -> None:
    async with writer.runtime.unit_of_work() as unit:
        for version in (1, 2, 3):
            say(unit, "k", version)
    down = await LocalBus.open(postgres.dsn(fresh_database))
    await down.close()
    assert await relay_to(writer, down).pump() == 0
    assert await unpublished(writer) == [("k", 1), ("k", 2), ("k", 3)]
    up = await LocalBus.open(postgres.dsn(fresh_database))
    assert await relay_to(writer, up).pump() == 3
    assert await arrived(up, 3) == [("k", 1), ("k", 2), ("k", 3)]
    await up.close()


class Refusing:
    """The local bus, but for messages with some words in them, which it does not take; what comes behind, it does."""

    def __init__(self, bus: LocalBus, words: bytes) -> None:
        self._bus = bus
        self.words = words

    async def publish(self, topic: str, messages: Sequence[Message]) -> list[Exception | None]:
        refused = [bool(self.words) and self.words in message.value for message in messages]
        await self._bus.publish(topic, [m for m, no in zip(messages, refused, strict=True) if not no])
        return [ValueError("refused") if no else None for no in refused]

    async def subscribe(self, group: str, topics: Sequence[str]) -> Subscription:
        return await self._bus.subscribe(group, topics)

    async def lag(self, group: str, topics: Sequence[str]) -> int:
        return await self._bus.lag(group, topics)

    async def close(self) -> None:
        await self._bus.close()


async def test_what_comes_behind_a_failure_in_its_key_is_sent_again_after_it(
    writer: ServiceUnderTest, local_bus: LocalBus
) -> None:
    async with writer.runtime.unit_of_work() as unit:
        for key, version, what in [("a", 1, ""), ("a", 2, "not this"), ("b", 1, ""), ("a", 3, "")]:
            say(unit, key, version, what)
    transport = Refusing(local_bus, b"not this")
    relay = relay_to(writer, transport)
    assert await relay.pump() == 2
    assert await unpublished(writer) == [("a", 2), ("a", 3)]
    transport.words = b""

    async def all_out() -> bool:
        await relay.pump()
        return await unpublished(writer) == []

    await eventually(all_out)
    assert await arrived(local_bus, 5) == [("a", 1), ("b", 1), ("a", 3), ("a", 2), ("a", 3)]


async def test_an_event_too_large_stops_its_key_and_no_other_even_behind_a_full_batch(
    writer: ServiceUnderTest, kafka_bus: KafkaBus
) -> None:
    async with writer.runtime.unit_of_work() as unit:
        say(unit, "ill", 1)
        say(unit, "ill", 2, "x" * 2_000_000)
        for version in range(3, 600):
            say(unit, "ill", version)
        say(unit, "well", 1)
    relay = relay_to(writer, kafka_bus)

    async def well_is_out() -> bool:
        await relay.pump()
        return ("well", 1) not in await unpublished(writer)

    await eventually(well_is_out)
    assert len(await unpublished(writer)) == 598
    assert sorted(await arrived(kafka_bus, 2)) == [("ill", 1), ("well", 1)]

    async with writer.database.transaction() as tx:
        await tx.execute(update(OutboxRow).where(OutboxRow.version == 2).values(data='{"what": "short"}'))

    async def all_out() -> bool:
        await relay.pump()
        return await unpublished(writer) == []

    await eventually(all_out)
    in_order = [pair for pair in await arrived(kafka_bus, 600) if pair[0] == "ill"]
    assert in_order == [("ill", version) for version in range(1, 600)]


async def test_published_events_are_forgotten_after_the_retention_and_unpublished_ones_never(
    writer: ServiceUnderTest, local_bus: LocalBus
) -> None:
    relay = relay_to(writer, local_bus)
    for key in ("old", "new"):
        async with writer.runtime.unit_of_work() as unit:
            say(unit, key, 1)
        await relay.pump()
    async with writer.runtime.unit_of_work() as unit:
        say(unit, "unsent", 1)
    async with writer.database.transaction() as tx:
        aged = {"published_at": func.now() - text("interval '15 days'")}
        await tx.execute(update(OutboxRow).where(OutboxRow.key == "old").values(aged))
    await relay.forget(14)
    assert [event.document for event in await writer.published()] == ["doc/new", "doc/unsent"]
