"""kill -9 between two durable steps: no event is lost, none takes effect twice, both services agree (I2, I5)."""

import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio
from business import Business, business
from processes import drained, until, workers
from sqlalchemy import func, select

from fangxing.bus.letters import DeadLetter
from fangxing_embedded.kafka import KafkaBroker
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.identity import Identities

MOMENTS = ("before-publish", "after-publish", "before-offset")


@pytest_asyncio.fixture
async def firm(postgres: PostgresServer, tmp_path: Path) -> AsyncIterator[Business]:
    """The two services, with real workers in processes of their own between them."""
    async with business(postgres, Identities(tmp_path)) as both:
        yield both


async def _ended(process: subprocess.Popen[bytes]) -> int:
    async def over() -> bool:
        return process.poll() is not None

    await until(over, "the worker has ended")
    return process.wait()


def _transports(postgres: PostgresServer, firm: Business, request: pytest.FixtureRequest) -> dict[str, str]:
    if request.node.callspec.params["transport"] == "local":
        bus_url = firm.customer.runtime.settings.bus_url
        return {"BUS_URL": bus_url.get_secret_value() if bus_url else ""}
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
        await until(lambda: drained(firm), "everything has arrived")
        order = await firm.order(customer, account)
        notice = await firm.notice(order, Decimal(10))
        await firm.ship(notice, Decimal(9))
        await until(lambda: drained(firm), "everything has arrived")
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
