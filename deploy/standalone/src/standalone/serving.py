"""An HTTP server inside an event loop that also does other things, and ending in order when told to."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Coroutine, Generator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from pydantic_settings import SettingsConfigDict
from starlette.types import ASGIApp

from fangxing.running.settings import ServerSettings
from fangxing.web.server import server_config

HOST = "127.0.0.1"


class Settings(ServerSettings):
    """What the one server here takes from whoever connects, from FANGXING_… in the environment.

    In `password_seconds` an account may be guessed at wrongly `password_tries` times from one address and
    `account_tries` times from all addresses together, and one address may guess wrongly `address_tries` times.
    """

    model_config = SettingsConfigDict(env_prefix="FANGXING_")
    password_tries: int = 5
    account_tries: int = 20
    address_tries: int = 50
    password_seconds: int = 300


class PortTakenError(RuntimeError):
    """Somebody else listens on the port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is taken")
        self.port = port


def listen(port: int) -> socket.socket:
    """Take the port, 0 for any free one, for us alone from this moment on; raises `PortTakenError`."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # Connections of the run before, still in TIME_WAIT, do not count.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(256)
    except OSError as error:
        listener.close()
        raise PortTakenError(port) from error
    return listener


def port_of(listener: socket.socket) -> int:
    """The port a listener has."""
    port: int = listener.getsockname()[1]
    return port


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        # Signals are for the whole process, see `until_told`; uvicorn would also raise them again when it is done.
        yield


@asynccontextmanager
async def http_server(app: ASGIApp, listener: socket.socket) -> AsyncIterator["asyncio.Task[None]"]:
    """Serve `app` on `listener` for the length of the block; requests in hand are answered before it ends.

    The task that is given ends early only when the server breaks.
    """
    server = _Server(server_config(app, Settings()))
    task = asyncio.create_task(server.serve(sockets=[listener]), name="HTTP server")
    listening = asyncio.create_task(server.listening.wait())
    try:
        await asyncio.wait([task, listening], return_when=asyncio.FIRST_COMPLETED)
        yield task
    finally:
        listening.cancel()
        server.should_exit = True
        await task


def until_told(main: Coroutine[Any, Any, None]) -> None:
    """Run `main` until it ends, or until SIGINT or SIGTERM cancels it; its blocks are then left in order.

    A second signal cancels the tidying up as well.
    """

    async def guarded() -> None:
        task = asyncio.create_task(main)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, task.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await task

    asyncio.run(guarded())
