"""The worker of a service: consumers on every worker; relay, timers, sealing and imports on the leader alone."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar

import structlog
from aiokafka.errors import KafkaError
from prometheus_client import Counter
from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from fangxing import decision_log, inbox
from fangxing.attachments import attaching
from fangxing.bus import Delivery, Subscription, letters
from fangxing.bus.letters import LetterStatus
from fangxing.bus.local import LocalBus
from fangxing.bus.relay import Relay
from fangxing.database import is_infrastructure
from fangxing.imports.working import work_on_next
from fangxing.inbox import InboxRow
from fangxing.running import timers
from fangxing.running.figures import forget, measure, measure_lag
from fangxing.running.leadership import leadership, wait
from fangxing.running.logs import discreet
from fangxing.running.service import Runtime
from fangxing.running.timers import DailyTimer
from fangxing.telling.sending import forget_told, tell
from fangxing.web.idempotency import IdempotencyRow

log = structlog.get_logger(__name__)

_IDLE_SECONDS = 0.05
_TIMER_SECONDS = 1.0
_SEAL_SECONDS = 1.0
_IMPORT_SECONDS = 1.0
_HOUSEKEEPING_SECONDS = 3600.0
_LONGEST_BACKOFF = 10.0

_T = TypeVar("_T")
Duty = Callable[[], Awaitable[float]]
"""One turn of a duty; how many seconds until the next."""

_RECEIVED = Counter("fangxing_events_received_total", "Events taken in", ["service", "topic"])


async def work(runtime: Runtime, stop: asyncio.Event) -> None:
    """Run the service's background work until `stop`; then finish what is in hand and leave.

    Raises RuntimeError where one half ends by itself, so that whoever supervises the process starts it again.
    """
    async with asyncio.TaskGroup() as group:
        for duty in (_consume(runtime, stop), _lead(runtime, stop)):
            group.create_task(_to_the_end(asyncio.ensure_future(duty), stop))


async def _to_the_end(duty: "asyncio.Future[None]", stop: asyncio.Event) -> None:
    try:
        await asyncio.wait({duty})
    finally:
        duty.cancel()
    if not duty.cancelled():
        duty.result()
    if not stop.is_set():
        raise RuntimeError("background work ended by itself")


async def _lead(runtime: Runtime, stop: asyncio.Event) -> None:
    """Hold the leadership, again and again, and run the leader's duties while it lasts."""

    async def term() -> None:
        async with leadership(runtime.database, stop, frozen_seconds=runtime.settings.frozen_seconds) as held:
            if held is None:
                return
            over = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                for duty in _duties(runtime):
                    group.create_task(_repeat(over, duty))
                await _first_of(stop, held.lost)
                over.set()
            forget(runtime.service.name)

    while not stop.is_set():
        await _patiently(stop, term)


def _duties(runtime: Runtime) -> list[Duty]:
    return [duty(runtime) for duty in (_relay, _timers, _seal, _import, _tell, measure, measure_lag, _housekeeping)]


async def _first_of(*events: asyncio.Event) -> None:
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


async def _repeat(over: asyncio.Event, duty: Duty) -> None:
    while not over.is_set():
        seconds = await _patiently(over, duty)
        if seconds:
            await wait(over, seconds)


async def _patiently(stop: asyncio.Event, action: Callable[[], Awaitable[_T]]) -> _T | None:
    """`action`, tried again with growing pauses until it succeeds; None when `stop` came first."""
    pause = 0.1
    while True:
        try:
            return await action()
        except (OSError, TimeoutError, KafkaError, DBAPIError, PoolTimeout) as error:
            if isinstance(error, DBAPIError) and not is_infrastructure(error):
                log.exception("worker.failed")
            else:
                log.warning("worker.waiting", error=discreet(error), seconds=pause)
        except Exception:
            log.exception("worker.failed")
        if await wait(stop, pause):
            return None
        pause = min(pause * 2, _LONGEST_BACKOFF)


def _relay(runtime: Runtime) -> Duty:
    relay = Relay(runtime.database, runtime.transport, service=runtime.service.name, topic=runtime.service.topic)

    async def turn() -> float:
        return 0.0 if await relay.pump() else _IDLE_SECONDS

    return turn


def _timers(runtime: Runtime) -> Duty:
    async def turn() -> float:
        async with runtime.unit_of_work() as unit:
            pending = await timers.due(unit, list(runtime.service.timers))
        for timer in pending:
            try:
                await _catch_up(runtime, timer)
            except Exception:
                # its day is tried again next turn, and the other timers go on
                log.exception("timer.failed", timer=timer.name)
        return _TIMER_SECONDS

    return turn


async def _catch_up(runtime: Runtime, timer: DailyTimer) -> None:
    more = True
    while more:
        async with runtime.unit_of_work(long=True) as unit:
            more = await timers.step(unit, timer)


def _seal(runtime: Runtime) -> Duty:
    async def turn() -> float:
        async with runtime.unit_of_work(long=True) as unit:
            sealed = await decision_log.seal(unit, runtime.service.name, runtime.signing_key)
        return 0.0 if sealed else _SEAL_SECONDS

    return turn


def _tell(runtime: Runtime) -> Duty:
    async def turn() -> float:
        if runtime.channels.by_name:
            await tell(runtime)
        return runtime.channels.settings.pause_seconds

    return turn


def _import(runtime: Runtime) -> Duty:
    imports = {one.name: one for one in runtime.service.imports}

    async def turn() -> float:
        return 0.0 if imports and await work_on_next(runtime, imports) else _IMPORT_SECONDS

    return turn


async def _forget_repeats(runtime: Runtime) -> None:
    """Forget which requests and events were answered, and who was told what, once nobody repeats them any more."""
    async with runtime.unit_of_work(long=True) as unit:
        requests = unit.system_now - timedelta(days=runtime.settings.idempotency_days)
        events = unit.system_now - timedelta(days=runtime.settings.inbox_days)
        await unit.tx.execute(delete(IdempotencyRow).where(IdempotencyRow.stored_at < requests))
        await unit.tx.execute(delete(InboxRow).where(InboxRow.received_at < events))
        await forget_told(unit, requests)


async def forget_unlinked(runtime: Runtime) -> None:
    """Remove attachments that nothing refers to, and bytes whose request ended before it was stored."""
    if runtime.settings.attachments_url is None:
        return
    old = await runtime.files.older_than(runtime.clock.system.now() - attaching.UNLINKED_FOR)
    async with runtime.unit_of_work() as unit:
        gone = await attaching.forget_unlinked(unit)
        gone += await attaching.unknown(unit, old)
    await runtime.files.remove(gone)


def _housekeeping(runtime: Runtime) -> Duty:
    relay = Relay(runtime.database, runtime.transport, service=runtime.service.name, topic=runtime.service.topic)

    async def turn() -> float:
        await relay.forget(runtime.settings.outbox_days)
        await _forget_repeats(runtime)
        await forget_unlinked(runtime)
        if isinstance(runtime.transport, LocalBus):
            await runtime.transport.trim(runtime.settings.outbox_days)
        return _HOUSEKEEPING_SECONDS

    return turn


async def _consume(runtime: Runtime, stop: asyncio.Event) -> None:
    consumers = runtime.service.consumers
    if not consumers.topics:
        await stop.wait()
        return
    subscription = await runtime.transport.subscribe(consumers.group, consumers.topics)
    try:
        while not stop.is_set():
            batch = await _patiently(stop, partial(subscription.poll, 0.5))
            await _take_batch(runtime, subscription, batch or [], stop)
    finally:
        await subscription.close()


async def _take_batch(runtime: Runtime, subscription: Subscription, batch: list[Delivery], stop: asyncio.Event) -> None:
    """Take a batch one by one, each in its own transaction, and commit the offset of the last of each partition."""
    last: dict[tuple[str, int], Delivery] = {}

    for delivery in batch:
        if stop.is_set() or not await _patiently(stop, partial(_take, runtime, delivery)):
            break
        last[delivery.topic, delivery.partition] = delivery
        _RECEIVED.labels(runtime.service.name, delivery.topic).inc()
    for delivery in last.values():
        await _patiently(stop, partial(subscription.commit, delivery))


async def _take(runtime: Runtime, delivery: Delivery) -> bool:
    """Take one delivery in; what neither the inbox nor the infrastructure accounts for becomes a dead letter too."""
    try:
        async with runtime.unit_of_work() as unit:
            await inbox.receive(unit, runtime.service.consumers, delivery)
    except (OSError, TimeoutError, SQLAlchemyError) as error:
        if not isinstance(error, DBAPIError) or is_infrastructure(error):
            raise
        await _bury(runtime, delivery, error)
    except Exception as error:
        await _bury(runtime, delivery, error)
    return True


async def _bury(runtime: Runtime, delivery: Delivery, error: Exception) -> None:
    log.exception("delivery.failed", topic=delivery.topic, partition=delivery.partition, offset=delivery.offset)
    async with runtime.unit_of_work() as unit:
        reason = f"{type(error).__name__}: {discreet(error)}"
        await letters.bury(unit, delivery, None, LetterStatus.POISON, reason)
