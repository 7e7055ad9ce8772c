"""A service's own PostgreSQL database: one engine for units of work, one read-only engine for looking things up."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson
from sqlalchemy import Select, make_url
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from fangxing.database.types import to_json
from fangxing.errors import DomainError

_POOL_SECONDS = 10
_LOOK_UP_CONNECTIONS = 4

Tx = AsyncSession
"""A session inside the one transaction of a unit of work."""
Reader = AsyncConnection
"""A read-only connection; every statement sees its own snapshot."""


# SQLSTATE classes that speak of the server or of bad luck, not of the statement: connection, rollback, resources,
# lock not available, operator intervention, system error
_TRANSIENT = frozenset({"08", "40", "53", "55", "57", "58"})


def is_infrastructure(error: DBAPIError) -> bool:
    """Whether the same statement may well succeed later, unchanged."""
    if isinstance(error, (OperationalError, InterfaceError)) or error.connection_invalidated:
        return True
    return str(getattr(error.orig, "sqlstate", None) or "")[:2] in _TRANSIENT


def does_not_fit(error: DBAPIError) -> bool:
    """Whether a value in the statement is none its type or its column can hold: SQLSTATE class 22."""
    # asyncpg finds some of them before it asks the server, and they have no SQLSTATE
    cause = getattr(error.orig, "__cause__", None)
    found_here = isinstance(cause, asyncpg.InterfaceError) and isinstance(cause, ValueError)
    return found_here or str(getattr(error.orig, "sqlstate", None) or "").startswith("22")


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

    `url` is an SQLAlchemy URL for asyncpg; `pool_size` bounds the connections for units of work and for reading each.
    """

    def __init__(self, url: str, *, pool_size: int = 10, application: str = "fangxing") -> None:
        self.url = url
        common: dict[str, Any] = {
            "pool_size": pool_size,
            "max_overflow": 0,
            "pool_timeout": _POOL_SECONDS,
            "json_serializer": to_json,
            "json_deserializer": orjson.loads,
        }
        # jit costs more than it saves on statements this small
        settings = {"application_name": application, "jit": "off"}
        self._read_settings = {**settings, "default_transaction_read_only": "on"}
        self._look_ups: asyncpg.Pool | None = None
        self._opening_look_ups = asyncio.Lock()
        self.engine: AsyncEngine = create_async_engine(url, connect_args={"server_settings": settings}, **common)
        self.read_engine: AsyncEngine = create_async_engine(
            url,
            isolation_level="AUTOCOMMIT",
            connect_args={"server_settings": self._read_settings},
            **common,
        )

    def session(self) -> Tx:
        """A session for one unit of work; it takes a connection at its first statement."""
        return AsyncSession(self.engine, expire_on_commit=False, autoflush=False)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """One transaction: committed at the end of the block, rolled back when it raises."""
        async with self.session() as session, session.begin():
            yield session

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[Reader]:
        """A read-only connection."""
        async with self.read_engine.connect() as connection:
            yield connection

    async def look_up(self, sql: str, *arguments: object) -> Mapping[str, Any] | None:
        """The first row of `sql` (see `plain_sql`), read-only, or None; raises OSError where there is no answer.

        For look-ups with a queue behind them: straight on asyncpg, which takes a fifth of the time of a `Reader`.
        """
        try:
            pool = self._look_ups or await self._look_up_pool()
            row: Mapping[str, Any] | None = await pool.fetchrow(sql, *arguments)
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise OSError(str(error)) from error
        return row

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
        await self.read_engine.dispose()
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
            make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False),
            min_size=0,
            max_size=_LOOK_UP_CONNECTIONS,
            reset=nothing_to_reset,
            command_timeout=_POOL_SECONDS,
            server_settings=self._read_settings,
        )
