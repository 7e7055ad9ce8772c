"""A worker frozen inside a transaction for a minute, as production is set: see tests/integration/freezing.py."""

import uuid
from pathlib import Path

import pytest
from business import business
from freezing import freeze_and_wake
from processes import workers

from fangxing_embedded.kafka import KafkaBroker
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.identity import Identities

FROZEN_SECONDS = 60.0


async def test_a_minute_on_the_local_bus(postgres: PostgresServer, tmp_path: Path) -> None:
    async with business(postgres, Identities(tmp_path)) as firm:
        bus_url = firm.customer.runtime.settings.bus_url
        assert bus_url is not None
        with workers(firm, {"BUS_URL": bus_url.get_secret_value()}) as started:
            await freeze_and_wake(firm, started, seconds=FROZEN_SECONDS)


async def test_a_minute_on_kafka(postgres: PostgresServer, kafka: KafkaBroker, tmp_path: Path) -> None:
    if kafka.flavour == "mock":
        pytest.skip("no real Kafka here")
    async with business(postgres, Identities(tmp_path)) as firm:
        environment = {"KAFKA": kafka.bootstrap, "TOPIC_PREFIX": f"frozen-{uuid.uuid4().hex[:8]}-"}
        with workers(firm, environment) as started:
            await freeze_and_wake(firm, started, seconds=FROZEN_SECONDS)
