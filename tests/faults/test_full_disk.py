"""The disk of the embedded PostgreSQL is full: it comes back when there is room again; else all ends, and says why."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest
from watching import all_ready, figures_flow, health

from fangxing_testing.waiting import eventually
from standalone.launch import Launched, launched

pytestmark = pytest.mark.timeout(600)

SIZE = "320m"


@pytest.fixture
def data() -> Iterator[Path]:
    """A data directory whose database has a small disk of its own. Its path is short, for the socket."""
    directory = Path(tempfile.mkdtemp(prefix="fx-"))
    directory.chmod(0o755)
    disk = directory / "postgres"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0755", "tmpfs", str(disk)]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        shutil.rmtree(directory)
        pytest.skip(f"nothing may be mounted here: {mounted.stderr.strip()}")
    yield directory
    subprocess.run(["umount", "--lazy", str(disk)], check=True)
    shutil.rmtree(directory)


async def _fill(here: Launched) -> Path:
    """Leave no room, and have PostgreSQL write more of its log than it has room for; what takes the room."""
    postgres = here.output.parent / "postgres"
    filling = postgres / "filling"
    # some of the room may be gone by now
    with suppress(OSError):
        filling.write_bytes(bytes(shutil.disk_usage(postgres).free))
    # the connection goes down with the server
    with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        connection = await asyncpg.connect(host=str(postgres / "run"), port=5432, user="postgres", database="postgres")
        while True:
            await connection.execute("SELECT pg_logical_emit_message(true, 'fault', repeat('x', 1048576))")
    return filling


async def test_room_again_and_figures_flow(data: Path) -> None:
    with launched("run", data) as here:

        async def full_for_a_while() -> None:
            filling = await _fill(here)

            async def is_noticed() -> bool:
                return "PostgreSQL has ended" in here.output.read_text()

            await eventually(is_noticed, seconds=60)
            status, body = await health(here, "customer")
            assert (status, body["missing"][0]) == (503, "database")
            filling.unlink()
            await all_ready(here)

        await figures_flow(here, full_for_a_while)
        assert here.stop() == 0


async def test_no_room_and_all_ends_with_the_reason(data: Path) -> None:
    with launched("run", data) as here:
        await _fill(here)
        assert here.process.wait(120) == 1
        said = here.output.read_text()
    assert "PostgreSQL was restarted 5 times in a row and does not stay up" in said
    assert "the disk is full" in said
