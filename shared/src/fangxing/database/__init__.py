"""A service's own PostgreSQL database: one engine for units of work, one read-only engine for looking things up."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import MetaData
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, registry

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Tx = AsyncSession
"""A session inside the one transaction of a unit of work."""
Reader = AsyncConnection
"""A read-only connection; every statement sees its own snapshot."""


def _decimal_text(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"not JSON: {type(value).__name__}")


def to_json(value: object) -> str:
    """`value` as JSON text, decimals as strings."""
    return orjson.dumps(value, default=_decimal_text).decode()


# SQLSTATE classes that speak of the server or of bad luck, not of the statement: connection, rollback, resources,
# lock not available, operator intervention, system error
_TRANSIENT = frozenset({"08", "40", "53", "55", "57", "58"})


def is_infrastructure(error: DBAPIError) -> bool:
    """Whether the same statement may well succeed later, unchanged."""
    if isinstance(error, (OperationalError, InterfaceError)) or error.connection_invalidated:
        return True
    return str(getattr(error.orig, "sqlstate", None) or "")[:2] in _TRANSIENT


class Table(DeclarativeBase):
    """Base of the machinery's own tables, which stand in every service's database."""

    registry = registry(metadata=MetaData(naming_convention=NAMING))


def metadata() -> MetaData:
    """Empty metadata with the naming convention, for a service's declarative base."""
    return MetaData(naming_convention=NAMING)


class Database:
    """Engines and sessions of one database.

    `url` is an SQLAlchemy URL for asyncpg; `pool_size` bounds the connections for units of work and for reading each.
    """

    def __init__(self, url: str, *, pool_size: int = 10, application: str = "fangxing") -> None:
        self.url = url
        common: dict[str, Any] = {
            "pool_size": pool_size,
            "max_overflow": 0,
            "pool_timeout": 10,
            "json_serializer": to_json,
            "json_deserializer": orjson.loads,
        }
        # jit costs more than it saves on statements this small
        settings = {"application_name": application, "jit": "off"}
        self.engine: AsyncEngine = create_async_engine(url, connect_args={"server_settings": settings}, **common)
        self.read_engine: AsyncEngine = create_async_engine(
            url,
            isolation_level="AUTOCOMMIT",
            connect_args={"server_settings": {**settings, "default_transaction_read_only": "on"}},
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

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
        await self.read_engine.dispose()
