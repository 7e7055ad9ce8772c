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

pytestmark = pytest.mark.timeout(300)


def _second(mode: str, data: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(mode, "--data", str(data), *options), capture_output=True, text=True, check=False, timeout=120
    )


def _files(data: Path, of_interest: Callable[[Path], bool] = lambda path: True) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in data.rglob("*") if path.is_file() and of_interest(path)}


async def _serves(here: Launched) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
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
        for refused in (
            _second("run", tmp_path, "--port", "0", *ready_file),
            _second("run", tmp_path, *taken, *ready_file),
            _second("run-kafka", tmp_path, "--port", "0", *ready_file),
            _second("demo", tmp_path),
        ):
            assert refused.returncode == 1, refused
            assert f"in use by process {first.process.pid}" in refused.stderr
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
        refused = _second(mode, tmp_path, *options)
    assert refused.returncode == 3, refused
    assert f"Port {port} is taken" in refused.stderr
    assert _files(tmp_path) == before


@pytest.fixture
def playing(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A demo that plays in the test's directory, and then ends."""
    process = subprocess.Popen(
        command("demo", "--data", str(tmp_path)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    yield process
    process.terminate()
    process.wait(30)


async def test_a_demo_owns_its_directory_while_it_plays(tmp_path: Path, playing: "subprocess.Popen[bytes]") -> None:
    lock = FileLock(tmp_path / "owner.lock")

    async def has_begun() -> bool:
        return lock.is_held() and lock.holder() == str(playing.pid)

    await eventually(has_begun, seconds=60)
    refused = _second("demo", tmp_path)
    assert refused.returncode == 1, refused
    assert f"in use by process {playing.pid}" in refused.stderr
    assert playing.poll() is None
