"""Nothing waits for ever: what a connection waits for is bounded, and what goes through everything has more time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fangxing.bus.local import LocalBus
from fangxing.database import Database, is_busy, is_infrastructure
from fangxing.database.connecting import Patience
from fangxing.roles import Role
from fangxing.running import devices
from fangxing.running.leadership import leadership
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import ServiceUnderTest, service_under_test
from fangxing_testing.identity import Identities, device_headers
from fangxing_testing.toy import WRITER
from fangxing_testing.waiting import eventually

SLOWLY = text("SELECT pg_sleep(1)")
LIMITS = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")


@pytest_asyncio.fixture
async def hasty(postgres: PostgresServer, fresh_database: str) -> AsyncIterator[Database]:
    """A database whose connections have little patience."""
    patience = Patience(lock=0.2, statement=0.3, long_statement=20, idle_in_transaction=0.2)
    database = Database(postgres.url(fresh_database), pool_size=2, patience=patience)
    yield database
    await database.close()


@asynccontextmanager
async def toy(postgres: PostgresServer, identities: Identities, **settings: Any) -> AsyncIterator[ServiceUnderTest]:
    async with service_under_test(WRITER, postgres, identities, **settings) as writer:
        yield writer


async def write(writer: ServiceUnderTest, key: str = "k") -> httpx.Response:
    rep = writer.identities.headers("wang", Role.SALES_REP)
    return await writer.post("/notes", {"text": "n", "amount": "1.00"}, as_=rep, key=key)


async def test_every_connection_has_its_limits(hasty: Database, postgres: PostgresServer, fresh_database: str) -> None:
    shown = "SELECT " + ", ".join(f"current_setting('{name}') AS {name}" for name in LIMITS)
    expected = ["200ms", "300ms", "200ms"]
    async with hasty.urgent() as urgent, hasty.transaction() as tx, hasty.reader() as reader:
        for connection in (await urgent.connection(), await tx.connection(), reader):
            assert list((await connection.execute(text(shown))).one()) == expected
    assert list(((await hasty.look_up(shown)) or {}).values()) == expected
    bus = await LocalBus.open(postgres.dsn(fresh_database), patience=hasty.patience)
    assert list((await bus._pool.fetchrow(shown)).values()) == expected
    await bus.close()


async def test_connections_that_the_server_closed_are_replaced_before_anybody_gets_one(
    postgres: PostgresServer, fresh_database: str
) -> None:
    database, other = (Database(postgres.url(fresh_database), pool_size=2) for _ in range(2))
    async with database.transaction() as tx, database.reader() as reader, database.urgent() as urgent:
        kept = [await tx.connection(), reader, await urgent.connection()]
        drivers: list[Any] = [(await one.get_raw_connection()).driver_connection for one in kept]
    async with other.transaction() as tx:
        for driver in drivers:
            await tx.execute(text(f"SELECT pg_terminate_backend({driver.get_server_pid()})"))
    await eventually(lambda: _all_closed(drivers))
    async with database.transaction() as tx, database.reader() as reader, database.urgent() as urgent:
        for one in (tx, reader, urgent):
            assert (await one.execute(text("SELECT 1"))).scalar_one() == 1
    await database.close()
    await other.close()


async def _all_closed(drivers: list[Any]) -> bool:
    return all(driver.is_closed() for driver in drivers)


async def test_a_statement_that_takes_too_long_is_busy_unless_it_goes_through_everything(hasty: Database) -> None:
    with pytest.raises(DBAPIError) as refused:
        async with hasty.transaction() as tx:
            await tx.execute(SLOWLY)
    assert is_busy(refused.value)
    async with hasty.transaction(long=True) as tx:
        await tx.execute(SLOWLY)
    async with hasty.long_reader() as reader:
        await reader.execute(SLOWLY)
    async with hasty.reader() as reader:
        with pytest.raises(DBAPIError):
            await reader.execute(SLOWLY)


async def test_who_is_silent_in_a_transaction_loses_it_and_may_try_again(hasty: Database) -> None:
    async def open_transactions() -> bool:
        async with hasty.reader() as reader:
            count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
            return bool(await reader.scalar(text(count)))

    async def gone() -> bool:
        return not await open_transactions()

    async with hasty.session() as session:
        await session.execute(text("SELECT 1"))
        assert await open_transactions()
        await eventually(gone)
        with pytest.raises(DBAPIError) as lost:
            await session.execute(text("SELECT 1"))
    assert is_infrastructure(lost.value)
    async with hasty.transaction() as tx:
        assert await tx.scalar(text("SELECT 1")) == 1


async def test_a_leader_keeps_what_it_leads_however_little_patience_connections_have(hasty: Database) -> None:
    async with leadership(hasty, asyncio.Event(), frozen_seconds=0.5) as held:
        assert held is not None
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(held.lost.wait(), 1.5)


async def test_a_scan_never_waits_behind_the_desk(postgres: PostgresServer, identities: Identities) -> None:
    async with toy(postgres, identities, pool_size=2, pool_seconds=0.5) as writer, AsyncExitStack() as desk:
        async with writer.runtime.unit_of_work() as work:
            _, key = await devices.enrol(
                work.tx, device="s1", kind="scanner", place="WH", by="admin", now=work.system_now
            )
        for _ in range(2):
            taken = await desk.enter_async_context(writer.database.transaction())
            await taken.execute(text("SELECT 1"))
        scanned = await writer.post("/scans", {"sequence": 1, "code": "P1"}, as_=device_headers(key))
        assert scanned.status_code == 201
        refused = await write(writer)
        assert (refused.status_code, refused.json()["slug"], refused.headers["retry-after"]) == (503, "busy", "1")
        await desk.aclose()
        assert (await write(writer)).status_code == 201


async def test_what_takes_too_long_is_answered_busy_stores_nothing_and_the_same_key_works_later(
    postgres: PostgresServer, identities: Identities
) -> None:
    async with toy(postgres, identities, statement_seconds=0.5) as writer:
        async with writer.database.engine.begin() as connection:
            await connection.exec_driver_sql(
                "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS"
                " 'BEGIN PERFORM pg_sleep(20); RETURN NEW; END'"
            )
            await connection.exec_driver_sql(
                "CREATE TRIGGER slowly BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION slowly()"
            )
        refused = await write(writer)
        assert (refused.status_code, refused.json()["slug"]) == (503, "busy")
        assert await writer.published() == []
        async with writer.database.engine.begin() as connection:
            await connection.exec_driver_sql("DROP TRIGGER slowly ON notes")
        assert (await write(writer)).status_code == 201
        assert (await write(writer)).headers["idempotency-replayed"] == "true"
        assert len(await writer.published()) == 1
