"""What a service is to the machinery (`Service`), and a service at work in one process (`Runtime`)."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from fastapi import APIRouter
from sqlalchemy import MetaData

from fangxing import policies
from fangxing.attachments.files import Files
from fangxing.auth import SYSTEM, Principal, TokenRules, TokenVerifier
from fangxing.bus import Transport
from fangxing.bus.kafka import KafkaBus
from fangxing.bus.local import LocalBus
from fangxing.clock import BusinessTime, RealClock, SystemClock, business_time
from fangxing.database import Database, Tx
from fangxing.imports.declaring import Import
from fangxing.inbox import Consumers
from fangxing.jwks import KeySet
from fangxing.organisation import consumers as organisation
from fangxing.organisation.standing import People
from fangxing.policies import PolicyRegistry
from fangxing.running.business_clock import DAYS_AHEAD, BusinessClock, mark
from fangxing.running.features import Features
from fangxing.running.readiness import Readiness
from fangxing.running.settings import ServiceSettings
from fangxing.running.timers import DailyTimer
from fangxing.telling.channels import Channels
from fangxing.work import Work


@dataclass(frozen=True)
class Service:
    """One service: what the machinery has to know to run it.

    `topic` is what it publishes on; `metadata` are its own tables; `migrations` is the folder with their versions.
    """

    name: str
    topic: str
    title: str
    settings: type[ServiceSettings]
    metadata: MetaData
    migrations: Path
    routers: Sequence[APIRouter]
    consumers: Consumers
    policies: PolicyRegistry = field(default_factory=PolicyRegistry)
    timers: Sequence[DailyTimer] = ()
    imports: Sequence[Import] = ()

    @classmethod
    def of_features(
        cls,
        name: str,
        *,
        topic: str,
        title: str,
        settings: type[ServiceSettings],
        metadata: MetaData,
        package: Path,
        features: Sequence[str],
    ) -> "Service":
        """The service `name` whose features are folders of `package`, their routes tried in that order."""
        found = Features(package.name, features)
        consumers = Consumers.joined(name, (found.consumers(name), organisation.consumers))
        return cls(
            name=name,
            topic=topic,
            title=title,
            settings=settings,
            metadata=metadata,
            migrations=package / "migrations",
            routers=found.routers(),
            consumers=consumers,
            policies=found.policies(),
            timers=found.timers(),
            imports=found.imports(),
        )

    @property
    def package(self) -> str:
        """The Python package of the service."""
        return self.name.replace("-", "_")


class Runtime:
    """A service with its database, its transport, its clock and its keys."""

    def __init__(
        self,
        service: Service,
        settings: ServiceSettings,
        database: Database,
        transport: Transport,
        clock: BusinessClock,
        signing_key: Ed25519PrivateKey,
    ) -> None:
        self.service = service
        self.settings = settings
        self.database = database
        self.transport = transport
        self.clock = clock
        self.signing_key = signing_key
        self.files = Files(settings.attachments_url)
        self.channels = Channels.read(settings.telling)
        self.readiness = Readiness(self)
        self.tokens = _verifier(settings)
        required = settings.staff_required
        self.people = People(
            database,
            clock.system,
            seconds=settings.staff_seconds,
            required=not clock.demo if required is None else required,
        )

    async def work(self, tx: Tx, *, actor: Principal | None = None, traceparent: str | None = None) -> Work:
        """A unit of work inside `tx`, by `actor` or by the system."""
        return Work(
            tx=tx,
            time=await self.clock.time(tx),
            system_now=self.clock.system.now(),
            policy_registry=self.service.policies,
            signing_key=self.signing_key,
            actor=actor or SYSTEM,
            staff_required=self.people.required,
            channels_of=self.channels.of,
            traceparent=traceparent,
        )

    @asynccontextmanager
    async def unit_of_work(self, actor: Principal | None = None, *, long: bool = False) -> AsyncIterator[Work]:
        """A unit of work in a transaction of its own, committed at the end of the block; see `Database.transaction`."""
        async with self.database.transaction(long=long) as tx:
            yield await self.work(tx, actor=actor)

    async def business_time(self) -> BusinessTime:
        """The business moment now, for a look-up; raises OSError where the database does not answer."""
        moved = await self.database.look_up(DAYS_AHEAD) if self.clock.demo else None
        return business_time(self.clock.system.now(), moved["days_ahead"] if moved else 0)


@asynccontextmanager
async def running(
    service: Service,
    settings: ServiceSettings,
    *,
    transport: Transport | None = None,
    system_clock: SystemClock | None = None,
) -> AsyncIterator[Runtime]:
    """Start what the service needs, for the length of the block.

    A `transport` that is passed in stays open; otherwise Kafka or the local bus is opened as the settings say.
    """
    async with contextlib.AsyncExitStack() as stack:
        database = Database(
            settings.database_url.get_secret_value(),
            pool_size=settings.pool_size,
            application=service.name,
            patience=settings.patience,
        )
        stack.push_async_callback(database.close)
        if transport is None:
            transport = await _open_transport(settings)
            stack.push_async_callback(transport.close)
        system = system_clock or RealClock()
        async with database.transaction() as tx:
            demo = await mark(tx, demo=settings.demo)
            await policies.seed(tx, service.policies, system.now())
        yield Runtime(
            service,
            settings,
            database,
            transport,
            BusinessClock(system, demo=demo),
            _signing_key(settings.signing_key),
        )


async def _open_transport(settings: ServiceSettings) -> Transport:
    if settings.kafka:
        return KafkaBus(settings.kafka, prefix=settings.topic_prefix)
    if settings.bus_url:
        return await LocalBus.open(
            settings.bus_url.get_secret_value(), patience=settings.patience, frozen_seconds=settings.frozen_seconds
        )
    raise ValueError("neither a Kafka address nor a local bus is set")


def _verifier(settings: ServiceSettings) -> TokenVerifier:
    keys = KeySet(
        settings.jwks,
        refresh_seconds=settings.jwks_refresh_seconds,
        pause_seconds=settings.jwks_pause_seconds,
        outage_seconds=settings.jwks_outage_seconds,
    )
    rules = TokenRules(
        settings.issuer,
        settings.audience,
        roles_claim=settings.roles_claim,
        max_seconds=settings.token_max_seconds,
        leeway_seconds=settings.token_leeway_seconds,
    )
    return TokenVerifier(keys, rules)


def _signing_key(path: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path.name} holds no Ed25519 key")
    return key
