"""Fixtures of the machinery's tests: who signs in, and the two toy services."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from fangxing.embedded.postgres import PostgresServer
from fangxing.testing.harness import FixedClock, ServiceUnderTest, service_under_test
from fangxing.testing.identity import Identities
from fangxing.testing.toy import READER, WRITER


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


@pytest_asyncio.fixture
async def reader(
    postgres: PostgresServer, identities: Identities, clock: FixedClock
) -> AsyncIterator[ServiceUnderTest]:
    """The toy reader in a database of its own."""
    async with service_under_test(READER, postgres, identities, system_clock=clock) as service:
        yield service
