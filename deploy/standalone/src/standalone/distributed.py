"""Ten processes on this machine: an API and a worker for each service, on a real Kafka and embedded PostgreSQL."""

import asyncio
import contextlib
import os
import secrets
import shutil
import subprocess
import sysconfig
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

import httpx
from fastapi import FastAPI

from fangxing.bus.kafka import ensure_topics
from fangxing.running.processes import prepare
from fangxing.running.service import Service
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
from fangxing_embedded.processes import Leash, tail
from standalone.files import private_key, write_whole
from standalone.kind import begin, demo_or_real
from standalone.login import Login, SignInBy, signing_in
from standalone.pages import page_routes
from standalone.run import BrokenError, Progress
from standalone.services import SERVICES, Addresses, signing_key_path
from standalone.serving import HOST, http_server, listen, port_of

_API_POOL: Final = 10
_WORKER_POOL: Final = 4
_ADMINISTRATION: Final = 20
_CONNECTIONS: Final = 5 * 2 * (_API_POOL + _WORKER_POOL) + _ADMINISTRATION
_READY_SECONDS: Final = 90.0
_STOP_SECONDS: Final = 20.0
_POLL_SECONDS: Final = 0.1
_LOG_BYTES: Final = 16 * 1024 * 1024


@dataclass
class Child:
    """One process of ours, with its log. It ends with us, however we end."""

    name: str
    log: Path
    process: "subprocess.Popen[bytes]"
    leash: Leash = field(repr=False)

    @classmethod
    def start(cls, name: str, command: list[str], environment: Mapping[str, str], logs: Path) -> "Child":
        """Start the process with its output in a log of its own."""
        logs.mkdir(parents=True, exist_ok=True)
        log = logs / f"{name}.log"
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal is for us; we end the others in order.
                start_new_session=True,
            )
        return cls(name, log, process, Leash(process.pid, "KILL"))

    def check(self) -> None:
        """Raise `BrokenError` with the last lines of the log if the process has ended."""
        if self.process.poll() is not None:
            raise BrokenError(f"{self.name} ended with {self.process.returncode}\n{tail(self.log)}")


@dataclass(frozen=True)
class Distributed:
    """Ten processes that serve."""

    addresses: Addresses
    sign_in: SignInBy
    kafka: str
    children: tuple[Child, ...]
    server: "asyncio.Task[None]"

    @property
    def pids(self) -> dict[str, int]:
        """The process ids by name: `customer-api`, `customer-worker`, …; `parent` is this process."""
        return {"parent": os.getpid(), **{child.name: child.process.pid for child in self.children}}

    async def watch(self) -> None:
        """Wait for ever; raises `BrokenError` with the last log lines when a process ends by itself."""
        while True:
            for child in self.children:
                child.check()
            if self.server.done():
                raise BrokenError("the login's server ended") from self.server.exception()
            await asyncio.sleep(_POLL_SECONDS)


@asynccontextmanager
async def distributed(data: Path, port: int, *, demo: bool, progress: Progress) -> AsyncIterator[Distributed]:
    """Everything, on the data in `data` (an absolute path), for the length of the block.

    The login is on `port`, the APIs on the next five, the workers' metrics on the five after them; with 0 every port
    is any free one. Where there are no data, demo data are begun; with `demo` nothing but a demo's will do.
    Raises `PortTakenError`, KafkaUnavailableError, EmbeddedPostgresError, `NotDemoDataError` or `MixedDataError`.
    """
    async with AsyncExitStack() as stack:
        listener = listen(port)
        stack.callback(listener.close)
        ports = _ports(port)
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
        stack.push_async_callback(asyncio.to_thread, _stop, children)
        everywhere = {
            "kafka": kafka.bootstrap,
            "topic_prefix": prefix,
            **login.settings,
            "demo": str(as_demo).lower(),
        }
        for name, service in SERVICES.items():
            progress(Text(f"准备 {service.title}", f"preparing {service.name}"))
            own = await _prepare(name, service, everywhere, postgres, data, demo=as_demo)
            children += _start(name, service, {**everywhere, **own}, ports[name], data / "logs")
        progress(Text("等待十个进程就绪", "waiting for ten processes"))
        await _ready(addresses, children)
        yield Distributed(addresses, login.by, kafka.bootstrap, tuple(children), server)


class Ports(NamedTuple):
    """The ports of one service: of its API, and of its worker's metrics."""

    api: int
    metrics: int


def _addresses(port: int, ports: Mapping[str, Ports]) -> Addresses:
    base = f"http://{HOST}:{port}"
    services = {name: f"http://{HOST}:{own.api}" for name, own in ports.items()}
    metrics = {name: f"http://{HOST}:{own.metrics}/metrics" for name, own in ports.items()}
    return Addresses(base, f"{base}/identity", services, metrics)


def _ports(port: int) -> dict[str, Ports]:
    """The ports of each service, found free a moment ago; raises `PortTakenError`."""
    if port == 0:
        return {name: Ports(free_port(), free_port()) for name in SERVICES}
    ports = {name: Ports(port + number, port + len(SERVICES) + number) for number, name in enumerate(SERVICES, 1)}
    for number in chain.from_iterable(ports.values()):
        listen(number).close()
    return ports


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
    own = {"database_url": postgres.url(name), "signing_key": str(signing_key_path(data, name))}
    await prepare(service, service.settings.model_validate({**everywhere, **own}))
    await begin(postgres.url(name), demo=demo)
    return own


def _start(name: str, service: Service, values: Mapping[str, str], ports: Ports, logs: Path) -> list[Child]:
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
        Child.start(f"{name}-api", api, environment, logs),
        Child.start(f"{name}-worker", worker, worker_environment, logs),
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
                    response = await http.get(f"{addresses.services[name]}/health/ready")
                    if response.is_success:
                        waiting.discard(name)
            if time.monotonic() >= deadline:
                raise BrokenError(f"not ready within {_READY_SECONDS:.0f} s: {', '.join(sorted(waiting))}")
            await asyncio.sleep(_POLL_SECONDS)


def _stop(children: list[Child]) -> None:
    """End every process in order, and those that do not listen by force."""
    for child in children:
        child.leash.release()
        child.process.terminate()
    deadline = time.monotonic() + _STOP_SECONDS
    for child in children:
        try:
            child.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


def _pages(login: Login, addresses: Addresses) -> FastAPI:
    """The login and the page for people; documentation pages only work on one port, so there are none."""
    app = FastAPI(title="放行 fangxing", openapi_url=None, docs_url=None, redoc_url=None)
    problems.install(app)
    app.router.routes.extend(page_routes(addresses, login.by, docs=False))
    app.router.routes.extend(login.routes)
    return app
