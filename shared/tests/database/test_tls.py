"""TLS to PostgreSQL: one address, with what libpq calls sslmode and sslrootcert, serves every connection there is."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from fangxing.bus.local import LocalBus
from fangxing.database import Database
from fangxing.roles import Role
from fangxing.running.processes import prepare
from fangxing.running.service import running
from fangxing.running.worker import work
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import client_of, settings_for
from fangxing_testing.identity import Identities
from fangxing_testing.tls import Authority, TlsProxy, tls_proxy
from fangxing_testing.toy import WRITER
from fangxing_testing.waiting import eventually


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Who signed the server's certificate."""
    return Authority(tmp_path / "ours")


@pytest_asyncio.fixture
async def proxy(postgres: PostgresServer, authority: Authority) -> AsyncIterator[TlsProxy]:
    """The server, for those who speak TLS."""
    async with tls_proxy(postgres, authority) as proxy:
        yield proxy


async def test_a_service_speaks_tls_on_every_connection(
    postgres: PostgresServer, proxy: TlsProxy, authority: Authority, fresh_database: str, identities: Identities
) -> None:
    url = proxy.url(fresh_database, "verify-full", authority)
    settings = settings_for(WRITER, postgres, fresh_database, identities, database_url=url, bus_url=url, demo=True)
    await prepare(WRITER, settings)
    stop = asyncio.Event()
    async with running(WRITER, settings) as runtime, client_of(WRITER, runtime) as client:
        worker = asyncio.create_task(work(runtime, stop))
        headers = {**identities.headers("wang", Role.SALES_REP), "Idempotency-Key": "k"}
        answer = await client.post("/notes", headers=headers, json={"text": "n", "amount": "1.00"})
        assert answer.status_code == 201
        assert len((await client.get("/notes", headers=headers)).json()["items"]) == 1
        assert await runtime.database.look_up("SELECT 1")

        async def published() -> bool:
            async with runtime.database.reader() as reader:
                left = await reader.scalar(text("SELECT count(*) FROM outbox WHERE published_at IS NULL"))
                return bool(left == 0)

        await eventually(published)
        stop.set()
        await worker
    assert proxy.let_through > 5
    assert proxy.refused == 0


async def test_the_server_refuses_who_comes_without_tls(
    proxy: TlsProxy, authority: Authority, fresh_database: str
) -> None:
    await _refused(proxy.url(fresh_database, "disable", authority), "InvalidAuthorization")
    assert proxy.let_through == 0
    assert proxy.refused > 0


@pytest.mark.parametrize("sslmode", ["verify-ca", "verify-full"])
async def test_a_server_that_another_authority_signed_for_is_refused(
    proxy: TlsProxy, fresh_database: str, tmp_path: Path, sslmode: str
) -> None:
    await _refused(proxy.url(fresh_database, sslmode, Authority(tmp_path / "another")), "CERTIFICATE_VERIFY_FAILED")
    assert proxy.let_through == 0


async def _refused(url: str, said: str) -> None:
    """Neither an engine, nor a look-up, nor the bus gets a connection."""
    database = Database(url)
    with pytest.raises(OSError, match=said):
        async with database.transaction() as tx:
            await tx.execute(text("SELECT 1"))
    with pytest.raises(OSError, match=said):
        await database.look_up("SELECT 1")
    with pytest.raises(OSError, match=said):
        await LocalBus.open(url)
    await database.close()
