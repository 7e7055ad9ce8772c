"""The local bus: a log in PostgreSQL, for all services in one process. Durable, and fed by the same outbox.

A topic is one partition. Messages get their offset under the topic's lock, so that offsets are committed in order and
a reader that goes by offset skips nothing. Each group keeps its own progress per topic: one that is stuck holds back
nobody else.
"""

import asyncio
from collections.abc import Sequence

import asyncpg
import orjson

from fangxing.bus import Delivery, Message, without_nulls
from fangxing.database.connecting import PATIENCE, TAKE_LONG, Connect, Patience, connecting

_SCHEMA = """
CREATE TABLE IF NOT EXISTS bus_messages (
    topic text NOT NULL, "offset" bigint NOT NULL, key text NOT NULL,
    header_names text[] NOT NULL, header_values bytea[] NOT NULL, value bytea NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (topic, "offset"));
CREATE TABLE IF NOT EXISTS bus_topics (topic text PRIMARY KEY, next_offset bigint NOT NULL);
CREATE TABLE IF NOT EXISTS bus_progress (
    "group" text NOT NULL, topic text NOT NULL, next_offset bigint NOT NULL, PRIMARY KEY ("group", topic));
"""
_TAKE_OFFSETS = """
INSERT INTO bus_topics AS t (topic, next_offset) VALUES ($1, $2)
ON CONFLICT (topic) DO UPDATE SET next_offset = t.next_offset + $2 RETURNING next_offset - $2"""
_INSERT = """
INSERT INTO bus_messages (topic, "offset", key, header_names, header_values, value) VALUES ($1, $2, $3, $4, $5, $6)"""
_FETCH = """
SELECT m.topic, m."offset", m.key, m.header_names, m.header_values, m.value
FROM unnest($2::text[]) AS wanted (topic)
LEFT JOIN bus_progress p ON p."group" = $1 AND p.topic = wanted.topic
CROSS JOIN LATERAL (
    SELECT * FROM bus_messages m
    WHERE m.topic = wanted.topic
      AND m."offset" >= greatest(coalesce(p.next_offset, 0), coalesce($3::jsonb ->> m.topic, '0')::bigint)
    ORDER BY m."offset" LIMIT 200) m
ORDER BY m.topic, m."offset" """
_COMMIT = """
INSERT INTO bus_progress AS p ("group", topic, next_offset) VALUES ($1, $2, $3)
ON CONFLICT ("group", topic) DO UPDATE SET next_offset = greatest(p.next_offset, $3)"""
_LAG = """
SELECT coalesce(sum(t.next_offset - coalesce(p.next_offset, 0)), 0)::bigint
FROM bus_topics t LEFT JOIN bus_progress p ON p."group" = $1 AND p.topic = t.topic WHERE t.topic = ANY($2)"""
_TAKE_TURN = "SELECT pg_try_advisory_lock(hashtextextended($1, 7))"
_CLOSE_SECONDS = 5.0
_TRIM = """
DELETE FROM bus_messages m USING (SELECT topic, min(next_offset) AS done FROM bus_progress GROUP BY topic) p
WHERE m.topic = p.topic AND m."offset" < p.done AND m.published_at < now() - make_interval(days => $1)"""


def _storable(text: str) -> str:
    """`text` as PostgreSQL takes it, which has no NUL in texts."""
    return text.replace("\x00", "\ufffd")


class LocalBus:
    """A transport over one PostgreSQL database. `dsn` is a libpq address; `await LocalBus.open(...)` prepares it."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", take_turn: Connect) -> None:
        self._pool = pool
        self._take_turn = take_turn
        self._arrived = asyncio.Event()

    @classmethod
    async def open(
        cls, dsn: str, *, pool_size: int = 8, patience: Patience = PATIENCE, frozen_seconds: float = 15.0
    ) -> "LocalBus":
        """Connect to `dsn` and create the log's tables where they are missing.

        A member of a group loses its turn by a silence of `frozen_seconds`.
        """
        settings = patience.settings()
        turn = {**settings, "idle_session_timeout": f"{round(frozen_seconds * 1000)}ms"}
        pool = await asyncpg.create_pool(connect=connecting(dsn, settings), min_size=1, max_size=pool_size)
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(hashtext('fangxing local bus'))")
            await connection.execute(_SCHEMA)
        return cls(pool, connecting(dsn, turn))

    async def publish(self, topic: str, messages: Sequence[Message]) -> list[Exception | None]:
        """Append `messages` to `topic` in one transaction: all become durable or none does."""
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                first = await connection.fetchval(_TAKE_OFFSETS, topic, len(messages))
                await connection.executemany(
                    _INSERT,
                    [
                        (
                            topic,
                            first + index,
                            _storable(message.key),
                            [_storable(name) for name, _ in message.headers],
                            [value for _, value in message.headers],
                            message.value,
                        )
                        for index, message in enumerate(messages)
                    ],
                )
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            return [error] * len(messages)
        self._arrived.set()
        self._arrived = asyncio.Event()
        return [None] * len(messages)

    async def subscribe(self, group: str, topics: Sequence[str]) -> "LocalSubscription":
        """Join `group` on `topics`. One member of a group reads at a time; another waits for its turn."""
        return LocalSubscription(self, group, list(topics))

    async def lag(self, group: str, topics: Sequence[str]) -> int:
        """How many messages the group has not yet committed."""
        lag: int = await self._pool.fetchval(_LAG, group, topics)
        return lag

    async def trim(self, days: int) -> None:
        """Forget messages older than `days` that every known group has passed."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(TAKE_LONG.text)
            await connection.execute(_TRIM, days)

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()

    async def wait(self, seconds: float) -> None:
        """Until something is published in this process, or `seconds` have passed."""
        try:
            await asyncio.wait_for(self._arrived.wait(), seconds)
        except TimeoutError:
            return


class LocalSubscription:
    """One member of a group on the local bus."""

    def __init__(self, bus: LocalBus, group: str, topics: list[str]) -> None:
        self._bus = bus
        self._group = group
        self._topics = topics
        self._seen: dict[str, int] = {}
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._turn = False

    async def poll(self, seconds: float) -> list[Delivery]:
        """The next messages of every topic, in order within a topic."""
        if not await self._has_turn():
            await self._bus.wait(seconds)
            return []
        rows = await self._fetch()
        if not rows:
            await self._bus.wait(min(seconds, 0.2))
            rows = await self._fetch()
        deliveries = [
            Delivery(
                row["topic"],
                0,
                row["offset"],
                Message(
                    row["key"],
                    without_nulls(zip(row["header_names"], row["header_values"], strict=True)),
                    row["value"],
                ),
            )
            for row in rows
        ]
        for delivery in deliveries:
            self._seen[delivery.topic] = delivery.offset + 1
        return deliveries

    async def _fetch(self) -> list["asyncpg.Record"]:
        seen = orjson.dumps({topic: str(offset) for topic, offset in self._seen.items()}).decode()
        # on the connection of the turn: whoever asks for more is not frozen
        assert self._connection is not None
        rows: list[asyncpg.Record] = await self._connection.fetch(_FETCH, self._group, self._topics, seen)
        return rows

    async def _has_turn(self) -> bool:
        """Whether this member's turn has come; the lock stands on a connection of its own, outside the pool."""
        if self._connection is not None and self._connection.is_closed():
            self._connection, self._turn = None, False
        if self._connection is None:
            self._connection = await self._bus._take_turn()
        if not self._turn:
            self._seen.clear()
            self._turn = await self._connection.fetchval(_TAKE_TURN, self._group)
        return self._turn

    async def commit(self, delivery: Delivery) -> None:
        """Everything of the topic up to and including `delivery` is done."""
        await self._bus._pool.execute(_COMMIT, self._group, delivery.topic, delivery.offset + 1)

    async def lag(self) -> int:
        """How many messages the group has not yet committed."""
        return await self._bus.lag(self._group, self._topics)

    async def close(self) -> None:
        """Give the turn to the next member."""
        connection, self._connection, self._turn = self._connection, None, False
        if connection is not None:
            try:
                await connection.close(timeout=_CLOSE_SECONDS)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError):
                connection.terminate()
