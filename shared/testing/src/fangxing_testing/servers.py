"""One PostgreSQL and one Kafka for all processes of a test run, and databases of their own for tests.

The first worker that asks for a server starts a keeper process (`python -m fangxing_testing.servers`), which
owns the server; the others read its address from the run's directory. The controller ends the keepers, and a
keeper ends by itself when the controller is gone, however it went.
"""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fangxing_embedded.kafka import (
    ADDRESS_VARIABLE,
    Flavour,
    KafkaBroker,
    RunningKafka,
    obtain_kafka,
)
from fangxing_embedded.postgres import EmbeddedPostgres, PostgresServer, quote_identifier, sqlstate
from fangxing_embedded.processes import POLL_SECONDS, FileLock, tail

RUN_VARIABLE: Final = "FANGXING_TEST_RUN"
POSTGRES_VARIABLE: Final = "FANGXING_TEST_POSTGRES"
Kind = Literal["postgres", "kafka"]
_KINDS: Final[tuple[Kind, ...]] = ("postgres", "kafka")
# The first Kafka of a machine is downloaded.
_START_SECONDS: Final = 900.0
_STOP_SECONDS: Final = 45.0
_FOR_EVER: Final = 10.0**9


class ServerUnavailableError(RuntimeError):
    """A server the tests need cannot be started; the message says why."""


class TestRun:
    """The directory all processes of one run of pytest share."""

    __test__ = False  # not a test class, whatever its name looks like

    def __init__(self, directory: Path, controller: FileLock | None = None) -> None:
        self.directory: Final = directory
        self._controller = controller

    @classmethod
    def open(cls) -> "TestRun":
        """Begin a run, as its controller."""
        directory = Path(tempfile.mkdtemp(prefix="fangxing-tests-"))
        controller = FileLock(directory / "controller.lock")
        controller.acquire(0)
        return cls(directory, controller)

    @property
    def name(self) -> str:
        """Short and unique; part of the names of the run's databases."""
        return self.directory.name.rpartition("-")[2].lower()

    def postgres(self) -> PostgresServer:
        """The run's PostgreSQL, or the one at FANGXING_TEST_POSTGRES. Raises ServerUnavailableError."""
        given = os.environ.get(POSTGRES_VARIABLE, "").strip()
        return PostgresServer(given or self._server("postgres")["address"])

    def kafka(self) -> KafkaBroker:
        """The run's broker; to be shared, so nobody halts it. Raises ServerUnavailableError."""
        given = os.environ.get(ADDRESS_VARIABLE, "").strip()
        if given:
            return obtain_kafka(self.directory)
        found = self._server("kafka")
        flavour: Flavour = found["flavour"]  # type: ignore[assignment]
        return RunningKafka(found["address"], flavour)

    def close(self) -> None:
        """End the servers of the run and remove its directory; for the controller only."""
        for kind in _KINDS:
            self._end_keeper(kind)
        given = os.environ.get(POSTGRES_VARIABLE, "").strip()
        if given:
            asyncio.run(_drop_databases_of(PostgresServer(given), self.name))
        if self._controller is not None:
            self._controller.release()
        shutil.rmtree(self.directory, ignore_errors=True)

    def notices(self) -> list[str]:
        """What whoever reads the test report should know of the servers."""
        lines: list[str] = []
        for kind in _KINDS:
            state = self._read(kind)
            if state is not None:
                what = state.get("error") or f"{state['flavour']} at {state['address']}"
                lines.append(f"{kind}: {what}")
                log = tail(self._file(kind, "log"))
                if state.get("flavour") == "mock" and log:
                    lines.append(log)
        return lines

    def _server(self, kind: Kind) -> dict[str, str]:
        lock = FileLock(self._file(kind, "lock"))
        if not lock.acquire(_START_SECONDS):
            raise ServerUnavailableError(f"{kind}: process {lock.holder()} is still starting it")
        try:
            state = self._read(kind) or self._start_keeper(kind)
        finally:
            lock.release()
        if "error" in state:
            raise ServerUnavailableError(f"{kind}: {state['error']}")
        return state

    def _start_keeper(self, kind: Kind) -> dict[str, str]:
        log = self._file(kind, "log")
        with log.open("ab") as output:
            keeper = subprocess.Popen(
                [sys.executable, "-m", "fangxing_testing.servers", kind, str(self.directory)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Neither Ctrl-C nor the end of this worker is for the keeper.
                start_new_session=True,
            )
        self._file(kind, "pid").write_text(str(keeper.pid))
        deadline = time.monotonic() + _START_SECONDS
        while True:
            ended = keeper.poll() is not None
            state = self._read(kind)
            if state is not None:
                # Its end is for the controller; Popen shall not complain that it still runs.
                keeper.returncode = keeper.returncode or 0
                return state
            if ended or time.monotonic() >= deadline:
                return {"error": f"the keeper {'ended' if ended else 'hangs'}:\n{tail(log)}"}
            time.sleep(POLL_SECONDS)

    def _end_keeper(self, kind: Kind) -> None:
        try:
            pid = int(self._file(kind, "pid").read_text())
        except (OSError, ValueError):
            return
        # The keeper holds this lock while it lives, so its process id cannot be somebody else's by now.
        alive = FileLock(self._file(kind, "alive"))
        for number in (signal.SIGTERM, signal.SIGKILL):
            if alive.acquire(0):
                break
            with suppress(ProcessLookupError):
                os.kill(pid, number)
            if alive.acquire(_STOP_SECONDS):
                break
        alive.release()

    def _read(self, kind: Kind) -> dict[str, str] | None:
        try:
            state: dict[str, str] = json.loads(self._file(kind, "json").read_text())
        except FileNotFoundError:
            return None
        return state

    def _file(self, kind: Kind, suffix: str) -> Path:
        return self.directory / f"{kind}.{suffix}"


async def create_database(postgres: PostgresServer, template: str | None = None) -> str:
    """Create a database with a name of its own, empty or a copy of `template`, and return the name.

    Waits up to 30 s for connections to the template to go away.
    """
    name = f"fx_{_run_name()}_{uuid.uuid4().hex[:16]}"
    command = f"CREATE DATABASE {quote_identifier(name)}"
    if template is not None:
        command += f" TEMPLATE {quote_identifier(template)} STRATEGY = FILE_COPY"
    await _administer(postgres, command)
    return name


async def drop_database(postgres: PostgresServer, name: str) -> None:
    """Drop a database, ending the connections to it; one that is gone already is fine."""
    await _administer(postgres, f"DROP DATABASE IF EXISTS {quote_identifier(name)} WITH (FORCE)")


async def template_database(postgres: PostgresServer, name: str, build: Callable[[str], Awaitable[object]]) -> str:
    """A database filled by `build(url)` once per run, by whichever process comes first; returns its name.

    `build` gets an SQLAlchemy URL and must leave no connection open. If it fails, the next one tries again.
    """
    template = f"fx_{_run_name()}_template_{name}"
    async with postgres.administration() as connection:
        await connection.execute(text("SELECT pg_advisory_lock(hashtextextended(:n, 0))"), {"n": template})
        # The lock goes with the connection.
        known = await connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": template})
        if known.first() is None:
            # It gets its name only when it is complete.
            unfinished = await create_database(postgres)
            try:
                await build(postgres.url(unfinished))
                await _administer(
                    postgres,
                    f"ALTER DATABASE {quote_identifier(unfinished)} RENAME TO {quote_identifier(template)}",
                )
            except BaseException:
                await drop_database(postgres, unfinished)
                raise
    return template


def _run_name() -> str:
    return os.environ.get(RUN_VARIABLE, "run")


async def _administer(postgres: PostgresServer, command: str) -> None:
    deadline = time.monotonic() + 30.0
    while True:
        try:
            async with postgres.administration() as connection:
                await connection.execute(text(command))
            return
        except DBAPIError as error:
            # Object in use: a connection that was closed is still on its way out.
            if sqlstate(error) != "55006" or time.monotonic() >= deadline:
                raise
        await asyncio.sleep(POLL_SECONDS)


async def _drop_databases_of(postgres: PostgresServer, run: str) -> None:
    """Leave nothing behind on a server that is not ours."""
    async with postgres.administration() as connection:
        found = await connection.execute(
            text("SELECT datname FROM pg_database WHERE starts_with(datname, :prefix)"),
            {"prefix": f"fx_{run}_"},
        )
        names = list(found.scalars())
    for name in names:
        await drop_database(postgres, name)


def _keep(kind: Kind, directory: Path) -> None:
    """Own one server until told to end or the controller is gone."""
    alive = FileLock(directory / f"{kind}.alive")
    alive.acquire(0)
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())

    abandoned = threading.Event()

    def watch() -> None:
        # The controller holds this lock from its first moment to its last.
        if FileLock(directory / "controller.lock").acquire(_FOR_EVER):
            abandoned.set()
            ending.set()

    def tell(state: dict[str, str]) -> None:
        written = directory / f"{kind}.json.new"
        written.write_text(json.dumps(state))
        written.replace(directory / f"{kind}.json")

    threading.Thread(target=watch, daemon=True).start()
    server: EmbeddedPostgres | KafkaBroker
    try:
        if kind == "postgres":
            server = postgres = EmbeddedPostgres.start(directory / "postgres", durable=False)
            tell({"address": postgres.dsn("postgres"), "flavour": "embedded"})
        else:
            server = broker = obtain_kafka(directory / "kafka")
            tell({"address": broker.bootstrap, "flavour": broker.flavour})
    except Exception as error:
        tell({"error": str(error)})
        return
    ending.wait()
    server.stop()
    if abandoned.is_set():
        # Nobody else is left to tidy up.
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    _keep("kafka" if sys.argv[1] == "kafka" else "postgres", Path(sys.argv[2]))
