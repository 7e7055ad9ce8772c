"""One leader per database for the work that must not be done twice at once: relay, timers, sealing.

The leader holds an advisory lock on a connection of its own and shows a heartbeat on it. `idle_session_timeout` ends
the connection of a leader that froze, and with it the lock.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from fangxing.database import Database
from fangxing.running.logs import discreet

log = structlog.get_logger(__name__)

_HEARTBEATS = 5
"""How many heartbeats a leader has time for before it counts as frozen."""


class Leadership:
    """Leadership of one database, while it lasts."""

    def __init__(self) -> None:
        self.lost = asyncio.Event()


@asynccontextmanager
async def leadership(
    database: Database, stop: asyncio.Event, duty: str = "background", *, frozen_seconds: float = 15.0
) -> AsyncIterator[Leadership | None]:
    """Wait for the leadership of `duty` and hold it for the block; None when `stop` came first.

    It is lost by a silence of `frozen_seconds`.
    """
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        try:
            await connection.execute(text(f"SET idle_session_timeout = {round(frozen_seconds * 1000)}"))
            if not await _acquire(connection, stop, duty):
                yield None
                return
            held = Leadership()
            heartbeat = asyncio.create_task(_heartbeat(connection, held, frozen_seconds / _HEARTBEATS))
            try:
                yield held
            finally:
                heartbeat.cancel()
                await asyncio.gather(heartbeat, return_exceptions=True)
        finally:
            # the connection must not go back to the pool with the lock and the timeout on it
            await connection.invalidate()


async def _acquire(connection: AsyncConnection, stop: asyncio.Event, duty: str) -> bool:
    lock = text("SELECT pg_try_advisory_lock(hashtextextended(:duty, 1))")
    while not stop.is_set():
        if await connection.scalar(lock, {"duty": f"leader:{duty}"}):
            return True
        await wait(stop, 1.0)
    return False


async def _heartbeat(connection: AsyncConnection, held: Leadership, seconds: float) -> None:
    try:
        while True:
            await asyncio.sleep(seconds)
            await connection.execute(text("SELECT 1"))
    except (DBAPIError, OSError) as error:
        log.warning("leadership.lost", error=discreet(error))
        held.lost.set()


async def wait(event: asyncio.Event, seconds: float) -> bool:
    """Whether `event` was set within `seconds`."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
