"""A service's own process, on the event loop of production, has the limits of the edge too."""

import asyncio
import os
import subprocess
import sysconfig
from pathlib import Path

from fangxing.running.processes import prepare
from fangxing.running.settings import ServiceSettings
from fangxing_embedded.kafka import free_port
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import settings_for
from fangxing_testing.identity import Identities
from fangxing_testing.raw import ask, wire
from shipping_svc.main import SERVICE

LIVE = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n"


async def test_an_api_process_sends_strangers_away(
    postgres: PostgresServer, fresh_database: str, tmp_path: Path
) -> None:
    settings = settings_for(SERVICE, postgres, fresh_database, Identities(tmp_path), head_seconds=1, body_seconds=1)
    await prepare(SERVICE, settings)
    port = free_port()
    process = _started(port, settings)
    try:
        async with asyncio.timeout(60):
            await _serves(port, process)
            served = await ask(port, LIVE + b"\r\n")
            assert (served.status, served.headers["cache-control"]) == (200, "no-store")
            assert (await ask(port, LIVE + b"X: " + b"a" * 2**22)).problem == (431, "head-too-large")
            assert (await ask(port, LIVE)).problem == (408, "request-too-slow")
            assert (await ask(port, LIVE.replace(b"localhost", b"evil") + b"\r\n")).problem == (400, "host-unknown")
            # half a body keeps nobody from ending the process
            async with wire(port) as half:
                await half.send(b"POST /scans HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
                process.terminate()
                assert await asyncio.to_thread(process.wait, 30) is not None
    finally:
        process.kill()
        process.wait()


def _started(port: int, settings: ServiceSettings) -> "subprocess.Popen[bytes]":
    command = [str(Path(sysconfig.get_path("scripts")) / SERVICE.name), "api", "--port", str(port)]
    return subprocess.Popen(command, env={**os.environ, **settings.environment()})


async def _serves(port: int, process: "subprocess.Popen[bytes]") -> None:
    while True:
        assert process.poll() is None
        try:
            async with wire(port):
                return
        except ConnectionError:
            await asyncio.sleep(0.1)
