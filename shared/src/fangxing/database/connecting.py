"""The one door to PostgreSQL: engines, pools and single connections are all opened here, by address and patience.

An address is libpq's, TLS and all, for both drivers: `postgresql://user:password@host/name?sslmode=verify-full&
sslrootcert=/etc/ca.crt`. A connection carries its limits, so that whoever holds it can ask for the other ones.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy import text

Connect = Callable[..., Awaitable[Any]]
"""Opens a connection of asyncpg; what it is called with comes from the pool and is not needed."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a connection waits for anything, in seconds.

    `pool` is for a connection that comes free, `lock` for a row somebody else holds, `crowded_lock` for the same while
    half of the pool is taken; `statement` for one statement, `long_statement` for those of work that goes through
    everything; `idle_in_transaction` ends the transaction of a process that froze, and with it its locks.
    """

    connect: float = 5.0
    pool: float = 5.0
    lock: float = 3.0
    crowded_lock: float = 0.5
    statement: float = 10.0
    long_statement: float = 600.0
    idle_in_transaction: float = 15.0

    def settings(self) -> dict[str, str]:
        """As a connection is told when it is opened."""
        return {
            "lock_timeout": _milliseconds(self.lock),
            "statement_timeout": _milliseconds(self.statement),
            "idle_in_transaction_session_timeout": _milliseconds(self.idle_in_transaction),
            "fangxing.crowded_lock_timeout": _milliseconds(self.crowded_lock),
            "fangxing.long_statement_timeout": _milliseconds(self.long_statement),
        }


PATIENCE = Patience()
"""What holds where no settings say otherwise."""

IN_A_CROWD = text("SELECT set_config('lock_timeout', current_setting('fangxing.crowded_lock_timeout'), true)")
"""For the rest of the transaction: give up early where somebody else holds a row."""
TAKE_LONG = text("SELECT set_config('statement_timeout', current_setting('fangxing.long_statement_timeout'), true)")
"""For the rest of the transaction: each statement may take long, for what goes through everything."""


def address(url: str) -> str:
    """`url`, which may name a driver as SQLAlchemy's do, as libpq and asyncpg take it."""
    return "postgresql" + url[url.index(":") :]


def connecting(url: str, settings: Mapping[str, str], *, seconds: float = PATIENCE.connect) -> Connect:
    """What opens a connection to `url` with `settings`, for engines and pools; raises OSError where there is none."""

    async def connect(*_: object, **__: object) -> Any:
        try:
            return await asyncpg.connect(address(url), timeout=seconds, server_settings=dict(settings))
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise OSError(f"no connection to PostgreSQL: {type(error).__name__}") from error

    return connect


def _milliseconds(seconds: float) -> str:
    return f"{max(1, round(seconds * 1000))}ms"
