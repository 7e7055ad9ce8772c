"""The relay: sends what the outbox holds and marks a row published only after the transport's acknowledgement.

Unpublished rows are found by being unpublished, never by a cursor over the serial, which would skip a row that commits
late. After a failure the rows of that key are sent again in order from the first one that failed; the key rests a
moment first, so that one that fails again and again neither fills the batches nor floods the transport.
"""

import time
from collections.abc import Sequence
from typing import Any

import structlog
from prometheus_client import Counter
from sqlalchemy import ARRAY, BigInteger, Row, String, all_, any_, bindparam, delete, func, select, update

from fangxing.bus import Transport
from fangxing.bus.envelope import to_message
from fangxing.database import Database
from fangxing.outbox import OutboxRow

log = structlog.get_logger(__name__)

_BATCH = 1000
_FIRST_REST = 0.2
_LONGEST_REST = 5.0
_PUBLISHED = Counter("fangxing_outbox_published_total", "Events published", ["service"])
_FAILED = Counter("fangxing_outbox_failed_total", "Publishing attempts that failed", ["service"])


# arrays, so that the statements stay the same whatever is in them; rows, since nobody changes them as objects
_UNPUBLISHED = (
    select(*OutboxRow.__table__.columns)
    .where(OutboxRow.published_at.is_(None), OutboxRow.key != all_(bindparam("resting", type_=ARRAY(String))))
    .order_by(OutboxRow.seq)
    .limit(_BATCH)
)
_MARK = (
    update(OutboxRow)
    .where(OutboxRow.seq == any_(bindparam("done", type_=ARRAY(BigInteger))))
    .values(published_at=func.clock_timestamp())
)


class Relay:
    """The relay of one service's outbox to its topic."""

    def __init__(self, database: Database, transport: Transport, *, service: str, topic: str) -> None:
        self._database = database
        self._transport = transport
        self._service = service
        self._topic = topic
        # of each key that failed: how long it rests, and until when
        self._resting: dict[str, tuple[float, float]] = {}

    async def pump(self) -> int:
        """Send one batch; how many rows were published. Less than found means that the transport failed."""
        async with self._database.reader() as reader:
            rows = (await reader.execute(_UNPUBLISHED, {"resting": self._rest()})).all()
        if not rows:
            return 0
        results = await self._transport.publish(self._topic, [to_message(row, self._service) for row in rows])
        failed = {row.key for row, result in zip(rows, results, strict=True) if result is not None}
        self._note(failed, {row.key for row in rows} - failed)
        done = _published(rows, results)
        if done:
            async with self._database.transaction() as tx:
                await (await tx.connection()).execute(_MARK, {"done": done})
        _PUBLISHED.labels(self._service).inc(len(done))
        if len(done) < len(rows):
            _FAILED.labels(self._service).inc()
            failure = next((result for result in results if result is not None), None)
            log.warning("relay.failed", service=self._service, unsent=len(rows) - len(done), error=repr(failure))
        return len(done)

    def _rest(self) -> list[str]:
        now = time.monotonic()
        return [key for key, (_, until) in self._resting.items() if until > now]

    def _note(self, failed: set[str], sent: set[str]) -> None:
        for key in sent:
            self._resting.pop(key, None)
        for key in failed:
            rest = min(self._resting.get(key, (_FIRST_REST / 2, 0.0))[0] * 2, _LONGEST_REST)
            self._resting[key] = (rest, time.monotonic() + rest)

    async def forget(self, days: int) -> None:
        """Delete rows published more than `days` days ago."""
        async with self._database.transaction(long=True) as tx:
            await tx.execute(
                delete(OutboxRow).where(OutboxRow.published_at < func.now() - func.make_interval(0, 0, 0, days))
            )


def _published(rows: Sequence[Row[Any]], results: Sequence[Exception | None]) -> list[int]:
    """The serials that may be marked: of each key, those before its first failure."""
    failed: set[str] = set()
    done: list[int] = []
    for row, result in zip(rows, results, strict=True):
        if result is not None:
            failed.add(row.key)
        elif row.key not in failed:
            done.append(row.seq)
    return done
