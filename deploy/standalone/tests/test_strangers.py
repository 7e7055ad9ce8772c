"""What strangers send to the server that `make run` starts: bytes over a socket, and how they are sent away."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from httpx import URL

from fangxing_testing.raw import Answer, ask, wire
from standalone.identity import DEMO_PASSWORD
from standalone.launch import Launched, launched

pytestmark = pytest.mark.timeout(300)

QUICK = {
    "FANGXING_HEAD_SECONDS": "1.5",
    "FANGXING_BODY_SECONDS": "1.5",
    "FANGXING_IDLE_SECONDS": "1.5",
}
LIVE = b"GET /customer/health/live HTTP/1.1\r\nHost: localhost\r\n"
SIGN_IN = b"POST /identity/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    """A standalone that is soon tired of waiting."""
    with launched("run", tmp_path_factory.mktemp("strangers"), environment=QUICK) as running:
        yield running


@pytest.fixture
def port(here: Launched) -> int:
    """The one port everything is on."""
    found = URL(here.ready["base"]).port
    assert found
    return found


@pytest.mark.parametrize(
    "head",
    [LIVE + b"X-Long: " + b"a" * 2**22, LIVE + b"X-Many: 1\r\n" * 2**18, b"GET /" + b"a" * 2**22 + b" HTTP/1.1\r\n"],
    ids=["one long line", "many lines", "a long address"],
)
async def test_a_head_of_megabytes_is_431_and_the_connection_ends(port: int, head: bytes) -> None:
    async with wire(port) as connection:
        await connection.send(head)
        answer = await connection.answer()
        assert answer.problem == (431, "head-too-large")
        assert answer.headers["connection"] == "close"
        assert await connection.closed()


async def test_what_is_no_http_is_400(port: int) -> None:
    for nonsense in (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"GET / HTTP/1.1\r\nHo st: x\r\n\r\n", b"HELO x\r\n\r\n"):
        assert (await ask(port, nonsense)).problem == (400, "request-unreadable"), nonsense


@pytest.mark.parametrize(
    "half",
    [LIVE, SIGN_IN + b"Content-Length: 100\r\n\r\n{", SIGN_IN + b"Transfer-Encoding: chunked\r\n\r\nff\r\n{"],
    ids=["half a head", "half a body", "half a chunk"],
)
async def test_half_a_request_is_408_however_it_drips(port: int, half: bytes) -> None:
    async with wire(port) as connection:
        await connection.send(half)
        answering = asyncio.create_task(connection.answer(seconds=6))
        while not answering.done():
            await connection.send(b"x")
            await asyncio.wait({answering}, timeout=0.2)
        assert answering.result().problem == (408, "request-too-slow")
        assert await connection.closed()


async def test_a_connection_that_asks_nothing_is_closed(port: int) -> None:
    async with wire(port) as silent, wire(port) as idle, wire(port) as dripping:
        await idle.send(LIVE + b"\r\n")
        assert (await idle.answer()).status == 200
        await dripping.send(LIVE + b"\r\n")
        assert (await dripping.answer()).status == 200
        closing = asyncio.create_task(dripping.closed(seconds=6))
        while not closing.done():
            await dripping.send(b"\r\n")
            await asyncio.wait({closing}, timeout=0.2)
        assert closing.result()
        assert await silent.closed()
        assert await idle.closed()


async def test_an_early_answer_leaves_nobody_behind_who_drips_on(port: int) -> None:
    early = b"POST /customer/customers HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
    async with wire(port) as connection:
        await connection.send(early)
        assert (await connection.answer()).problem == (401, "token-missing")
        closing = asyncio.create_task(connection.closed(seconds=6))
        while not closing.done():
            await connection.send(b"x")
            await asyncio.wait({closing}, timeout=0.2)
        assert closing.result()


async def test_a_host_that_is_not_ours_is_400(port: int) -> None:
    def asked(*hosts: bytes) -> bytes:
        lines = b"".join(b"Host: " + host + b"\r\n" for host in hosts)
        return b"GET /customer/health/live HTTP/1.1\r\n" + lines + b"\r\n"

    mine = str(port).encode()
    for host in (b"localhost", b"LOCALHOST:" + mine, b"127.0.0.1:" + mine, b"[::1]:" + mine):
        assert (await ask(port, asked(host))).status == 200, host
    for hosts in ((b"evil.example",), (), (b"localhost", b"evil.example"), (b"",), (b"localhost.evil.example",)):
        assert (await ask(port, asked(*hosts))).problem == (400, "host-unknown"), hosts


async def test_nothing_is_kept_or_sniffed_whatever_is_answered(port: int) -> None:
    paths = ["/", "/docs/customer", "/docs/none", "/static/swagger-ui.css", "/nothing", "/customer/openapi.json"]
    paths += ["/customer/health/live", "/customer/health/ready", "/customer/metrics", "/customer/customers"]
    paths += ["/identity/jwks.json", "/identity/users", "/shipping/gate/passes/1"]
    answers = [await _get(port, path) for path in paths]
    answers += [await ask(port, b"nonsense\r\n\r\n"), await ask(port, LIVE.replace(b"localhost", b"evil") + b"\r\n")]
    answers.append(await ask(port, SIGN_IN + b"Content-Length: 1000000\r\n\r\n"))
    assert {answer.status for answer in answers} == {200, 400, 401, 404, 413}
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store", answer
        assert answer.headers["x-content-type-options"] == "nosniff", answer


async def test_thirty_wrong_passwords_are_429_after_a_few_and_cost_nobody_else_anything(port: int) -> None:
    answers = [await _sign_in(port, "rep2", "guess", source="127.0.0.7") for _ in range(30)]
    told = [answer.problem for answer in answers]
    assert told[:5] == [(401, "sign-in-failed")] * 5
    assert set(told[5:]) == {(429, "too-many-attempts")}
    assert 0 < int(answers[-1].headers["retry-after"]) <= 300
    # the right one is not tried either, from there; whatever proxy it claims to come from
    for forwarded in (b"", b"X-Forwarded-For: 10.1.2.3\r\n"):
        right = await _sign_in(port, "rep2", DEMO_PASSWORD, forwarded, source="127.0.0.7")
        assert right.problem == (429, "too-many-attempts")
    assert (await _sign_in(port, "rep2", DEMO_PASSWORD, source="127.0.0.8")).status == 200
    assert (await _sign_in(port, "rep1", DEMO_PASSWORD, source="127.0.0.7")).status == 200


async def _get(port: int, path: str) -> Answer:
    # HTTP/1.0, so that nothing comes in chunks
    return await ask(port, f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())


async def _sign_in(port: int, username: str, password: str, headers: bytes = b"", *, source: str) -> Answer:
    body = orjson.dumps({"username": username, "password": password})
    head = SIGN_IN + headers + b"Content-Length: %d\r\n\r\n" % len(body)
    return await ask(port, head + body, source=source)


def test_data_of_strangers_stay_out_of_the_way(here: Launched) -> None:
    """The server still serves, and nothing broke inside."""
    assert here.process.poll() is None
    assert "Traceback" not in Path(here.output).read_text()
