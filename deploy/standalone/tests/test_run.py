"""The real command: what it says works, its data survive kill -9, and it ends and refuses as a command should."""

import socket
import subprocess
from pathlib import Path

import httpx
import pytest

from standalone.client import Client, demo_sign_in
from standalone.launch import Launched, command, launched
from standalone.services import Addresses
from standalone.summary import try_these

pytestmark = pytest.mark.timeout(300)

CUSTOMER = {
    "number": "C-1",
    "name": "嘉兴织造厂",
    "address": "浙江嘉兴",
    "contact": "沈先生",
    "terms": {"kind": "credit", "days": 30},
}


def _client(here: Launched) -> Client:
    return Client(here.services, demo_sign_in(here.identity))


async def test_what_was_answered_is_there_after_kill_9_and_a_restart_on_the_same_data(tmp_path: Path) -> None:
    with launched("run", tmp_path) as here:
        async with _client(here) as client:
            opened = await client.post("rep1", "customer", "/customers", CUSTOMER, key="once")
        here.kill()
    with launched("run", tmp_path) as here:
        async with _client(here) as client:
            assert await client.get("rep1", "customer", f"/customers/{opened['id']}") == opened
            # Even the answer is still known, under the same key and to a token of a new sign-in.
            assert await client.post("rep1", "customer", "/customers", CUSTOMER, key="once") == opened
        _commands_work(here)
        await _pages_work(here)
        _demo_is_said_aloud(here)
        assert here.stop() == 0
    _demo_data_never_become_real_data(tmp_path)


def _demo_is_said_aloud(here: Launched) -> None:
    said = here.output.read_text()
    assert "演示数据" in said
    assert "DEMO DATA" in said
    assert "REAL DATA" not in said


def _demo_data_never_become_real_data(data: Path) -> None:
    done = subprocess.run(
        command("init", "--data", str(data)), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 1
    assert "holds demo data, which never become real" in done.stderr


def _commands_work(here: Launched) -> None:
    """The lines that are printed do what they say, pasted into a shell."""
    addresses = Addresses(here.ready["base"], here.identity, here.services, here.ready["metrics"])
    script = "\n".join(["set -eu", *try_these(addresses)])
    said = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, timeout=60).stdout
    assert "TRY-" in said
    assert '"items":[' in said
    assert "credit.downgrade_grace_days" in said


async def _pages_work(here: Launched) -> None:
    async with httpx.AsyncClient(base_url=here.ready["base"], trust_env=False) as http:
        index = await http.get("/")
        assert "放行" in index.text
        for name in here.services:
            assert f"/docs/{name}" in index.text
            assert (await http.get(f"/{name}/openapi.json")).json()["servers"] == [{"url": f"/{name}"}]
        page = (await http.get("/docs/customer")).text
        # Everything the page loads is ours: no CDN.
        assert "https://" not in page
        for file in ("swagger-ui-bundle.js", "swagger-ui.css"):
            assert f"/static/{file}" in page
            assert (await http.get(f"/static/{file}")).status_code == 200
        missing = await http.get("/nothing-here")
        assert missing.headers["content-type"] == "application/problem+json"
        for name, address in here.ready["metrics"].items():
            figures = (await http.get(address)).text
            assert f'fangxing_dead_letters{{service="{name}-svc",status="poison"}} 0.0' in figures


def test_a_port_that_is_taken_is_said_before_anything_is_started(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            command("run", "--data", str(tmp_path / "data"), "--port", str(port)),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 3
    assert f"Port {port} is taken" in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_directory_with_other_things_in_it_is_never_emptied_for_a_demo(tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    done = subprocess.run(
        command("demo", "--data", str(tmp_path)), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert mine.read_text() == "mine"
