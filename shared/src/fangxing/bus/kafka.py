"""The bus over Apache Kafka, by aiokafka: acks=all, idempotent producer, explicit commits, earliest.

What is guarded against here: a send that hangs for a whole outage (bounded, then a new producer), a producer whose
sequence numbers are lost (a new producer), a consumer that stalls silently after a broker restart (a progress watchdog
replaces it), `commit()` without offsets, which commits everything fetched, and a batch it cannot read, at which it
stands for good (the batch is read by hand, see `batches`).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import structlog
from aiokafka import AIOKafkaClient, AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    CommitFailedError,
    IllegalStateError,
    KafkaError,
    MessageSizeTooLargeError,
    TopicAlreadyExistsError,
    for_code,
)
from aiokafka.protocol.fetch import FetchRequest

from fangxing.bus import Delivery, Message, batches, without_nulls
from fangxing.bus.group_lag import GroupLag

log = structlog.get_logger(__name__)

_SEND_SECONDS = 15.0
_STALL_SECONDS = 10.0
_CLOSE_SECONDS = 5.0
_LAG_SECONDS = 3.0
_START_SECONDS = 30.0
_FETCH_SECONDS = 10.0
_FETCH_BYTES = 1_048_576
_LARGEST_BATCH = 128 * _FETCH_BYTES

_T = TypeVar("_T")


async def ensure_topics(bootstrap: str, topics: Sequence[str], *, partitions: int = 6, replication: int = 1) -> None:
    """Create the topics that are missing. Raises `KafkaError` where the broker cannot be reached."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        missing = sorted(set(topics) - set(await admin.list_topics()))
        if missing:
            created = await admin.create_topics([NewTopic(name, partitions, replication) for name in missing])
            for name, code, *reason in created.topic_errors:
                if code not in (0, TopicAlreadyExistsError.errno):
                    raise for_code(code)(f"topic {name}: {reason}")
    finally:
        await admin.close()


class BehindRefused(Exception):
    """Not sent, because an earlier message of the same key was refused."""


class KafkaBus:
    """A transport over the brokers at `bootstrap` (host:port, comma separated).

    `prefix` goes before every topic and group, so that several deployments can share a broker.
    """

    def __init__(self, bootstrap: str, *, prefix: str = "") -> None:
        self._bootstrap = bootstrap
        self._prefix = prefix
        self._producer: AIOKafkaProducer | None = None
        self._group_lag: GroupLag | None = None

    async def publish(self, topic: str, messages: Sequence[Message]) -> list[Exception | None]:
        """Send `messages` in order and wait for every acknowledgement, `_SEND_SECONDS` at most.

        Messages of one key go to one partition, which the idempotent producer fills in order.
        """
        try:
            results = await _bounded(self._start_and_send(self._prefix + topic, messages), _SEND_SECONDS)
        except (KafkaError, TimeoutError, OSError) as error:
            await self._drop_producer()
            return [error] * len(messages)
        if any(
            isinstance(result, KafkaError) and not isinstance(result, MessageSizeTooLargeError) for result in results
        ):
            await self._drop_producer()
        return results

    async def _start_and_send(self, topic: str, messages: Sequence[Message]) -> list[Exception | None]:
        return await self._send_all(await self._started(), topic, messages)

    async def _send_all(
        self, producer: AIOKafkaProducer, topic: str, messages: Sequence[Message]
    ) -> list[Exception | None]:
        futures: list[asyncio.Future[object] | Exception] = []
        refused: set[str] = set()
        for message in messages:
            if message.key in refused:
                futures.append(BehindRefused(message.key))
                continue
            try:
                futures.append(
                    await producer.send(topic, message.value, key=message.key.encode(), headers=list(message.headers))
                )
            except KafkaError as error:
                refused.add(message.key)
                futures.append(error)
        pending = [future for future in futures if isinstance(future, asyncio.Future)]
        if pending:
            await asyncio.wait(pending)
        return [future if isinstance(future, Exception) else _failure(future) for future in futures]

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap,
                acks="all",
                enable_idempotence=True,
                linger_ms=0,
                request_timeout_ms=10_000,
                max_batch_size=262_144,
            )
            try:
                await producer.start()
            except BaseException:
                await _stop_quietly(producer)
                raise
            self._producer = producer
        return self._producer

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await _stop_quietly(producer)

    async def subscribe(self, group: str, topics: Sequence[str]) -> "KafkaSubscription":
        """Join `group` on `topics`; the broker is reached at the first poll."""
        return KafkaSubscription(self._bootstrap, self._prefix, group, list(topics))

    async def lag(self, group: str, topics: Sequence[str]) -> int:
        """See `Transport.lag`. Raises `KafkaError`, TimeoutError or OSError where there is no answer."""
        try:
            return await _bounded(
                self._ask_lag(self._prefix + group, [self._prefix + topic for topic in topics]), _LAG_SECONDS
            )
        except BaseException:
            # the next one asks on new connections
            await self._drop_group_lag()
            raise

    async def _ask_lag(self, group: str, topics: Sequence[str]) -> int:
        if self._group_lag is None:
            self._group_lag = GroupLag(self._bootstrap)
            await self._group_lag.start()
        return await self._group_lag.of(group, topics)

    async def _drop_group_lag(self) -> None:
        group_lag, self._group_lag = self._group_lag, None
        if group_lag is not None:
            await _stop_quietly(group_lag)

    async def close(self) -> None:
        """Stop every client."""
        await self._drop_producer()
        await self._drop_group_lag()


def _failure(future: "asyncio.Future[object]") -> Exception | None:
    if future.cancelled():
        return TimeoutError("cancelled before it was acknowledged")
    error = future.exception()
    return error if isinstance(error, Exception) else None


async def _bounded(action: Coroutine[Any, Any, _T], seconds: float) -> _T:
    """The result of `action`; raises TimeoutError after `seconds`, and also where the client cancels it from inside.

    The client cancels its own tasks when it is stopped in an outage, and a CancelledError that comes out of it would
    end whoever waits as if he had been told to go. Nor is a cancelled call waited for: some take a dead broker's time.
    """
    task = asyncio.ensure_future(action)
    try:
        await asyncio.wait({task}, timeout=seconds)
        if not task.done() or task.cancelled():
            raise TimeoutError(f"no answer from the Kafka client within {seconds} s")
        return task.result()
    finally:
        task.cancel()


async def _stop_quietly(client: AIOKafkaProducer | AIOKafkaConsumer | GroupLag) -> None:
    try:
        await _bounded(client.stop(), _CLOSE_SECONDS)
    except (TimeoutError, KafkaError, OSError) as error:
        log.warning("kafka.close_failed", error=str(error))


@asynccontextmanager
async def _client(bootstrap: str) -> AsyncIterator[AIOKafkaClient]:
    """A client for requests of our own."""
    client = AIOKafkaClient(bootstrap_servers=bootstrap)
    try:
        await _bounded(client.bootstrap(), _START_SECONDS)
        yield client
    finally:
        await _bounded(client.close(), _CLOSE_SECONDS)


async def _committed(consumer: AIOKafkaConsumer, partition: TopicPartition) -> int:
    """Where the group stands in `partition`."""
    committed: int | None = await _bounded(consumer.committed(partition), _CLOSE_SECONDS)
    beginnings = await _bounded(consumer.beginning_offsets([partition]), _CLOSE_SECONDS)
    return max(committed or 0, int(beginnings[partition]))


async def _fetch(client: AIOKafkaClient, partition: TopicPartition, offset: int) -> tuple[list[batches.Found], int]:
    """What stands in `partition` from `offset` on, one fetch of it, and the offset of what follows."""
    end, data = await _fetch_bytes(client, partition, offset, _FETCH_BYTES)
    if len(data) < (size := batches.announced(data)) <= _LARGEST_BATCH:
        end, data = await _fetch_bytes(client, partition, offset, size)
    return batches.read(data, offset, end)


async def _fetch_bytes(client: AIOKafkaClient, partition: TopicPartition, offset: int, size: int) -> tuple[int, bytes]:
    """The end of `partition`, and its batches from `offset` on, `size` bytes of them or the first one."""
    await client.set_topics([partition.topic])
    leader = client.cluster.leader_for_partition(partition)
    wanted = [(partition.topic, [(partition.partition, offset, size)])]
    answer = await client.send(leader, FetchRequest(0, 1, size, 0, wanted))
    [(_, [(_, code, end, *_, data)])] = answer.topics
    if code:
        raise for_code(code)(f"{partition} from {offset} on")
    return end, data or b""


class KafkaSubscription:
    """One member of a consumer group; it replaces its client when that stops making progress."""

    def __init__(self, bootstrap: str, prefix: str, group: str, topics: list[str]) -> None:
        self._bootstrap = bootstrap
        self._prefix = prefix
        self._group = prefix + group
        self._topics = [prefix + topic for topic in topics]
        self._consumer: AIOKafkaConsumer | None = None
        self._progress_at = time.monotonic()
        self._was_unassigned = False

    async def poll(self, seconds: float) -> list[Delivery]:
        """The next messages. Raises `KafkaError` or `OSError` where the broker cannot be reached."""
        consumer = await self._started()
        try:
            records = await _bounded(
                consumer.getmany(timeout_ms=int(seconds * 1000), max_records=500), seconds + _CLOSE_SECONDS
            )
        except TimeoutError:
            # what was fetched and not handed over is read again by the next client
            await self.close()
            raise
        except Exception as error:
            return await self._read_by_hand(consumer, error)
        if records:
            self._progress_at = time.monotonic()
        elif time.monotonic() - self._progress_at > _STALL_SECONDS:
            await self._check_stall()
        return [
            Delivery(
                partition.topic.removeprefix(self._prefix),
                partition.partition,
                record.offset,
                Message(
                    (record.key or b"").decode("utf-8", "replace"), without_nulls(record.headers), record.value or b""
                ),
            )
            for partition, some in records.items()
            for record in some
        ]

    async def _read_by_hand(self, consumer: AIOKafkaConsumer, error: Exception) -> list[Delivery]:
        """What follows in every partition, read past whatever the client stopped at; it goes on behind that.

        Raises `error` where there is nothing to read, so that it was not about a message, and `KafkaError` or `OSError`
        where the broker cannot be reached; either way the next client reads again what this one had fetched.
        """
        log.warning("kafka.read_by_hand", group=self._group, error=repr(error)[:300])
        deliveries: list[Delivery] = []
        try:
            async with _client(self._bootstrap) as client:
                for partition in sorted(consumer.assignment()):
                    start = await _committed(consumer, partition)
                    found, following = await _bounded(_fetch(client, partition, start), _FETCH_SECONDS)
                    consumer.seek(partition, following)
                    topic = partition.topic.removeprefix(self._prefix)
                    deliveries += [
                        Delivery(topic, partition.partition, one.offset, one.message, one.fault) for one in found
                    ]
            if not deliveries:
                raise error
        except BaseException:
            await self.close()
            raise
        return deliveries

    async def _check_stall(self) -> None:
        self._progress_at = time.monotonic()
        try:
            stalled = await _bounded(self.lag(), _CLOSE_SECONDS) > 0
        except (TimeoutError, KafkaError, OSError):
            stalled = True
        # without a partition there is no lag to see: a member twice found so is taken for lost
        unassigned = self._consumer is not None and not self._consumer.assignment()
        stalled = stalled or (unassigned and self._was_unassigned)
        self._was_unassigned = unassigned
        if stalled:
            log.warning("kafka.consumer_replaced", group=self._group)
            await self.close()

    async def _started(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            consumer = AIOKafkaConsumer(
                *self._topics,
                bootstrap_servers=self._bootstrap,
                group_id=self._group,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                session_timeout_ms=10_000,
                heartbeat_interval_ms=2_000,
                metadata_max_age_ms=10_000,
            )
            try:
                await _bounded(consumer.start(), _START_SECONDS)
            except BaseException:
                await _stop_quietly(consumer)
                raise
            self._consumer = consumer
            self._progress_at = time.monotonic()
        return self._consumer

    async def commit(self, delivery: Delivery) -> None:
        """Everything of the partition up to and including `delivery` is done.

        A commit that comes too late for its generation is dropped: the next owner reads again and the inbox knows.
        """
        if self._consumer is None:
            return
        partition = TopicPartition(self._prefix + delivery.topic, delivery.partition)
        try:
            await _bounded(self._consumer.commit({partition: delivery.offset + 1}), _CLOSE_SECONDS)
        except (CommitFailedError, IllegalStateError, KafkaError, OSError) as error:
            log.info("kafka.commit_skipped", group=self._group, error=str(error))

    async def lag(self) -> int:
        """How many messages of this member's partitions are not yet committed."""
        consumer = await self._started()
        partitions = list(consumer.assignment())
        ends = await consumer.end_offsets(partitions) if partitions else {}
        lag = 0
        for partition, end in ends.items():
            lag += end - (await consumer.committed(partition) or 0)
        return lag

    async def close(self) -> None:
        """Leave the group."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await _stop_quietly(consumer)
