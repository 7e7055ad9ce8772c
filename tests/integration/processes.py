"""Real workers in processes of their own, and waiting for what they do."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from business import Business
from sqlalchemy import func, select

from fangxing.inbox import InboxRow
from fangxing.outbox import OutboxRow
from fangxing_testing.harness import ServiceUnderTest

WORKER = Path(__file__).with_name("crashing_worker.py")
SECONDS = 60.0


class Workers:
    """Starts workers of the firm's services on one transport, and ends them by their process id."""

    def __init__(self, firm: Business, environment: dict[str, str]) -> None:
        self._firm = firm
        self._environment = environment
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, name: str, moment: str = "never") -> subprocess.Popen[bytes]:
        """A worker of `name` that dies at `moment`."""
        service: ServiceUnderTest = getattr(self._firm, name)
        prefix = f"{name.upper()}_SVC_"
        settings = service.runtime.settings
        environment = {
            **os.environ,
            f"{prefix}DATABASE_URL": settings.database_url.get_secret_value(),
            f"{prefix}JWKS": settings.jwks,
            f"{prefix}ISSUER": settings.issuer,
            f"{prefix}AUDIENCE": settings.audience,
            f"{prefix}SIGNING_KEY": str(settings.signing_key),
            **{prefix + key: value for key, value in self._environment.items()},
        }
        process = subprocess.Popen([sys.executable, str(WORKER), name, moment], env=environment)
        self._running.append(process)
        return process

    def stop(self) -> None:
        """End every worker that still runs."""
        for process in self._running:
            if process.poll() is None:
                process.terminate()
                process.send_signal(signal.SIGCONT)
        for process in self._running:
            process.wait(30)


@contextmanager
def workers(firm: Business, environment: dict[str, str]) -> Iterator[Workers]:
    """Workers that end with the block."""
    started = Workers(firm, environment)
    try:
        yield started
    finally:
        started.stop()


async def stands_still(process: subprocess.Popen[bytes]) -> bool:
    """Whether the process has been stopped."""
    state = await asyncio.to_thread(Path(f"/proc/{process.pid}/stat").read_text)
    return state.rpartition(")")[2].split()[0] == "T"


async def until(condition: Callable[[], Awaitable[bool]], what: str, *, seconds: float = SECONDS) -> None:
    """Wait for a condition, `seconds` at most."""
    deadline = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        await asyncio.sleep(0.05)


async def drained(firm: Business) -> bool:
    """Whether every event one service recorded has reached the other."""
    for sender, receiver in ((firm.customer, firm.shipping), (firm.shipping, firm.customer)):
        async with sender.database.reader() as reader:
            recorded = set((await reader.execute(select(OutboxRow.id))).scalars())
            unpublished = await reader.scalar(
                select(func.count()).select_from(OutboxRow).where(OutboxRow.published_at.is_(None))
            )
        async with receiver.database.reader() as reader:
            taken = set((await reader.execute(select(InboxRow.event))).scalars())
        if unpublished or not recorded <= taken:
            return False
    return True
