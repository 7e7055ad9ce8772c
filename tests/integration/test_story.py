"""The demo's story in both modes: standalone in one process, and ten processes on a real Kafka."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import httpx
import pytest
from messages import faults_of

from fangxing.text import Text
from fangxing_embedded.kafka import ADDRESS_VARIABLE, KafkaBroker
from standalone.client import Client, demo_sign_in
from standalone.launch import Launched, launched
from standalone.stage import WrongFigureError
from standalone.story import play

pytestmark = pytest.mark.timeout(300)


class Quiet:
    """Listens, and keeps which exposures were agreed on."""

    def __init__(self) -> None:
        self.agreed: list[str] = []

    def chapter(self, letter: str, title: Text) -> None:
        """See Narrator."""

    def step(self, who: str, text: Text) -> None:
        """See Narrator."""

    def verdict(self, zh: Mapping[str, Any], en: Mapping[str, Any] | None = None) -> None:
        """See Narrator."""

    def exposure(self, customer: Mapping[str, Any], shipping: Mapping[str, Any]) -> None:
        """See Narrator."""
        self.agreed.append(customer["exposure"])


async def _plays(here: Launched) -> None:
    listener = Quiet()
    async with Client(here.services, demo_sign_in(here.identity)) as client:
        stage = await play(client, listener)
        # One cent off is noticed, and said with what each service shows.
        stage.patience = 0.5
        with pytest.raises(
            WrongFigureError, match=r"expected 41984\.01, customer-svc 41984\.00, shipping-svc 41984\.00"
        ):
            await stage.agree("41984.01")
    changes = [exposure for exposure, _ in groupby(listener.agreed)]
    assert changes == ["0.00", "80000.00", "79984.00", "49984.00", "65984.00", "49984.00", "41984.00"]


async def test_the_story_plays_in_one_process(tmp_path: Path) -> None:
    with launched("run", tmp_path, "--demo") as here:
        await _plays(here)
        assert here.stop() == 0


async def test_the_story_plays_in_ten_processes_on_kafka(tmp_path: Path, kafka: KafkaBroker) -> None:
    if kafka.flavour == "mock":
        pytest.skip("no real Kafka here")
    with launched("run-kafka", tmp_path, "--demo", environment={ADDRESS_VARIABLE: kafka.bootstrap}) as here:
        pids = here.ready["pids"]
        assert len(set(pids.values())) == 11
        await _plays(here)
        await _workers_are_watched(here)
        faults, seen = await asyncio.to_thread(_messages, kafka, tmp_path)
        assert faults == []
        assert seen.keys() >= {"log.DecisionLogSealed.v1", "shipping.ShipmentReleased.v1", "customer.InvoiceIssued.v1"}
        # One process that dies is named, and takes the others with it in order.
        os.kill(pids["complaint-worker"], signal.SIGKILL)
        assert here.process.wait(60) == 1
        assert "complaint-worker ended with -9" in here.output.read_text()
    assert not any(_lives(pid) for pid in pids.values())


def _messages(kafka: KafkaBroker, data: Path) -> tuple[list[str], Counter[str]]:
    [prefix] = data.rglob("topic-prefix")
    return faults_of(kafka.bootstrap, prefix.read_text())


async def _workers_are_watched(here: Launched) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        for name, address in here.ready["metrics"].items():
            figures = (await http.get(address)).text
            assert f'fangxing_dead_letters{{service="{name}-svc",status="poison"}} 0.0' in figures


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
