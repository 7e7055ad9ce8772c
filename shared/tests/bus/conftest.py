"""The transports under test."""

import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from fangxing.bus import Transport
from fangxing.bus.kafka import KafkaBus, ensure_topics
from fangxing.bus.local import LocalBus
from fangxing.embedded.kafka import KafkaBroker
from fangxing.embedded.postgres import PostgresServer


@pytest_asyncio.fixture
async def local_bus(postgres: PostgresServer, fresh_database: str) -> AsyncIterator[LocalBus]:
    """A local bus in a database of its own."""
    bus = await LocalBus.open(postgres.dsn(fresh_database))
    yield bus
    await bus.close()


@pytest_asyncio.fixture
async def kafka_bus(kafka: KafkaBroker) -> AsyncIterator[KafkaBus]:
    """Kafka with a prefix of this test's own and the topics `toy` and `other`."""
    prefix = f"{uuid.uuid4().hex[:8]}-"
    await ensure_topics(kafka.bootstrap, [f"{prefix}toy", f"{prefix}other"], partitions=3)
    bus = KafkaBus(kafka.bootstrap, prefix=prefix)
    yield bus
    await bus.close()


@pytest.fixture(params=["local", "kafka"])
def bus(request: pytest.FixtureRequest) -> Transport:
    """Every transport, one after the other."""
    transport: Transport = request.getfixturevalue(f"{request.param}_bus")
    return transport
