"""Whatever bytes come over Kafka, what is behind them arrives, and what cannot be read is seen."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from fangxing.bus.kafka import KafkaBus, ensure_topics
from fangxing.bus.letters import DeadLetter
from fangxing.running.worker import work
from fangxing_embedded.kafka import KafkaBroker
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.batches import CODECS, Record, batch, produce
from fangxing_testing.harness import ServiceUnderTest, service_under_test
from fangxing_testing.identity import Identities
from fangxing_testing.toy import READER
from fangxing_testing.toy.tables import HeardRow
from fangxing_testing.waiting import eventually

FACT = "toy.NoteWritten.v1"


def note(reader: ServiceUnderTest, name: str) -> Record:
    """A note that the reader understands, as a record."""
    data = {"note": name, "version": 1, "text": "said"}
    message = reader.delivery(FACT, data, key=name, document=f"note/{name}", version=1).message
    return name.encode(), message.value, [(header.encode(), value) for header, value in message.headers]


async def is_heard(reader: ServiceUnderTest, *names: str) -> bool:
    async with reader.database.reader() as connection:
        heard = await connection.execute(select(HeardRow.note).where(HeardRow.note.in_(names)))
        return len(heard.all()) == len(names)


async def letters(reader: ServiceUnderTest) -> list[Any]:
    async with reader.database.reader() as connection:
        return list(await connection.execute(select(DeadLetter.__table__).order_by(DeadLetter.offset)))


@asynccontextmanager
async def at_work(
    broker: KafkaBroker, postgres: PostgresServer, identities: Identities
) -> AsyncIterator[tuple[ServiceUnderTest, str]]:
    """The toy reader at work on a topic of its own with one partition, and that topic's name on the broker."""
    prefix = f"{uuid4().hex[:8]}-"
    await ensure_topics(broker.bootstrap, [f"{prefix}toy"], partitions=1)
    bus = KafkaBus(broker.bootstrap, prefix=prefix)
    stop = asyncio.Event()
    async with (
        service_under_test(READER, postgres, identities, transport=bus) as reader,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(work(reader.runtime, stop))
        try:
            yield reader, f"{prefix}toy"
        finally:
            stop.set()
    await bus.close()


@pytest.fixture
def broker(kafka: KafkaBroker) -> KafkaBroker:
    if kafka.flavour == "mock":
        pytest.skip("no real Kafka here")
    return kafka


WHOLE: dict[str, Callable[[Record], bytes]] = {
    "a null header": lambda good: batch([(b"k", b"{}", [(b"ce_id", None)]), good]),
    "every header null": lambda good: batch([(b"k", b"{}", [(name, None) for name, _ in good[2]]), good]),
    "null key and value": lambda good: batch([(None, None, []), good]),
    "a header whose name is no UTF-8": lambda good: batch([(b"k", b"{}", [(b"ce\xff_id", b"1")]), good]),
    **{f"codec {codec}": lambda good, codec=codec: batch([good], codec=codec) for codec in CODECS},  # type: ignore[misc]
}


async def test_whatever_a_producer_can_send_what_comes_with_it_and_after_it_takes_effect(
    broker: KafkaBroker, postgres: PostgresServer, identities: Identities
) -> None:
    async with at_work(broker, postgres, identities) as (reader, topic):
        for position, (what, made) in enumerate(WHOLE.items()):
            assert await produce(broker.bootstrap, topic, made(note(reader, f"with-{position}"))) == 0, what
            assert await produce(broker.bootstrap, topic, batch([note(reader, f"after-{position}")])) == 0, what
        names = [f"{where}-{position}" for where in ("with", "after") for position in range(len(WHOLE))]
        await eventually(lambda: is_heard(reader, *names), seconds=15)
        assert [(letter.status, letter.offset) for letter in await letters(reader)] == [
            ("poison", 3 * position) for position in range(4)
        ]


BYTES = st.one_of(st.none(), st.binary(max_size=40))
RECORDS = st.tuples(BYTES, BYTES, st.lists(st.tuples(st.binary(max_size=20), BYTES), max_size=4))
GARBAGE = st.builds(
    lambda records, codec, payload: batch(records, codec=codec, payload=payload),
    st.lists(RECORDS, min_size=1, max_size=4),
    st.integers(0, 4),
    st.one_of(st.none(), st.binary(max_size=60)),
)


async def test_random_bytes_in_key_value_headers_and_codec_never_stop_another_document(
    broker: KafkaBroker, postgres: PostgresServer, identities: Identities
) -> None:
    async with at_work(broker, postgres, identities) as (reader, topic):
        loop = asyncio.get_running_loop()

        async def plays(batches: list[bytes]) -> None:
            for data in batches:
                await produce(broker.bootstrap, topic, data)
            after = uuid4().hex
            assert await produce(broker.bootstrap, topic, batch([note(reader, after)])) == 0
            await eventually(lambda: is_heard(reader, after), seconds=10)

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
        @given(st.lists(GARBAGE, min_size=1, max_size=5))
        def example(batches: list[bytes]) -> None:
            asyncio.run_coroutine_threadsafe(plays(batches), loop).result(timeout=30)

        await asyncio.to_thread(example)
