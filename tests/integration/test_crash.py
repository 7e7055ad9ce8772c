"""kill -9 between two durable steps: no event is lost, none takes effect twice, both services agree (I2, I5)."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio
from business import Business, business
from sqlalchemy import func, select

from fangxing.embedded.kafka import KafkaBroker
from fangxing.embedded.postgres import PostgresServer
from fangxing.inbox import DeadLetter, InboxRow
from fangxing.outbox import OutboxRow
from fangxing.testing.harness import ServiceUnderTest
from fangxing.testing.identity import Identities

MOMENTS = ("before-publish", "after-publish", "before-offset")
WORKER = Path(__file__).with_name("crashing_worker.py")
SECONDS = 60.0


@pytest_asyncio.fixture
async def firm(postgres: PostgresServer, tmp_path: Path) -> AsyncIterator[Business]:
    """The two services, with real workers in processes of their own between them."""
    async with business(postgres, Identities(tmp_path)) as both:
        yield both


class Workers:
    """Starts workers of the firm's services on one transport, and ends them by their process id."""

    def __init__(self, firm: Business, environment: dict[str, str]) -> None:
        self._firm = firm
        self._environment = environment
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, name: str, moment: str = "never") -> subprocess.Popen[bytes]:
        """A worker of `name` that dies at `moment`."""
        service: ServiceUnderTest = getattr(self._firm, name)
        prefix = f"{name.upper()}_SVC_"
        settings = service.runtime.settings
        environment = {
            **os.environ,
            f"{prefix}DATABASE_URL": settings.database_url,
            f"{prefix}JWKS": settings.jwks,
            f"{prefix}SIGNING_KEY": str(settings.signing_key),
            **{prefix + key: value for key, value in self._environment.items()},
        }
        process = subprocess.Popen([sys.executable, str(WORKER), name, moment], env=environment)
        self._running.append(process)
        return process

    def stop(self) -> None:
        """End every worker that still runs."""
        for process in self._running:
            if process.poll() is None:
                process.terminate()
        for process in self._running:
            process.wait(30)


@contextmanager
def workers(firm: Business, environment: dict[str, str]) -> Iterator[Workers]:
    """Workers that end with the block."""
    started = Workers(firm, environment)
    try:
        yield started
    finally:
        started.stop()


async def until(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait for a condition, with a deadline."""
    deadline = time.monotonic() + SECONDS
    while not await condition():
        assert time.monotonic() < deadline, f"not within {SECONDS} s: {what}"
        await asyncio.sleep(0.05)


async def _ended(process: subprocess.Popen[bytes]) -> int:
    async def over() -> bool:
        return process.poll() is not None

    await until(over, "the worker has ended")
    return process.wait()


async def _drained(firm: Business) -> bool:
    """Whether every event one service recorded has reached the other."""
    for sender, receiver in ((firm.customer, firm.shipping), (firm.shipping, firm.customer)):
        async with sender.database.reader() as reader:
            recorded = set((await reader.execute(select(OutboxRow.id))).scalars())
            unpublished = await reader.scalar(
                select(func.count()).select_from(OutboxRow).where(OutboxRow.published_at.is_(None))
            )
        async with receiver.database.reader() as reader:
            taken = set((await reader.execute(select(InboxRow.event))).scalars())
        if unpublished or not recorded <= taken:
            return False
    return True


def _transports(postgres: PostgresServer, firm: Business, request: pytest.FixtureRequest) -> dict[str, str]:
    if request.node.callspec.params["transport"] == "local":
        return {"BUS_URL": firm.customer.runtime.settings.bus_url or ""}
    kafka: KafkaBroker = request.getfixturevalue("kafka")
    return {"KAFKA": kafka.bootstrap, "TOPIC_PREFIX": f"crash-{os.getpid()}-{time.monotonic_ns()}-"}


@pytest.mark.parametrize("transport", ["local", "kafka"])
@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_worker_killed_between_two_steps_loses_and_repeats_nothing(
    postgres: PostgresServer, firm: Business, request: pytest.FixtureRequest, moment: str, transport: str
) -> None:
    environment = _transports(postgres, firm, request)
    customer, account = await firm.open_customer(limit="1000.00")
    with workers(firm, environment) as started:
        # the dying worker sends or takes in what stands there; its peer is well
        dying, well = ("shipping", "customer") if moment == "before-offset" else ("customer", "shipping")
        started.start(well)
        assert await _ended(started.start(dying, moment)) == -signal.SIGKILL
        started.start(dying)
        await until(lambda: _drained(firm), "everything has arrived")
        order = await firm.order(customer, account)
        notice = await firm.notice(order, Decimal(10))
        await firm.ship(notice, Decimal(9))
        await until(lambda: _drained(firm), "everything has arrived")
    assert await firm.views(account) == (Decimal("90.00"), Decimal("90.00"))
    await _nothing_was_repeated(firm, account)


async def _nothing_was_repeated(firm: Business, account: UUID) -> None:
    assert await firm.truth(account) == Decimal("90.00")
    for service in (firm.customer, firm.shipping):
        async with service.database.reader() as reader:
            assert await reader.scalar(select(func.count()).select_from(DeadLetter)) == 0
    notes = await firm.customer.get("/delivery-notes", as_=firm.as_("accountant", "accountant"))  # type: ignore[arg-type]
    assert [note["value"] for note in notes.json()["items"]] == ["90.00"]
    differences = await firm.customer.get("/ledger/differences", as_=firm.as_("accountant", "accountant"))  # type: ignore[arg-type]
    assert differences.json() == []
