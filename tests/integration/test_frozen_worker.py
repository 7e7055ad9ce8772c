"""A worker that freezes inside a transaction: another one takes over, and when it wakes nothing is done twice."""

from pathlib import Path

from business import business
from freezing import freeze_and_wake
from processes import workers

from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.identity import Identities

SOON = {"LOCK_SECONDS": "1", "IDLE_IN_TRANSACTION_SECONDS": "3", "FROZEN_SECONDS": "4"}


async def test_another_worker_takes_over_from_a_frozen_one_and_nothing_is_done_twice(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    async with business(postgres, Identities(tmp_path)) as firm:
        bus_url = firm.customer.runtime.settings.bus_url
        assert bus_url is not None
        with workers(firm, {"BUS_URL": bus_url.get_secret_value(), **SOON}) as started:
            await freeze_and_wake(firm, started)
