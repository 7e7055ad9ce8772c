"""Figures for whoever watches a service: what waits, and for how long. The leader of its workers counts them."""

import math
from collections.abc import Awaitable, Callable

from prometheus_client import Gauge
from sqlalchemy import func, select

from fangxing.bus import letters
from fangxing.bus.letters import DeadLetter
from fangxing.decision_log import VerdictRow
from fangxing.running.readiness import outbox_age
from fangxing.running.service import Runtime

_MEASURE_SECONDS = 1.0
_LAG_SECONDS = 5.0

_UNSEALED = Gauge("fangxing_decision_log_unsealed", "Verdicts committed and not yet sealed", ["service"])
_DEAD = Gauge("fangxing_dead_letters", "Dead letters waiting for somebody", ["service", "status"])
_OLDEST = Gauge("fangxing_outbox_oldest_seconds", "Age of the oldest unpublished event", ["service"])
_LAG = Gauge("fangxing_consumer_lag", "Messages not yet taken in; NaN while the broker does not answer", ["service"])

_COUNT_UNSEALED = select(func.count()).select_from(VerdictRow).where(VerdictRow.seal.is_(None))
_COUNT_DEAD = (
    select(DeadLetter.status, func.count()).where(DeadLetter.status.in_(letters.WAITING)).group_by(DeadLetter.status)
)


def measure(runtime: Runtime) -> Callable[[], Awaitable[float]]:
    """What the database knows, counted by three small indexes."""
    service = runtime.service.name

    async def turn() -> float:
        async with runtime.database.reader() as reader:
            _UNSEALED.labels(service).set(await reader.scalar(_COUNT_UNSEALED) or 0)
            _OLDEST.labels(service).set(await outbox_age(reader, runtime.clock.system.now()))
            counts = {status: count for status, count in await reader.execute(_COUNT_DEAD)}
        for status in letters.WAITING:
            _DEAD.labels(service, status).set(counts.get(status, 0))
        return _MEASURE_SECONDS

    return turn


def forget(service: str) -> None:
    """Take back what was counted: whoever leads no longer would say old figures for ever."""
    for gauge in (_UNSEALED, _OLDEST, _LAG):
        gauge.remove(service)
    for status in letters.WAITING:
        _DEAD.remove(service, status)


def measure_lag(runtime: Runtime) -> Callable[[], Awaitable[float]]:
    """How many messages the whole group, all workers together, has not yet taken in."""
    service, consumers = runtime.service.name, runtime.service.consumers

    async def turn() -> float:
        lag = _LAG.labels(service)
        try:
            lag.set(await runtime.transport.lag(consumers.group, consumers.topics))
        except BaseException:
            lag.set(math.nan)
            raise
        return _LAG_SECONDS

    return turn
