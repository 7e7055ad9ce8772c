"""kill -9 of the standalone in the middle of the story: it goes on after every restart, to the cent (I2, I3, I5)."""

import socket
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from fangxing.text import Text
from standalone.client import Client, demo_sign_in, eventually
from standalone.launch import Launched, launched
from standalone.story import play

pytestmark = pytest.mark.timeout(300)

KILLED_AFTER = frozenset({6, 15, 24})
"""Steps of the story right after which the power is cut: the events of the step are on their way."""


class PowerCuts:
    """Tells nobody anything, and cuts the power after some steps."""

    def __init__(self, data: Path, port: int, stack: ExitStack) -> None:
        self._data = data
        self._port = port
        self._stack = stack
        self._steps = 0
        self.cuts = 0
        self.here = self._start()

    def _start(self) -> Launched:
        return self._stack.enter_context(launched("run", self._data, "--demo", "--port", str(self._port)))

    def chapter(self, letter: str, title: Text) -> None:
        """See Narrator."""

    def step(self, who: str, text: Text) -> None:
        """See Narrator: the moment to cut the power."""
        self._steps += 1
        if self._steps in KILLED_AFTER:
            self.here.kill()
            self.here = self._start()
            self.cuts += 1

    def verdict(self, zh: Mapping[str, Any], en: Mapping[str, Any] | None = None) -> None:
        """See Narrator."""

    def exposure(self, customer: Mapping[str, Any], shipping: Mapping[str, Any]) -> None:
        """See Narrator."""


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


async def test_the_story_goes_on_after_every_kill(tmp_path: Path) -> None:
    with ExitStack() as stack:
        power = PowerCuts(tmp_path, _free_port(), stack)
        async with Client(power.here.services, demo_sign_in(power.here.identity)) as client:
            await play(client, power)
            assert power.cuts == len(KILLED_AFTER)
            await eventually(lambda: _settled(client), "no dead letters, and the ledgers agree")


async def _settled(client: Client) -> bool | None:
    for service in client.services:
        for status in ("poison", "parked"):
            if (await client.get("admin", service, "/dead-letters", status=status))["items"]:
                return None
    rebuilt_is_live = (
        await client.get("accountant", "customer", "/ledger/differences") == []
        and await client.get("accountant", "shipping", "/position/differences") == []
    )
    return True if rebuilt_is_live else None
