"""What one transport alone can get wrong."""

import uuid
from contextlib import AsyncExitStack

import asyncpg
import pytest
from aiokafka.errors import MessageSizeTooLargeError

from fangxing.bus import Message
from fangxing.bus.kafka import KafkaBus, ensure_topics
from fangxing.bus.local import LocalBus
from fangxing_embedded.kafka import KafkaBroker
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.batches import batch, produce
from fangxing_testing.waiting import eventually, take


def message(key: str, value: str) -> Message:
    return Message(key, (), value.encode())


async def test_deployments_with_different_prefixes_share_a_broker_and_nothing_else(kafka: KafkaBroker) -> None:
    run = uuid.uuid4().hex[:8]
    buses = [KafkaBus(kafka.bootstrap, prefix=f"{run}-{side}-") for side in ("a", "b")]
    await ensure_topics(kafka.bootstrap, [f"{run}-{side}-toy" for side in ("a", "b")], partitions=1)
    for bus, word in zip(buses, ("left", "right"), strict=True):
        assert await bus.publish("toy", [message("k", word)]) == [None]
    for bus, word in zip(buses, ("left", "right"), strict=True):
        subscription = await bus.subscribe("same-group", ["toy"])
        arrived = await take(subscription, 1)
        assert [(delivery.topic, delivery.message.value) for delivery in arrived] == [("toy", word.encode())]
        await subscription.commit(arrived[-1])
        assert await subscription.lag() == 0
        await subscription.close()
        await bus.close()


async def test_kafka_refuses_an_oversized_message_and_stops_its_key_alone(kafka_bus: KafkaBus) -> None:
    batch = [
        message("ill", "1"),
        message("well", "1"),
        message("ill", "2" * 2_000_000),
        message("well", "2"),
        message("ill", "3"),
    ]
    results = await kafka_bus.publish("toy", batch)
    assert isinstance(results[2], MessageSizeTooLargeError)
    assert [result is None for result in results] == [True, True, False, True, False]
    subscription = await kafka_bus.subscribe("g", ["toy"])
    arrived = await take(subscription, 3)
    await subscription.close()
    assert sorted((d.message.key, d.message.value.decode()) for d in arrived) == [
        ("ill", "1"),
        ("well", "1"),
        ("well", "2"),
    ]


async def test_what_kafka_cannot_read_in_one_partition_costs_nothing_of_the_others(kafka: KafkaBroker) -> None:
    if kafka.flavour == "mock":
        pytest.skip("no real Kafka here")
    prefix = f"{uuid.uuid4().hex[:8]}-"
    await ensure_topics(kafka.bootstrap, [f"{prefix}toy"], partitions=4)
    for partition in range(4):
        headers = [(b"\xff", b"")] if partition % 2 else []
        sent = batch([(b"k", f"{partition}{place}".encode(), headers) for place in range(3)])
        assert await produce(kafka.bootstrap, f"{prefix}toy", sent, partition) == 0
    bus = KafkaBus(kafka.bootstrap, prefix=prefix)
    subscription = await bus.subscribe("g", ["toy"])
    arrived: set[str] = set()
    wanted = {f"{partition}{place}" for partition in range(4) for place in range(3)}

    async def all_there() -> bool:
        for delivery in await subscription.poll(0.2):
            arrived.add(delivery.message.value.decode())
            await subscription.commit(delivery)
        return arrived == wanted

    await eventually(all_there)
    await subscription.close()
    await bus.close()


async def test_kafka_that_cannot_be_reached_acknowledges_nothing() -> None:
    bus = KafkaBus("127.0.0.1:1")
    results = await bus.publish("toy", [message("a", "1"), message("b", "1")])
    assert all(isinstance(result, Exception) for result in results)
    await bus.close()


async def test_topics_are_created_once_however_often_they_are_asked_for(kafka: KafkaBroker) -> None:
    topic = f"asked-{uuid.uuid4().hex[:8]}"
    await ensure_topics(kafka.bootstrap, [topic])
    await ensure_topics(kafka.bootstrap, [topic, topic])


async def test_the_local_bus_serves_more_groups_than_it_has_connections(
    postgres: PostgresServer, fresh_database: str
) -> None:
    bus = await LocalBus.open(postgres.dsn(fresh_database), pool_size=3)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(bus.close)
        await bus.publish("toy", [message("k", "1")])
        for number in range(6):
            subscription = await bus.subscribe(f"g{number}", ["toy"])
            stack.push_async_callback(subscription.close)
            assert len(await take(subscription, 1)) == 1
        assert await bus.publish("toy", [message("k", "2")]) == [None]


async def test_a_reader_of_the_local_bus_whose_connections_are_ended_goes_on_where_it_committed(
    local_bus: LocalBus, postgres: PostgresServer, fresh_database: str
) -> None:
    await local_bus.publish("toy", [message("k", "1"), message("k", "2")])
    subscription = await local_bus.subscribe("g", ["toy"])
    await subscription.commit((await take(subscription, 2))[0])
    await end_connections(postgres, fresh_database)

    async def reads_again() -> bool:
        try:
            return [delivery.message.value for delivery in await subscription.poll(0.1)] == [b"2"]
        except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError):
            return False

    await eventually(reads_again)
    await subscription.close()


async def test_the_local_bus_forgets_only_what_every_group_has_passed(local_bus: LocalBus) -> None:
    await local_bus.publish("toy", [message("k", str(number)) for number in range(4)])
    fast, slow = [await local_bus.subscribe(group, ["toy"]) for group in ("fast", "slow")]
    await fast.commit((await take(fast, 4))[-1])
    await slow.commit((await take(slow, 4))[1])
    await local_bus.trim(0)
    late = await local_bus.subscribe("late", ["toy"])
    assert [delivery.message.value for delivery in await take(late, 2)] == [b"2", b"3"]
    for subscription in (fast, slow, late):
        await subscription.close()


async def end_connections(postgres: PostgresServer, database: str) -> None:
    connection = await asyncpg.connect(postgres.dsn("postgres"))
    try:
        await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", database)
    finally:
        await connection.close()
