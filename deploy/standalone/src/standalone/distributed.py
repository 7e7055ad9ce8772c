"""Ten processes on this machine: an API and a worker for each service, on a real Kafka and embedded PostgreSQL."""

import asyncio
import contextlib
import os
import secrets
import shutil
import socket
import sysconfig
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, NoReturn

import httpx
from fastapi import FastAPI

from fangxing.bus.kafka import ensure_topics
from fangxing.database import most_connections
from fangxing.running.processes import prepare
from fangxing.running.service import Service, running
from fangxing.text import Text
from fangxing.web import problems
from fangxing_embedded.kafka import (
    ADDRESS_VARIABLE,
    ApacheKafka,
    KafkaBroker,
    free_port,
    obtain_kafka,
)
from fangxing_embedded.kafka_ready import KafkaUnavailableError
from fangxing_embedded.postgres import EmbeddedPostgres, PostgresServer
from standalone.children import Child, stop_all
from standalone.files import private_key, write_whole
from standalone.kind import begin, demo_or_real
from standalone.login import Login, SignInBy, signing_in
from standalone.pages import page_routes
from standalone.services import SERVICES, Addresses, attachments_url, signing_key_path
from standalone.serving import HOST, http_server, port_of
from standalone.staff import enter_demo_staff
from standalone.supervision import DATABASE, BrokenError, Progress, Watched, watch
from standalone.users import POOL as LOGIN_POOL

_API_POOL: Final = 10
_WORKER_POOL: Final = 4
_ADMINISTRATION: Final = 20
_CONNECTIONS: Final = (
    5 * (most_connections(_API_POOL) + most_connections(_WORKER_POOL)) + most_connections(LOGIN_POOL) + _ADMINISTRATION
)
_READY_SECONDS: Final = 90.0
_POLL_SECONDS: Final = 0.1


@dataclass(frozen=True)
class Distributed:
    """Ten processes that serve, and what they stand on; `broker` is None where it is not ours to watch."""

    addresses: Addresses
    sign_in: SignInBy
    postgres: EmbeddedPostgres
    broker: ApacheKafka | None
    children: tuple[Child, ...]
    server: "asyncio.Task[None]"

    @property
    def pids(self) -> dict[str, int | None]:
        """The process ids by name: `customer-api`, `customer-worker`, …; `parent` is this process."""
        servers = {"postgres": self.postgres.pid} | ({"kafka": self.broker.pid} if self.broker is not None else {})
        return {"parent": os.getpid(), **servers, **{child.name: child.pid for child in self.children}}

    async def watch(self, say: Progress, changed: Callable[[], None]) -> NoReturn:
        """Start again what ends, each alone, and the servers before who needs them.

        `changed` is called when what had ended runs again. Raises `BrokenError` when something does not stay up.
        """
        servers = [Watched(DATABASE, self.postgres)]
        if self.broker is not None:
            servers.append(Watched(Text("Kafka", "Kafka"), self.broker))
        children = [Watched(Text(child.name, child.name), child) for child in self.children]
        await watch([servers, children], [self.server], say, changed)


@asynccontextmanager
async def distributed(
    data: Path, listener: socket.socket, ports: Mapping[str, "Ports"], *, demo: bool, progress: Progress
) -> AsyncIterator[Distributed]:
    """Everything, on the data in `data` (an absolute path), for the length of the block.

    The login is behind `listener`, each service on its `ports`. Where there are no data, demo data are begun; with
    `demo` nothing but a demo's will do. Raises KafkaUnavailableError, EmbeddedPostgresError, `BrokenError`,
    `NotDemoDataError` or `MixedDataError`.
    """
    async with AsyncExitStack() as stack:
        stack.callback(listener.close)
        prefix = _topic_prefix(data)
        kafka = await _start_kafka(stack, data, prefix, progress)
        progress(Text("启动数据库", "starting PostgreSQL"))
        postgres = await asyncio.to_thread(EmbeddedPostgres.start, data / "postgres", max_connections=_CONNECTIONS)
        stack.push_async_callback(asyncio.to_thread, postgres.stop)
        as_demo = await demo_or_real(postgres, demo=demo)
        login = await stack.enter_async_context(signing_in(data, postgres, demo=as_demo))
        addresses = _addresses(port_of(listener), ports)
        server = await stack.enter_async_context(http_server(_pages(login, addresses), listener))
        children: list[Child] = []
        stack.push_async_callback(asyncio.to_thread, stop_all, children)
        everywhere = {
            "kafka": kafka.bootstrap,
            "topic_prefix": prefix,
            **login.settings,
            "demo": str(as_demo).lower(),
        }
        for name, service in SERVICES.items():
            progress(Text(f"准备 {service.title}", f"preparing {service.name}"))
            own = await _prepare(name, service, everywhere, postgres, data, demo=as_demo)
            for child in _children(name, service, {**everywhere, **own}, ports[name], data / "logs"):
                children.append(child)
                child.resume()
        progress(Text("等待十个进程就绪", "waiting for ten processes"))
        await _ready(addresses, children)
        broker = kafka if isinstance(kafka, ApacheKafka) else None
        yield Distributed(addresses, login.by, postgres, broker, tuple(children), server)


class Ports(NamedTuple):
    """The ports of one service: of its API, and of its worker's metrics."""

    api: int
    metrics: int


def _addresses(port: int, ports: Mapping[str, Ports]) -> Addresses:
    base = f"http://{HOST}:{port}"
    services = {name: f"http://{HOST}:{own.api}" for name, own in ports.items()}
    metrics = {name: f"http://{HOST}:{own.metrics}/metrics" for name, own in ports.items()}
    return Addresses(base, f"{base}/identity", services, metrics)


def ports_from(port: int) -> dict[str, Ports]:
    """The ports of each service: the APIs have the five after `port`, the metrics the next; for 0 any free ones."""
    if port == 0:
        return {name: Ports(free_port(), free_port()) for name in SERVICES}
    return {name: Ports(port + number, port + len(SERVICES) + number) for number, name in enumerate(SERVICES, 1)}


async def _start_kafka(stack: AsyncExitStack, data: Path, prefix: str, progress: Progress) -> KafkaBroker:
    """A broker with the services' topics, until `stack` ends."""
    progress(Text("启动 Kafka", "starting Kafka"))
    kafka = await asyncio.to_thread(_real_kafka, data / "kafka")
    stack.push_async_callback(asyncio.to_thread, kafka.stop)
    progress(Text(f"Kafka：{kafka.bootstrap}（{kafka.flavour}）", f"Kafka at {kafka.bootstrap} ({kafka.flavour})"))
    await ensure_topics(kafka.bootstrap, [prefix + service.topic for service in SERVICES.values()])
    return kafka


def _real_kafka(data: Path) -> KafkaBroker:
    """The broker at FANGXING_KAFKA; else Apache Kafka, whose messages survive a restart as our data do; else Docker's.

    Raises KafkaUnavailableError rather than use a mock.
    """
    if not os.environ.get(ADDRESS_VARIABLE) and shutil.which("java") and shutil.which("mvn"):
        return ApacheKafka.start(data)
    broker = obtain_kafka(data)
    if broker.flavour == "mock":
        broker.stop()
        raise KafkaUnavailableError(f"a real Kafka is needed: Java 17 and Maven, Docker, or {ADDRESS_VARIABLE}")
    return broker


def _topic_prefix(data: Path) -> str:
    """The prefix of these data's topics and groups, so that a broker shared with others never mixes them up."""
    path = data / "topic-prefix"
    if not path.exists():
        write_whole(path, f"fx-{secrets.token_hex(4)}-".encode())
    return path.read_text()


async def _prepare(
    name: str,
    service: Service,
    everywhere: Mapping[str, str],
    postgres: PostgresServer,
    data: Path,
    *,
    demo: bool,
) -> dict[str, str]:
    """Key and database of a service, with the newest schema and marked; the settings that name them."""
    await postgres.ensure_database(name)
    private_key(signing_key_path(data, name))
    own = {
        "database_url": postgres.url(name),
        "signing_key": str(signing_key_path(data, name)),
        "attachments_url": attachments_url(data, name),
    }
    settings = service.settings.model_validate({**everywhere, **own})
    await prepare(service, settings)
    await begin(postgres.url(name), demo=demo)
    if demo and name == "customer":
        async with running(service, settings) as runtime:
            await enter_demo_staff(runtime)
    return own


def _children(name: str, service: Service, values: Mapping[str, str], ports: Ports, logs: Path) -> list[Child]:
    """The two processes of a service, its settings in their environment."""
    prefix = service.settings.model_config["env_prefix"]
    environment = {
        **{variable: value for variable, value in os.environ.items() if not variable.startswith(prefix)},
        **{prefix + setting.upper(): value for setting, value in values.items()},
        f"{prefix}POOL_SIZE": str(_API_POOL),
    }
    command = str(Path(sysconfig.get_path("scripts")) / service.name)
    api = [command, "api", "--host", HOST, "--port", str(ports.api)]
    worker = [command, "worker", "--metrics-port", str(ports.metrics)]
    worker_environment = {**environment, f"{prefix}POOL_SIZE": str(_WORKER_POOL)}
    return [
        Child(f"{name}-api", api, environment, logs / f"{name}-api.log"),
        Child(f"{name}-worker", worker, worker_environment, logs / f"{name}-worker.log"),
    ]


async def _ready(addresses: Addresses, children: list[Child]) -> None:
    """Wait until every API answers; raises `BrokenError` when a process ends meanwhile or the time is over."""
    waiting = set(addresses.services)
    deadline = time.monotonic() + _READY_SECONDS
    async with httpx.AsyncClient(timeout=5.0, trust_env=False) as http:
        while waiting:
            for child in children:
                child.check()
            for name in sorted(waiting):
                with contextlib.suppress(httpx.TransportError):
                    response = await http.get(f"{addresses.services[name]}/health/serving")
                    if response.is_success:
                        waiting.discard(name)
            if time.monotonic() >= deadline:
                names = ", ".join(sorted(waiting))
                raise BrokenError(
                    Text(
                        f"{_READY_SECONDS:.0f} 秒内未就绪：{names}", f"not ready within {_READY_SECONDS:.0f} s: {names}"
                    )
                )
            await asyncio.sleep(_POLL_SECONDS)


def _pages(login: Login, addresses: Addresses) -> FastAPI:
    """The login and the page for people; documentation pages only work on one port, so there are none."""
    app = FastAPI(title="放行 fangxing", openapi_url=None, docs_url=None, redoc_url=None)
    problems.install(app)
    app.router.routes.extend(page_routes(addresses, login.by, docs=False))
    app.router.routes.extend(login.routes)
    return app
