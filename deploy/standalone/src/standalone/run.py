"""All five services in one process: embedded PostgreSQL, one local bus, one port."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from fastapi import FastAPI
from starlette.routing import Mount

from fangxing.bus.local import LocalBus
from fangxing.database import most_connections
from fangxing.running.processes import prepare
from fangxing.running.service import Runtime, Service, running
from fangxing.running.settings import ServiceSettings
from fangxing.running.worker import work
from fangxing.text import Text
from fangxing.web import problems
from fangxing.web.app import create_app
from fangxing_embedded.postgres import EmbeddedPostgres, PostgresServer
from standalone.files import private_key
from standalone.kind import begin, demo_or_real
from standalone.login import Login, SignInBy, signing_in
from standalone.pages import page_routes
from standalone.services import SERVICES, Addresses, attachments_url, signing_key_path
from standalone.serving import HOST, http_server, port_of
from standalone.staff import enter_demo_staff
from standalone.supervision import DATABASE, Progress, Watched, watch
from standalone.users import POOL as LOGIN_POOL

# One budget of connections. Per service: its units of work and its read-only queries, each a pool of this size (the
# leader and the consumer hold one of the first for good), and its reserves; the bus: one turn per service and traffic.
_POOL: Final = 10
_BUS_POOL: Final = 16
_ADMINISTRATION: Final = 14
_CONNECTIONS: Final = 5 * (most_connections(_POOL) + 1) + most_connections(LOGIN_POOL) + _BUS_POOL + _ADMINISTRATION


@dataclass(frozen=True)
class Standalone:
    """A standalone that serves; `parts` are the tasks that end only when it stops."""

    addresses: Addresses
    sign_in: SignInBy
    postgres: EmbeddedPostgres
    parts: tuple["asyncio.Task[None]", ...]

    @property
    def pids(self) -> dict[str, int | None]:
        """The process ids by name, for the ready file: all parts but the database are this process."""
        return {"standalone": os.getpid(), "postgres": self.postgres.pid}

    async def watch(self, say: Progress, changed: Callable[[], None]) -> NoReturn:
        """Start the database again when it ends; raises `BrokenError` when that is in vain, or when a part ends.

        `changed` is called when it runs again.
        """
        await watch([[Watched(DATABASE, self.postgres)]], self.parts, say, changed)


@asynccontextmanager
async def standalone(
    data: Path, listener: socket.socket, *, demo: bool, progress: Progress
) -> AsyncIterator[Standalone]:
    """Everything, on the data in `data` and behind `listener`, for the length of the block.

    Where there are none, demo data are begun; with `demo` nothing but a demo's will do.
    Raises `NotDemoDataError` and `MixedDataError`, and EmbeddedPostgresError where the database cannot be had.
    """
    async with AsyncExitStack() as stack:
        stack.callback(listener.close)
        progress(Text("启动数据库", "starting PostgreSQL"))
        postgres = await asyncio.to_thread(EmbeddedPostgres.start, data / "postgres", max_connections=_CONNECTIONS)
        stack.push_async_callback(asyncio.to_thread, postgres.stop)
        as_demo = await demo_or_real(postgres, demo=demo)
        login = await stack.enter_async_context(signing_in(data, postgres, demo=as_demo))
        await postgres.ensure_database("bus")
        bus = await LocalBus.open(postgres.dsn("bus"), pool_size=_BUS_POOL)
        stack.push_async_callback(bus.close)
        runtimes = {
            name: await stack.enter_async_context(
                _runtime(name, service, postgres, bus, data=data, login=login, demo=as_demo, progress=progress)
            )
            for name, service in SERVICES.items()
        }
        if as_demo:
            await enter_demo_staff(runtimes["customer"])
        workers = await stack.enter_async_context(_workers(runtimes))
        addresses = addresses_on(port_of(listener))
        server = await stack.enter_async_context(http_server(_parent(login, runtimes, addresses), listener))
        yield Standalone(addresses, login.by, postgres, (server, *workers))


def addresses_on(port: int) -> Addresses:
    """Where everything is when it is mounted on one port."""
    base = f"http://{HOST}:{port}"
    services = {name: f"{base}/{name}" for name in SERVICES}
    return Addresses(base, f"{base}/identity", services, {name: f"{url}/metrics" for name, url in services.items()})


@asynccontextmanager
async def _runtime(
    name: str,
    service: Service,
    postgres: PostgresServer,
    bus: LocalBus,
    *,
    data: Path,
    login: Login,
    demo: bool,
    progress: Progress,
) -> AsyncIterator[Runtime]:
    """One service, its database brought to the newest schema."""
    progress(Text(f"准备 {service.title}", f"preparing {service.name}"))
    await postgres.ensure_database(name)
    signing_key = signing_key_path(data, name)
    private_key(signing_key)
    settings: ServiceSettings = service.settings(
        database_url=postgres.url(name),
        pool_size=_POOL,
        kafka=None,
        bus_url=None,
        topic_prefix="",
        signing_key=signing_key,
        attachments_url=attachments_url(data, name),
        demo=demo,
        **login.settings,
    )
    await prepare(service, settings)
    await begin(settings.database_url.get_secret_value(), demo=demo)
    async with running(service, settings, transport=bus) as runtime:
        yield runtime


@asynccontextmanager
async def _workers(runtimes: dict[str, Runtime]) -> AsyncIterator[list["asyncio.Task[None]"]]:
    """The background work of every service; what is in hand is finished at the end of the block."""
    stop = asyncio.Event()
    tasks = [
        asyncio.create_task(work(runtime, stop), name=f"{runtime.service.name} worker") for runtime in runtimes.values()
    ]
    try:
        yield tasks
    finally:
        stop.set()
        await asyncio.gather(*tasks, return_exceptions=True)


def _parent(login: Login, runtimes: dict[str, Runtime], addresses: Addresses) -> FastAPI:
    """One application with every other one mounted below its name."""
    parent = FastAPI(title="放行 fangxing", openapi_url=None, docs_url=None, redoc_url=None)
    problems.install(parent)
    parent.router.routes.extend(page_routes(addresses, login.by, docs=True))
    parent.router.routes.extend(login.routes)
    for name, runtime in runtimes.items():
        parent.router.routes.append(Mount(f"/{name}", create_app(runtime.service, runtime)))
    return parent
