"""What PostgreSQL and Kafka need alike: their end, locks between processes, a leash for children, a log's tail."""

import errno
import fcntl
import os
import shutil
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

POLL_SECONDS = 0.02
_FULL_BYTES = 16 * 1024 * 1024  # one segment of PostgreSQL's log


class Stopped(ABC):
    """A server that runs until it is stopped; as a context manager, for the length of the block."""

    @abstractmethod
    def stop(self) -> None:
        """End the server; nothing happens the second time."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class FileLock:
    """An exclusive lock on a file, held by this process; the kernel releases it however the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None

    def acquire(self, timeout: float) -> bool:
        """Take the lock within `timeout` seconds; False if somebody else still holds it then."""
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + timeout
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno not in (errno.EWOULDBLOCK, errno.EACCES) or time.monotonic() >= deadline:
                    os.close(fd)
                    if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                        raise
                    return False
                time.sleep(POLL_SECONDS)
                continue
            os.ftruncate(fd, 0)
            os.write(fd, f"{os.getpid()}\n".encode())
            self._fd = fd
            return True

    def holder(self) -> str:
        """The process id written by the last holder, "?" when there is none."""
        try:
            return self._path.read_text().strip() or "?"
        except OSError:
            return "?"

    def is_held(self) -> bool:
        """Whether a living process holds it; looking leaves no trace."""
        try:
            fd = os.open(self._path, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(fd)
        return False

    def release(self) -> None:
        """Give the lock back; nothing happens if it is not held."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


class Leash:
    """Ends a child with the given signal once this process is gone, even by kill -9.

    A shell waits on a pipe only we hold; the kernel closes it for us. PR_SET_PDEATHSIG is not used because it
    fires when the *thread* that started the child ends, and is lost when the child changes its user.
    """

    def __init__(self, pid: int, signal_name: str) -> None:
        read_end, write_end = os.pipe()
        try:
            self._watcher = subprocess.Popen(
                ["/bin/sh", "-c", f'read -r _; kill -{signal_name} "$1"', "leash", str(pid)],
                stdin=read_end,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        except BaseException:
            os.close(write_end)
            raise
        finally:
            os.close(read_end)
        self._write_end = write_end

    def release(self) -> None:
        """Let the child off; to be called before its process id can be given to somebody else."""
        self._watcher.kill()
        self._watcher.wait()
        os.close(self._write_end)


def runs_on(pid: int, path: Path) -> bool:
    """Whether the process lives and has `path` among its arguments; a zombie has no command line left."""
    if Path("/proc/self").exists():
        try:
            arguments = (Path("/proc") / str(pid) / "cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return os.fsencode(path) in arguments
    listed = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return str(path) in listed.stdout


def end_leftover_process(pid: int, path: Path, ending: Iterable[tuple[signal.Signals, float]]) -> bool:
    """End the process that runs on `path`, if `pid` still is that one; False if it cannot be ended.

    `ending` are the signals to try, each with the seconds it is given.
    """
    for number, seconds in ending:
        if not runs_on(pid, path):
            break
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while runs_on(pid, path) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
    return not runs_on(pid, path)


def why_it_ended(log: Path) -> str:
    """The last lines of a server's log; and that its disk is full, where it is, since then the log cannot say so."""
    free = shutil.disk_usage(log.parent).free
    full = f"the disk is full: {free} bytes are free in {log.parent}\n" if free < _FULL_BYTES else ""
    return f"{full}{tail(log)}"


def tail(path: Path, lines: int = 20) -> str:
    """The last lines of a log, for an error message; empty if there is no such file."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
