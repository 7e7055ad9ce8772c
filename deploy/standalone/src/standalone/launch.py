"""The real command as a child process, for tests: start it, wait until it serves, end it one way or another."""

import json
import os
import signal
import subprocess
import sysconfig
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_POLL_SECONDS = 0.05
_STOP_SECONDS = 60.0


class NotReadyError(AssertionError):
    """The command ended, or did not serve in time; the message has its output."""


@dataclass
class Launched:
    """A running `fangxing`; `ready` is the content of its ready file."""

    process: "subprocess.Popen[bytes]"
    ready: dict[str, Any]
    output: Path

    @property
    def services(self) -> dict[str, str]:
        """Base addresses by short name."""
        services: dict[str, str] = self.ready["services"]
        return services

    @property
    def identity(self) -> str:
        """Base address of the login."""
        identity: str = self.ready["identity"]
        return identity

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(_STOP_SECONDS)

    def stop(self) -> int:
        """Tell it to end, and its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_STOP_SECONDS)


def command(*arguments: str) -> list[str]:
    """The command line of `fangxing` in this installation."""
    return [str(Path(sysconfig.get_path("scripts")) / "fangxing"), *arguments]


@contextmanager
def launched(
    mode: str, data: Path, *options: str, seconds: float = 120.0, environment: Mapping[str, str] | None = None
) -> Iterator[Launched]:
    """`fangxing run` or `run-kafka` on `data` and free ports, for the length of the block; raises `NotReadyError`."""
    data.mkdir(parents=True, exist_ok=True)
    ready_file, output = data / "ready.json", data / "output.log"
    ready_file.unlink(missing_ok=True)
    arguments = command(mode, "--data", str(data), "--port", "0", "--ready-file", str(ready_file), *options)
    with output.open("ab") as log:
        process = subprocess.Popen(
            arguments,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Launched(process, _wait(process, ready_file, output, seconds), output)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
        if process.poll() is None:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", ready_file: Path, output: Path, seconds: float) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while not ready_file.exists():
        if process.poll() is not None or time.monotonic() >= deadline:
            raise NotReadyError(output.read_text(errors="replace")[-4000:])
        time.sleep(_POLL_SECONDS)
    ready: dict[str, Any] = json.loads(ready_file.read_bytes())
    return ready
