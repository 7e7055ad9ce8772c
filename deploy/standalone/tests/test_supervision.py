"""What ends is started again: after a pause that grows, each alone, and given up with a reason."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka.errors import KafkaError

from fangxing.bus import Message
from fangxing.bus.kafka import KafkaBus, ensure_topics
from fangxing.text import Text
from fangxing_embedded.kafka import ApacheKafka
from fangxing_embedded.kafka_ready import KafkaUnavailableError
from fangxing_testing.waiting import eventually
from standalone import supervision
from standalone.children import Child, stop_all
from standalone.supervision import MOST_RESTARTS, Attempts, BrokenError, Watched, watch

FOR_EVER = "exec sleep 600"


class Scene:
    """Children that run a shell script each, to be watched; what is said is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.children: list[Child] = []
        self.said: list[str] = []
        self.changes = 0

    def start(self, name: str, script: str) -> Child:
        """A child that runs `script`."""
        child = Child(name, ["/bin/sh", "-c", script], dict(os.environ), self._folder / f"{name}.log")
        self.children.append(child)
        child.resume()
        return child

    async def watch(self, *tiers: list[Child]) -> None:
        """Watch the children of the tiers."""

        def changed() -> None:
            self.changes += 1

        watched = [[Watched(Text(child.name, child.name), child) for child in tier] for tier in tiers]
        await watch(watched, [], lambda text: self.said.append(text.en), changed)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Nothing watched yet; every child ends with the test."""
    scene = Scene(tmp_path)
    yield scene
    stop_all(scene.children)


@asynccontextmanager
async def watching(scene: Scene, *tiers: list[Child]) -> AsyncIterator[None]:
    task = asyncio.create_task(scene.watch(*tiers))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def kill(child: Child) -> None:
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)


def test_the_pause_grows_and_after_enough_in_a_row_it_is_given_up() -> None:
    attempts = Attempts(started=0.0)
    assert [attempts.pause(now) for now in (1, 2, 3, 4, 5, 6)] == [0.5, 1.0, 2.0, 4.0, 8.0, None]


def test_who_has_run_for_a_minute_begins_anew() -> None:
    attempts = Attempts(started=0.0, restarts=MOST_RESTARTS)
    assert attempts.pause(61.0) == 0.5


async def test_who_dies_is_started_again_alone(scene: Scene) -> None:
    dying, other = scene.start("dying", FOR_EVER), scene.start("other", FOR_EVER)
    pids = dying.pid, other.pid
    async with watching(scene, [dying, other]):
        kill(dying)

        async def runs_again() -> bool:
            return dying.alive and scene.changes == 1

        await eventually(runs_again)
    assert dying.pid != pids[0]
    assert other.pid == pids[1]
    assert scene.said == ["dying has ended; again in 0.5 s", "dying runs again"]


async def test_who_needs_a_server_waits_until_it_runs_again(scene: Scene) -> None:
    server, child = scene.start("server", FOR_EVER), scene.start("child", FOR_EVER)
    async with watching(scene, [server], [child]):
        kill(server)
        kill(child)

        async def both_run() -> bool:
            return scene.changes == 1

        await eventually(both_run)
    assert scene.said.index("server runs again") < scene.said.index("child runs again")


async def test_who_does_not_stay_up_ends_all_with_the_reason(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "FIRST_PAUSE", 0.02)
    failing = scene.start("failing", "echo no space left; exit 1")
    with pytest.raises(BrokenError, match="failing was restarted 5 times in a row") as broken:
        await scene.watch([failing])
    assert broken.value.details.endswith("no space left")


async def test_a_killed_broker_is_started_again_on_its_log(tmp_path: Path) -> None:
    try:
        broker = await asyncio.to_thread(ApacheKafka.start, tmp_path)
    except KafkaUnavailableError as error:
        pytest.skip(f"no Apache Kafka here: {error}")
    changes: list[str] = []
    with broker:
        await ensure_topics(broker.bootstrap, ["kept"])
        bus = KafkaBus(broker.bootstrap)
        assert await bus.publish("kept", [Message("k", (), b"{}")]) == [None]
        watched = Watched(Text("Kafka", "Kafka"), broker)
        task = asyncio.create_task(watch([[watched]], [], lambda text: None, lambda: changes.append("again")))
        assert broker.pid is not None
        os.kill(broker.pid, signal.SIGKILL)

        async def has_kept_it() -> bool:
            try:
                return await bus.lag("nobody", ["kept"]) == 1
            except (KafkaError, TimeoutError, OSError):
                return False

        async def runs_again() -> bool:
            return bool(changes)

        await eventually(runs_again, seconds=60)
        await eventually(has_kept_it)
        await bus.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
