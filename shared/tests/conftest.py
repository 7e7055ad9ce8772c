"""Fixtures of the machinery's tests: who signs in, the two toy services, the transports."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from fangxing.bus import Transport
from fangxing.bus.kafka import KafkaBus, ensure_topics
from fangxing.bus.local import LocalBus
from fangxing_embedded.kafka import KafkaBroker
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import FixedClock, ServiceUnderTest, service_under_test
from fangxing_testing.identity import Identities
from fangxing_testing.toy import READER, WRITER
from fangxing_testing.toy.office import Office
from fangxing_testing.toy.shop import Shop


@pytest.fixture
def identities(tmp_path: Path) -> Identities:
    """Who may sign in."""
    return Identities(tmp_path)


@pytest.fixture
def clock() -> FixedClock:
    """The system clock of both toy services."""
    return FixedClock()


@pytest_asyncio.fixture
async def writer(
    postgres: PostgresServer, identities: Identities, clock: FixedClock
) -> AsyncIterator[ServiceUnderTest]:
    """The toy writer in a database of its own."""
    async with service_under_test(WRITER, postgres, identities, system_clock=clock) as service:
        yield service


@pytest.fixture
def shop(writer: ServiceUnderTest) -> Shop:
    """Customers and orders in the toy writer."""
    return Shop(writer)


@pytest.fixture
def office(writer: ServiceUnderTest, clock: FixedClock) -> Office:
    """The toy writer with its people; today is Monday 2 March 2026."""
    return Office(writer, clock)


@pytest_asyncio.fixture
async def reader(
    postgres: PostgresServer, identities: Identities, clock: FixedClock
) -> AsyncIterator[ServiceUnderTest]:
    """The toy reader in a database of its own."""
    async with service_under_test(READER, postgres, identities, system_clock=clock) as service:
        yield service


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
