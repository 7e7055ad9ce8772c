"""A second start on data in use, or for a port in use, touches nothing; the first one goes on."""

import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from fangxing_embedded.processes import FileLock
from fangxing_testing.waiting import eventually
from standalone.launch import Launched, command, launched

pytestmark = pytest.mark.timeout(600)


def _start(mode: str, data: Path, *options: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command(mode, "--data", str(data), *options), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def _refused(mode: str, data: Path, *options: str) -> tuple[int, str]:
    """The exit code of a start, and what it says on stderr."""
    with _start(mode, data, *options) as starting:
        _, said = starting.communicate(timeout=120)
        return starting.returncode, said


def _files(data: Path, of_interest: Callable[[Path], bool] = lambda path: True) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in data.rglob("*") if path.is_file() and of_interest(path)}


async def _serves(here: Launched) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        for address in here.services.values():
            assert (await http.get(f"{address}/health/ready")).status_code == 200


async def test_a_second_start_on_data_in_use_names_the_owner_and_touches_nothing(tmp_path: Path) -> None:
    def still(path: Path) -> bool:
        # what the first one's own server and terminal write all the time
        return not path.is_relative_to(tmp_path / "postgres") and path.name != "output.log"

    with launched("run", tmp_path) as first:
        before = _files(tmp_path, still)
        ready_file = ("--ready-file", str(tmp_path / "ready.json"))
        taken = ("--port", first.ready["base"].rpartition(":")[2])
        second = [
            _start("run", tmp_path, "--port", "0", *ready_file),
            _start("run", tmp_path, *taken, *ready_file),
            _start("run-kafka", tmp_path, "--port", "0", *ready_file),
            _start("demo", tmp_path),
        ]
        for starting in second:
            _, said = starting.communicate(timeout=200)
            assert starting.returncode == 1, said
            assert f"in use by process {first.process.pid}" in said
        assert _files(tmp_path, still) == before
        await _serves(first)
        assert first.stop() == 0


@pytest.mark.parametrize(("mode", "further"), [("run", 0), ("run-kafka", 3)])
def test_a_start_refused_for_a_port_leaves_everything_as_it_was(mode: str, further: int, tmp_path: Path) -> None:
    # of run-kafka it is one of the services' ports that is taken
    (tmp_path / "ready.json").write_text("of an earlier run")
    (tmp_path / "topic-prefix").write_text("fx-1-")
    before = _files(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        options = ("--port", str(port - further), "--ready-file", str(tmp_path / "ready.json"))
        code, said = _refused(mode, tmp_path, *options)
    assert code == 3, said
    assert "is taken; choose another one" in said
    assert _files(tmp_path) == before


@pytest.fixture
def playing(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A demo that plays in the test's directory, and then ends."""
    process = subprocess.Popen(
        command("demo", "--data", str(tmp_path)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    yield process
    process.terminate()
    process.wait(60)


async def test_a_demo_owns_its_directory_while_it_plays(tmp_path: Path, playing: "subprocess.Popen[bytes]") -> None:
    lock = FileLock(tmp_path / "owner.lock")

    async def has_begun() -> bool:
        return lock.is_held() and lock.holder() == str(playing.pid)

    await eventually(has_begun, seconds=150)
    code, said = _refused("demo", tmp_path)
    assert code == 1, said
    assert f"in use by process {playing.pid}" in said
    assert playing.poll() is None
