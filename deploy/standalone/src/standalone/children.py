"""Processes of the services as children of this one: each with a log of its own, and none outlives us."""

import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from fangxing.text import Text
from fangxing_embedded.processes import Leash, tail
from standalone.supervision import BrokenError

_STOP_SECONDS: Final = 20.0
_LOG_BYTES: Final = 16 * 1024 * 1024


@dataclass
class Child:
    """One process of ours, with its log. It ends with us, however we end."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(repr=False)
    log: Path
    _process: "subprocess.Popen[bytes] | None" = None
    _leash: Leash | None = field(default=None, repr=False)

    @property
    def pid(self) -> int | None:
        """Its process id; None before it was started."""
        return self._process.pid if self._process is not None else None

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def resume(self) -> None:
        """Start it where it does not run, its output at the end of the log."""
        if self.alive:
            return
        self._let_go()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal is for us; we end the others in order.
                start_new_session=True,
            )
        self._leash = Leash(self._process.pid, "KILL")

    def check(self) -> None:
        """Raise `BrokenError` with the last lines of the log if the process has ended."""
        if not self.alive:
            code = self._process.returncode if self._process is not None else None
            raise BrokenError(Text(f"{self.name} 已停止（{code}）", f"{self.name} ended with {code}"), tail(self.log))

    def tell_to_end(self) -> None:
        """Ask it to finish what is in hand and end."""
        self._let_go()
        if self._process is not None:
            self._process.terminate()

    def wait(self, seconds: float) -> None:
        """Wait for its end, and after `seconds` end it by force."""
        if self._process is None:
            return
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _let_go(self) -> None:
        leash, self._leash = self._leash, None
        if leash is not None:
            leash.release()


def stop_all(children: Iterable[Child]) -> None:
    """End every process in order, and those that do not listen by force."""
    children = list(children)
    for child in children:
        child.tell_to_end()
    deadline = time.monotonic() + _STOP_SECONDS
    for child in children:
        child.wait(max(0.0, deadline - time.monotonic()))
