"""pytest plugin: the fixtures `postgres`, `kafka` and `fresh_database`."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from fangxing_embedded.kafka import KafkaBroker
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.servers import RUN_VARIABLE, TestRun, create_database, drop_database

_RUN = pytest.StashKey[TestRun]()
_WORKER_INPUT = "fangxing_test_run"


def pytest_configure(config: pytest.Config) -> None:
    """Begin the run in the controller, join it in a worker of pytest-xdist."""
    given: dict[str, Any] | None = getattr(config, "workerinput", None)
    run = TestRun.open() if given is None else TestRun(Path(given[_WORKER_INPUT]))
    config.stash[_RUN] = run
    os.environ[RUN_VARIABLE] = run.name


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist which run it belongs to."""
    node.workerinput[_WORKER_INPUT] = str(node.config.stash[_RUN].directory)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say aloud which servers the tests ran on."""
    if not hasattr(config, "workerinput"):
        for line in config.stash[_RUN].notices():
            terminalreporter.write_line(line)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the servers, whatever became of the workers."""
    if not hasattr(config, "workerinput") and _RUN in config.stash:
        config.stash[_RUN].close()


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> PostgresServer:
    """One server for the whole run, with durability off; FANGXING_TEST_POSTGRES names another one."""
    return pytestconfig.stash[_RUN].postgres()


@pytest.fixture(scope="session")
def kafka(pytestconfig: pytest.Config) -> KafkaBroker:
    """One broker for the whole run: use topics and groups of your own, and halt it never."""
    return pytestconfig.stash[_RUN].kafka()


@pytest_asyncio.fixture
async def fresh_database(postgres: PostgresServer) -> AsyncIterator[str]:
    """Name of an empty database of this test's own."""
    name = await create_database(postgres)
    yield name
    await drop_database(postgres, name)
