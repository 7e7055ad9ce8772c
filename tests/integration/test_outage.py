"""The broker stops for a minute in the middle: requests go on, then everything drains (I2, I10)."""

import time
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio
from business import Business, business
from processes import drained, until, workers

from fangxing_embedded.kafka import ApacheKafka, KafkaBroker
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.identity import Identities

OUTAGE_SECONDS = 60.0


@pytest_asyncio.fixture
async def firm(postgres: PostgresServer, tmp_path: Path) -> AsyncIterator[Business]:
    """The two services."""
    async with business(postgres, Identities(tmp_path)) as both:
        yield both


@pytest.mark.timeout(300)
async def test_requests_go_on_without_the_broker_and_everything_drains_after_it(
    firm: Business, kafka: KafkaBroker, tmp_path: Path
) -> None:
    if kafka.flavour == "mock":
        pytest.skip("no real Kafka here")
    customer, account = await firm.open_customer(limit="100000.00")
    with (
        ApacheKafka.start(tmp_path / "kafka") as broker,
        workers(firm, {"KAFKA": broker.bootstrap}) as started,
    ):
        started.start("customer")
        started.start("shipping")
        await until(lambda: drained(firm), "everything has arrived")
        order = await firm.order(customer, account)
        broker.halt()
        halted, notices = time.monotonic(), 0
        slowest = 0.0

        async def a_minute_has_passed() -> bool:
            nonlocal notices, slowest
            if notices < 30:
                before = time.monotonic()
                assert (await firm.notice(order, Decimal(1)))["status"] == "released"
                slowest = max(slowest, time.monotonic() - before)
                notices += 1
            return time.monotonic() - halted > OUTAGE_SECONDS

        await until(a_minute_has_passed, "the minute without the broker", seconds=OUTAGE_SECONDS + 60)
        assert notices == 30
        assert (await firm.views(account))[0] == 0  # customer-svc has not heard of it, and says what it knows
        broker.resume()
        await until(lambda: drained(firm), "everything has drained", seconds=120)
    assert await firm.views(account) == (Decimal("300.00"), Decimal("300.00"))
    assert await firm.truth(account) == Decimal("300.00")
