"""What a service needs to do its work, as checks that say what it means when one fails.

Some are needed for requests: without them no caller can be served. The others are needed for events: without them
requests go on, the outbox keeps what happened, and what the services know of each other grows old.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import structlog
from sqlalchemy import select

from fangxing.database import Reader
from fangxing.database.migrations import pending_revisions
from fangxing.outbox import OutboxRow
from fangxing.running.logs import discreet
from fangxing.text import Text

if TYPE_CHECKING:
    from fangxing.running.service import Runtime

log = structlog.get_logger(__name__)

_PROBE_SECONDS = 3.0
_AGAIN_SECONDS = 1.0
_OLDEST_UNSENT = select(OutboxRow.recorded_at).where(OutboxRow.published_at.is_(None)).order_by(OutboxRow.seq).limit(1)

_T = TypeVar("_T")


class Status(StrEnum):
    """Of one check, or of all: `unknown` where it could not be looked at, because an earlier one fails."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"


class Need(StrEnum):
    """What does not work while a check fails."""

    REQUESTS = "requests"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a service needs; `unit` is that of what is observed and of its limit."""

    name: str
    needed_for: Need
    passes: Text
    fails: Text
    unit: str | None = None


DATABASE = Check(
    "database",
    Need.REQUESTS,
    Text("数据库有应答", "the database answers"),
    Text("数据库无应答：任何请求都无法处理", "the database does not answer: no request can be served"),
)
MIGRATIONS = Check(
    "migrations",
    Need.REQUESTS,
    Text("数据库结构是最新的", "the database has the newest schema"),
    Text("数据库结构落后于程序：请先运行 migrate", "the schema is older than the program: run migrate first"),
    "revisions",
)
BROKER = Check(
    "broker",
    Need.EVENTS,
    Text("消息服务有应答", "the broker answers"),
    Text(
        "消息服务无应答：请求照常处理，事件留在发件箱，其他服务暂时得不到消息",
        "the broker does not answer: requests go on, events wait in the outbox, other services do not hear of them",
    ),
)
OUTBOX_AGE = Check(
    "outbox-age",
    Need.EVENTS,
    Text("事件按时发出", "events are sent in time"),
    Text(
        "最早的未发事件等待过久：其他服务看到的数字已经过时",
        "the oldest event not yet sent has waited too long: what other services show is out of date",
    ),
    "seconds",
)
CONSUMER_LAG = Check(
    "consumer-lag",
    Need.EVENTS,
    Text("收到的消息及时处理", "messages are taken in as they come"),
    Text(
        "待处理的消息过多：本服务所知的其他服务的数字已经过时",
        "too many messages wait to be taken in: what this service knows of the others is out of date",
    ),
    "messages",
)
UNSEEN = Text("无法查看，因为另一项检查未通过", "cannot be looked at, since another check fails")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check came to; `observed` is None where nothing is counted or nothing could be seen."""

    check: Check
    status: Status
    observed: float | None = None
    limit: float | None = None

    @property
    def meaning(self) -> Text:
        """What it means, for people."""
        if self.status is Status.UNKNOWN:
            return UNSEEN
        return self.check.passes if self.status is Status.PASS else self.check.fails


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database says: revisions not applied, and the age of the oldest event not yet sent, in seconds."""

    pending: int
    outbox_age: float


def requests_findings(stored: Stored | None) -> list[Finding]:
    """The checks needed for requests, by what the database says; None where it does not answer."""
    return [answering(DATABASE, stored), counted(MIGRATIONS, None if stored is None else stored.pending, 0)]


def events_findings(stored: Stored | None, lag: int | None, *, oldest_allowed: float, most_lag: int) -> list[Finding]:
    """The checks needed for events; `lag` is None where the broker does not answer."""
    return [
        answering(BROKER, lag),
        counted(OUTBOX_AGE, None if stored is None else stored.outbox_age, oldest_allowed),
        counted(CONSUMER_LAG, lag, most_lag),
    ]


def answering(check: Check, answer: object | None) -> Finding:
    """Whether there was any answer."""
    return Finding(check, Status.FAIL if answer is None else Status.PASS)


def counted(check: Check, observed: float | None, limit: float) -> Finding:
    """Whether what was observed is within its limit."""
    if observed is None:
        return Finding(check, Status.UNKNOWN, None, limit)
    return Finding(check, Status.PASS if observed <= limit else Status.FAIL, observed, limit)


async def outbox_age(reader: Reader, now: datetime) -> float:
    """For how many seconds the oldest event not yet sent has waited; 0 where there is none."""
    oldest: datetime | None = await reader.scalar(_OLDEST_UNSENT)
    return max(0.0, (now - oldest).total_seconds()) if oldest is not None else 0.0


class Readiness:
    """Looks at what the service needs, each thing at most once a second however many ask."""

    def __init__(self, runtime: "Runtime") -> None:
        self._runtime = runtime
        self._stored = _Probe(self._look_at_database)
        self._lag = _Probe(self._look_at_broker)

    async def for_requests(self) -> list[Finding]:
        """The checks needed for requests."""
        return requests_findings(await self._stored.answer())

    async def for_all(self) -> list[Finding]:
        """All checks."""
        settings = self._runtime.settings
        stored, lag = await asyncio.gather(self._stored.answer(), self._lag.answer())
        return [
            *requests_findings(stored),
            *events_findings(
                stored, lag, oldest_allowed=settings.ready_outbox_seconds, most_lag=settings.ready_consumer_lag
            ),
        ]

    async def _look_at_database(self) -> Stored:
        service = self._runtime.service
        async with self._runtime.database.reader() as reader:
            pending = await pending_revisions(reader, service.migrations, service.metadata)
            age = 0.0 if pending else await outbox_age(reader, self._runtime.clock.system.now())
            return Stored(len(pending), age)

    async def _look_at_broker(self) -> int:
        consumers = self._runtime.service.consumers
        return await self._runtime.transport.lag(consumers.group, consumers.topics)


class _Probe(Generic[_T]):
    """The answer of something that may be away or hang; the last one for as long as it is fresh."""

    def __init__(self, ask: Callable[[], Coroutine[Any, Any, _T]]) -> None:
        self._ask = ask
        self._turn = asyncio.Lock()
        self._fresh_until = 0.0
        self._answer: _T | None = None

    async def answer(self) -> _T | None:
        """None where there is no answer within three seconds."""
        async with self._turn:
            if time.monotonic() >= self._fresh_until:
                self._answer = await self._asked()
                self._fresh_until = time.monotonic() + _AGAIN_SECONDS
            return self._answer

    async def _asked(self) -> _T | None:
        asking = asyncio.ensure_future(self._ask())
        try:
            # not `wait_for`, which waits for what it has cancelled: a frozen server does not answer to that either
            await asyncio.wait({asking}, timeout=_PROBE_SECONDS)
            if not asking.done() or asking.cancelled():
                raise TimeoutError(f"no answer within {_PROBE_SECONDS:g} s")
            return asking.result()
        except Exception as error:
            log.warning("readiness.no_answer", error=discreet(error))
            return None
        finally:
            asking.cancel()
