"""A service's own PostgreSQL database: one engine for units of work, one read-only engine for looking things up."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson
from sqlalchemy import Connection, Select, event
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.engine import AdaptedConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session, SessionTransaction

from fangxing.database.connecting import IN_A_CROWD, PATIENCE, TAKE_LONG, Patience, connecting
from fangxing.database.types import to_json
from fangxing.errors import DomainError

_LOOK_UP_CONNECTIONS = 4
_URGENT_CONNECTIONS = 4


def most_connections(pool_size: int) -> int:
    """The most connections a `Database` with pools of `pool_size` opens."""
    return 2 * pool_size + _URGENT_CONNECTIONS + _LOOK_UP_CONNECTIONS


Tx = AsyncSession
"""A session inside the one transaction of a unit of work."""
Reader = AsyncConnection
"""A read-only connection; every statement sees its own snapshot."""


# SQLSTATE classes that speak of the server or of bad luck, not of the statement: connection, rollback, resources,
# lock not available, operator intervention, system error
_TRANSIENT = frozenset({"08", "40", "53", "55", "57", "58"})
# the server ended the transaction of a process that was silent in it, or too slow
_ENDED = frozenset({"25P03", "25P04"})
# lock_timeout, statement_timeout
_OUT_OF_PATIENCE = frozenset({"55P03", "57014"})


def is_infrastructure(error: DBAPIError) -> bool:
    """Whether the same statement may well succeed later, unchanged."""
    if isinstance(error, (OperationalError, InterfaceError)) or error.connection_invalidated:
        return True
    state = _state(error)
    return state[:2] in _TRANSIENT or state in _ENDED


def is_busy(error: Exception) -> bool:
    """Whether the database is there and others are in the way: no connection, a lock or an answer came in time."""
    return isinstance(error, PoolTimeout) or (isinstance(error, DBAPIError) and _state(error) in _OUT_OF_PATIENCE)


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")


def does_not_fit(error: DBAPIError) -> bool:
    """Whether a value in the statement is none its type or its column can hold: SQLSTATE class 22."""
    # asyncpg finds some of them before it asks the server, and they have no SQLSTATE
    cause = getattr(error.orig, "__cause__", None)
    found_here = isinstance(cause, asyncpg.InterfaceError) and isinstance(cause, ValueError)
    return found_here or _state(error).startswith("22")


async def flush_unique(tx: Tx, taken: Mapping[str, DomainError]) -> None:
    """Flush; where a unique index named in `taken` refuses a row, raise its error in the database's stead."""
    try:
        await tx.flush()
    except IntegrityError as error:
        named = next((said for index, said in taken.items() if index in str(error.orig)), None)
        if named is None:
            raise
        raise named from error


def plain_sql(statement: Select[Any]) -> str:
    """`statement` as `Database.look_up` takes it, its parameters $1, $2, … in the order of their appearance."""
    return str(statement.compile(dialect=dialect()))  # type: ignore[no-untyped-call]


@asynccontextmanager
async def reading(reader: Reader) -> AsyncIterator[Tx]:
    """A session on a read-only connection, for reading that wants mapped objects; it can change nothing."""
    async with AsyncSession(reader, autoflush=False) as session:
        yield session


class Database:
    """Engines and sessions of one database.

    `url` is a libpq address. `pool_size` bounds the connections for units of work and for reading each; beside them
    stand a few for what is urgent, so that nothing at the desk is ever before it, and a few for look-ups.
    """

    def __init__(
        self, url: str, *, pool_size: int = 10, application: str = "fangxing", patience: Patience = PATIENCE
    ) -> None:
        self.url = url
        self.patience = patience
        # jit costs more than it saves on statements this small
        settings = {"application_name": application, "jit": "off", **patience.settings()}
        self._read_settings = {**settings, "default_transaction_read_only": "on"}
        self._look_ups: asyncpg.Pool | None = None
        self._opening_look_ups = asyncio.Lock()
        self.engine = self._engine(settings, pool_size)
        self.read_engine = self._engine(self._read_settings, pool_size, isolation_level="AUTOCOMMIT")
        self._urgent_engine = self._engine(settings, _URGENT_CONNECTIONS)
        self._at_the_desk = 0
        self._crowd = max(1, pool_size // 2)

    def _engine(self, settings: Mapping[str, str], size: int, **options: Any) -> AsyncEngine:
        engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=connecting(self.url, settings, seconds=self.patience.connect),
            pool_size=size,
            max_overflow=0,
            pool_timeout=self.patience.pool,
            hide_parameters=True,
            json_serializer=to_json,
            json_deserializer=orjson.loads,
            **options,
        )
        event.listen(engine.sync_engine, "checkout", _refuse_closed)
        return engine

    def session(self) -> Tx:
        """A session for one unit of work; it takes a connection at its first statement."""
        return AsyncSession(self.engine, expire_on_commit=False, autoflush=False)

    @asynccontextmanager
    async def at_the_desk(self) -> AsyncIterator[Tx]:
        """A session for what somebody asked for.

        Half of the pool may wait its full time for what others hold. Whoever comes while that half is taken gives
        up early, so that connections come free for those whom nothing is in the way of.
        """
        async with self.session() as session:
            if self._at_the_desk >= self._crowd:
                event.listen(session.sync_session, "after_begin", _in_a_crowd)
            self._at_the_desk += 1
            try:
                yield session
            finally:
                self._at_the_desk -= 1

    def urgent(self) -> Tx:
        """A session for what a truck waits for, on connections of its own."""
        return AsyncSession(self._urgent_engine, expire_on_commit=False, autoflush=False)

    @asynccontextmanager
    async def transaction(self, *, long: bool = False) -> AsyncIterator[Tx]:
        """One transaction: committed at the end of the block, rolled back when it raises.

        A `long` one goes through everything: each of its statements has the time of such work.
        """
        async with self.session() as session, session.begin():
            if long:
                await session.execute(TAKE_LONG)
            yield session

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[Reader]:
        """A read-only connection."""
        async with self.read_engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def long_reader(self) -> AsyncIterator[Reader]:
        """A read-only connection that sees one moment, for what goes through everything."""
        async with self.read_engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            await connection.execute(TAKE_LONG)
            yield connection

    async def look_up(self, sql: str, *arguments: object) -> Mapping[str, Any] | None:
        """The first row of `sql` (see `plain_sql`), read-only, or None; raises OSError where there is no answer.

        For look-ups with a queue behind them: straight on asyncpg, which takes a fifth of the time of a `Reader`.
        """
        try:
            pool = self._look_ups or await self._look_up_pool()
            async with pool.acquire(timeout=self.patience.pool) as connection:
                row: Mapping[str, Any] | None = await connection.fetchrow(sql, *arguments)
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise OSError(f"no answer from PostgreSQL: {type(error).__name__}") from error
        return row

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
        await self.read_engine.dispose()
        await self._urgent_engine.dispose()
        if self._look_ups is not None:
            await self._look_ups.close()

    async def _look_up_pool(self) -> asyncpg.Pool:
        """The pool of the look-ups, opened by whoever needs it first."""
        async with self._opening_look_ups:
            if self._look_ups is None:
                self._look_ups = await self._open_look_ups()
            return self._look_ups

    async def _open_look_ups(self) -> asyncpg.Pool:
        async def nothing_to_reset(connection: object) -> None:
            """One SELECT in a read-only session leaves nothing behind that would be worth a round trip."""

        return await asyncpg.create_pool(
            connect=connecting(self.url, self._read_settings, seconds=self.patience.connect),
            min_size=0,
            max_size=_LOOK_UP_CONNECTIONS,
            reset=nothing_to_reset,
        )


def _refuse_closed(connection: AdaptedConnection, *_: object) -> None:
    """Have the pool open another connection where the server closed this one: it was ended, or started anew."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _in_a_crowd(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    connection.execute(IN_A_CROWD)
