"""A service under test: a migrated database of its own, the application behind httpx, events in and events out."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, NotRequired, TextIO, TypedDict, Unpack
from uuid import UUID, uuid4

import httpx
import orjson
import structlog
from pydantic import BaseModel
from sqlalchemy import select

from fangxing import inbox
from fangxing.bus import Delivery, Transport
from fangxing.bus.envelope import to_message
from fangxing.bus.local import LocalBus
from fangxing.clock import SystemClock
from fangxing.database import Database
from fangxing.database.migrations import MACHINERY, migrate
from fangxing.database.types import to_json
from fangxing.decision_log import VerdictRow
from fangxing.ids import new_id
from fangxing.labels import label_of
from fangxing.outbox import OutboxRow
from fangxing.running.logs import traceback_of
from fangxing.running.service import Runtime, Service, running
from fangxing.running.settings import ServiceSettings
from fangxing.web.app import create_app
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.identity import AUDIENCE, ISSUER, Identities
from fangxing_testing.net import net_of
from fangxing_testing.servers import create_database, drop_database, template_database


class FixedClock:
    """A system clock that stands still until it is told to move."""

    def __init__(self, now: datetime | None = None) -> None:
        self._now = now or datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The moment it stands at; by default Monday 2 March 2026, nine o'clock at the factory."""
        return self._now

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Move forward."""
        self._now += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)

    def set(self, now: datetime) -> None:
        """Stand at `now`."""
        self._now = now


class Published(NamedTuple):
    """One event in the outbox."""

    type: str
    document: str
    version: int | None
    data: dict[str, Any]


class Headers(TypedDict):
    """What an event arrives with; `position` is "epoch.version"."""

    key: str
    document: str
    version: NotRequired[int | None]
    position: NotRequired[str | None]
    event_id: NotRequired[UUID | None]


@dataclass
class ServiceUnderTest:
    """A running service with a client. Requests carry no credentials unless `as_` gives some."""

    service: Service
    runtime: Runtime
    client: httpx.AsyncClient
    identities: Identities
    _delivered: dict[str, int] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        """The service's database."""
        return self.runtime.database

    async def get(self, path: str, *, as_: Mapping[str, str] | None = None, **params: Any) -> httpx.Response:
        """GET `path` with `params` as its query."""
        return await self.client.get(path, headers=as_ or {}, params=params or None)

    async def post(
        self,
        path: str,
        json: Any = None,
        *,
        as_: Mapping[str, str] | None = None,
        key: str | None = None,
        method: str = "POST",
    ) -> httpx.Response:
        """POST `json` to `path` with the idempotency key `key`, a fresh one by default."""
        headers = {"Idempotency-Key": key or uuid4().hex, **(as_ or {})}
        return await self.client.request(method, path, headers=headers, json={} if json is None else json)

    async def deliver(
        self, event_type: str, data: Mapping[str, Any] | BaseModel | bytes, **headers: Unpack[Headers]
    ) -> Delivery:
        """Let an event arrive from the bus as the worker would take it in; the delivery can be given to `receive`."""
        delivery = self.delivery(event_type, data, **headers)
        await self.receive(delivery)
        return delivery

    def delivery(
        self, event_type: str, data: Mapping[str, Any] | BaseModel | bytes, **headers: Unpack[Headers]
    ) -> Delivery:
        """The delivery of an event; bytes as `data` go as they are."""
        topic = event_type.partition(".")[0]
        body = data if isinstance(data, bytes) else b"{}"
        if isinstance(data, BaseModel):
            body = data.model_dump_json().encode()
        elif not isinstance(data, bytes):
            body = to_json(dict(data)).encode()
        row = OutboxRow(
            id=headers.get("event_id") or new_id(),
            type=event_type,
            key=headers["key"],
            document=headers["document"],
            version=headers.get("version"),
            position=headers.get("position"),
            data="{}",
            recorded_at=self.runtime.clock.system.now(),
        )
        message = to_message(row, topic)
        offset = self._delivered[topic] = self._delivered.get(topic, -1) + 1
        return Delivery(topic, 0, offset, type(message)(message.key, message.headers, body))

    async def receive(self, delivery: Delivery) -> None:
        """Take a delivery in, in a unit of work of its own, exactly as the worker does."""
        async with self.runtime.unit_of_work() as unit:
            await inbox.receive(unit, self.service.consumers, delivery)

    async def published(self, event_type: str | None = None) -> list[Published]:
        """What the service has recorded for publishing, in order; of one type on request."""
        statement = select(OutboxRow.type, OutboxRow.document, OutboxRow.version, OutboxRow.data)
        if event_type is not None:
            statement = statement.where(OutboxRow.type == event_type)
        async with self.database.reader() as reader:
            rows = await reader.execute(statement.order_by(OutboxRow.seq))
            return [Published(row.type, row.document, row.version, orjson.loads(row.data)) for row in rows]


@asynccontextmanager
async def service_under_test(
    service: Service,
    postgres: PostgresServer,
    identities: Identities,
    *,
    system_clock: SystemClock | None = None,
    demo: bool = False,
    transport: Transport | None = None,
    **settings: Any,
) -> AsyncIterator[ServiceUnderTest]:
    """Run `service` in a database of its own for the length of the block.

    Raises AssertionError at its end where a verdict kept in it has an input without a label.
    Without a `transport` it gets a local bus inside that database. `settings` are further settings of the service.
    """
    _log_plainly()
    name = await create_database(postgres, await migrated_template(service, postgres))
    try:
        configured = settings_for(service, postgres, name, identities, demo=demo, **settings)
        async with (
            running(service, configured, transport=transport, system_clock=system_clock) as runtime,
            client_of(service, runtime) as client,
        ):
            yield ServiceUnderTest(service, runtime, client, identities)
            if names := await _unlabelled_inputs(runtime.database):
                raise AssertionError(f"inputs of verdicts that have no label: {names}")
    finally:
        await drop_database(postgres, name)


async def _unlabelled_inputs(database: Database) -> list[str]:
    """The inputs of kept verdicts that no `labels` name, so that people would read a name of the code."""
    async with database.reader() as reader:
        contents = (await reader.execute(select(VerdictRow.content))).scalars().all()
    return sorted({name for content in contents for name in content["inputs"] if label_of(name) is None})


def _log_plainly() -> None:
    """As discreet as in production; structlog itself paints every traceback with all variables, in seconds each."""

    def paint(output: TextIO, raised: Any) -> None:
        output.write(traceback_of(raised[1]))

    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=paint)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, renderer]
    )


def settings_for(
    service: Service, postgres: PostgresServer, database: str, identities: Identities, **settings: Any
) -> ServiceSettings:
    """Settings of `service` for a test, with a local bus inside its own database; `settings` replace them."""
    defaults: dict[str, Any] = {
        "database_url": postgres.url(database),
        "bus_url": postgres.dsn(database),
        "jwks": str(identities.jwks),
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "signing_key": identities.signing_key,
        "attachments_url": (identities.jwks.parent / "attachments").as_uri(),
        "pool_size": 5,
        # the tests of many at once are about who wins and not about who waits how long on a crowded machine
        "lock_seconds": 30,
        "crowded_lock_seconds": 30,
        "pool_seconds": 30,
        "statement_seconds": 60,
    }
    return service.settings(**{**defaults, **settings})


@asynccontextmanager
async def client_of(service: Service, runtime: Runtime, *, held: bool = True) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service's application in this process; what breaks inside is a 500 and not an exception.

    Every answer is held against the service's document, unless `held` is False: a measurement measures the service.
    """

    async def hold(response: httpx.Response) -> None:
        await response.aread()
        net_of(service).hold(response)

    app = httpx.ASGITransport(create_app(service, runtime), raise_app_exceptions=False)
    hooks = {"response": [hold]} if held else {}
    async with httpx.AsyncClient(transport=app, base_url="http://service", event_hooks=hooks) as client:
        yield client


async def migrated_template(service: Service, postgres: PostgresServer) -> str:
    """The name of a database with the newest schema of `service`, made once per run and set of migrations."""
    scripts = service.migrations

    async def build(url: str) -> None:
        await migrate(url, scripts, service.metadata)
        bus = await LocalBus.open(url)
        await bus.close()

    return await template_database(postgres, f"{service.name.replace('-', '_')[:20]}_{_digest(scripts)}", build)


def _digest(scripts: Path) -> str:
    digest = hashlib.sha256()
    for folder in (MACHINERY.versions, scripts):
        for path in sorted(folder.rglob("*.py")):
            digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]
