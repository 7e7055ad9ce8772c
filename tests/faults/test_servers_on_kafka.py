"""Broker, database and processes of run-kafka are killed one by one: each is started again alone, and figures flow."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from watching import all_ready, figures_flow, health, kill, pids, replaced

from fangxing_embedded.kafka import ADDRESS_VARIABLE
from fangxing_testing.waiting import eventually
from standalone.launch import Launched, command, launched

pytestmark = pytest.mark.timeout(900)


async def test_on_kafka_each_is_started_again_alone_and_a_killed_parent_leaves_nobody(tmp_path: Path) -> None:
    if not (shutil.which("java") and shutil.which("mvn")):
        pytest.skip("no Apache Kafka of our own here")
    with launched("run-kafka", tmp_path, environment={ADDRESS_VARIABLE: ""}, seconds=300) as here:
        await all_ready(here)
        before = pids(here)
        _second_starts_touch_nothing(tmp_path, here)

        async def outages() -> None:
            await _broker_killed(here)
            await _killed(here, "postgres")
            await _killed(here, "shipping-worker")
            await _killed(here, "customer-api")
            await all_ready(here)

        await figures_flow(here, outages)
        after = pids(here)
        killed = {name for name, pid in before.items() if after[name] != pid}
        assert killed == {"kafka", "postgres", "shipping-worker", "customer-api"}
        here.kill()
        await _all_gone(after)
    # and all is there again
    with launched("run-kafka", tmp_path, environment={ADDRESS_VARIABLE: ""}, seconds=300) as here:
        await all_ready(here)
        told = pids(here)
        assert here.stop() == 0
    await _all_gone(told)


def _second_starts_touch_nothing(data: Path, here: Launched) -> None:
    kept = [data / name for name in ("ready.json", "topic-prefix", "kafka/server.properties", "kafka/broker.pid")]
    content = [path.read_bytes() for path in kept]
    for _ in range(3):
        second = command("run-kafka", "--data", str(data), "--port", "0", "--ready-file", str(data / "ready.json"))
        refused = subprocess.run(second, capture_output=True, text=True, check=False, timeout=120)
        assert refused.returncode == 1
        assert f"in use by process {here.process.pid}" in refused.stderr
    assert [path.read_bytes() for path in kept] == content


async def _killed(here: Launched, name: str) -> None:
    await replaced(here, name, kill(here, name))


async def _broker_killed(here: Launched) -> None:
    """The broker is killed: requests are served, ready says that it is missing, and it comes back."""
    gone = kill(here, "kafka")

    async def is_missing() -> bool:
        status, body = await health(here, "shipping")
        return status == 503 and body["missing"] == ["broker"]

    await eventually(is_missing)
    assert (await health(here, "shipping", "serving"))[0] == 200
    assert (await health(here, "shipping", "live"))[0] == 200
    await replaced(here, "kafka", gone)


async def _all_gone(told: dict[str, int]) -> None:
    async def none_lives() -> bool:
        return not any(_lives(pid) for pid in told.values())

    await eventually(none_lives, seconds=60)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
