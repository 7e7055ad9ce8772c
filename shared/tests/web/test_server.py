"""The server's limits, one by one, over sockets: on the event loop of Python and on the one of production."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
import uvicorn
from fastapi import FastAPI, Request

from fangxing.attachments.inspecting import MOST_BYTES
from fangxing.running.settings import ServerSettings
from fangxing.web import problems, server
from fangxing.web.server import server_config
from fangxing_testing.raw import Wire, ask, wire

ONE, OTHER = "127.0.0.2", "127.0.0.3"
GET = b"GET /client HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes whoever says nothing for dead at once."""
    monkeypatch.setattr(server, "_PATIENCE_SECONDS", 0.0)


@asynccontextmanager
async def served(**settings: object) -> AsyncIterator[int]:
    """The port of a server with these limits; its `/client` says who asks, `/body` how long the body is."""
    app = FastAPI()
    problems.install(app)
    held = app.state.held = asyncio.Event()

    @app.get("/client")
    async def client(request: Request) -> str:
        assert request.client
        return request.client.host

    @app.post("/body")
    async def body(request: Request) -> int:
        return len(await request.body())

    app.post("/imports/customers")(body)
    app.post("/attachments")(body)

    @app.get("/held")
    async def wait_until_released() -> str:
        await held.wait()
        return "released"

    @app.get("/release")
    async def release() -> None:
        held.set()

    running = uvicorn.Server(server_config(app, ServerSettings.model_validate(settings)))
    # whoever connects before it serves waits in the backlog
    listener = socket.create_server(("127.0.0.1", 0))
    task = asyncio.create_task(running._serve([listener]))
    yield listener.getsockname()[1]
    held.set()
    running.should_exit = True
    await task


async def answers(connection: Wire) -> bool:
    """Whether this connection is still good for a request."""
    await connection.send(GET + b"\r\n")
    return (await connection.answer()).status == 200


async def open_silent(stack: AsyncExitStack, port: int, count: int, source: str) -> list[Wire]:
    """Connections that have sent half a head."""
    silent = [await stack.enter_async_context(wire(port, source=source)) for _ in range(count)]
    for connection in silent:
        await connection.send(GET)
    return silent


@pytest.mark.usefixtures("impatient")
async def test_who_says_nothing_makes_room_for_the_next_the_longest_first() -> None:
    async with served(connections=4) as port, AsyncExitStack() as stack:
        silent = await open_silent(stack, port, 2, ONE) + await open_silent(stack, port, 2, OTHER)
        fresh = [await stack.enter_async_context(wire(port, source="127.0.0.4")) for _ in range(2)]
        assert [await answers(connection) for connection in fresh] == [True, True]
        assert [await connection.closed(seconds=1) for connection in silent] == [True, True, False, False]


@pytest.mark.usefixtures("impatient")
async def test_one_address_gets_half_and_pushes_out_nobody_but_itself() -> None:
    async with served(connections=8) as port, AsyncExitStack() as stack:
        gate = await stack.enter_async_context(wire(port, source=OTHER))
        assert await answers(gate)
        silent = await open_silent(stack, port, 4, ONE)
        more = [await stack.enter_async_context(wire(port, source=ONE)) for _ in range(2)]
        assert [await answers(connection) for connection in more] == [True, True]
        assert [await connection.closed(seconds=1) for connection in silent] == [True, True, False, False]
        assert await answers(gate)


async def test_where_nobody_can_make_room_the_next_is_503_with_retry_after() -> None:
    async with served(connections=3) as port, AsyncExitStack() as stack:
        busy = await stack.enter_async_context(wire(port, source=ONE))
        await busy.send(b"GET /held HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert await answers(await stack.enter_async_context(wire(port, source=OTHER)))
        refused = await ask(port, GET + b"\r\n", source=ONE)
        assert refused.problem == (503, "too-many-connections")
        assert refused.headers["retry-after"] == "1"
        assert (await ask(port, b"GET /release HTTP/1.1\r\nHost: localhost\r\n\r\n", source="127.0.0.4")).status == 200
        assert (await busy.answer()).body == b'"released"'
        assert await answers(busy)


@pytest.mark.parametrize(
    ("trusted", "forwarded", "client"),
    [
        ("", b"10.1.2.3", b"127.0.0.2"),
        ("127.0.0.3", b"10.1.2.3", b"127.0.0.2"),
        ("127.0.0.2", b"10.1.2.3", b"10.1.2.3"),
        ("127.0.0.0/8,10.0.0.0/8", b"6.6.6.6, 8.8.8.8, 10.1.2.3", b"8.8.8.8"),
    ],
)
async def test_a_forwarded_address_is_believed_of_a_proxy_that_is_named(
    trusted: str, forwarded: bytes, client: bytes
) -> None:
    async with served(trusted_proxies=trusted) as port:
        answer = await ask(port, GET + b"X-Forwarded-For: " + forwarded + b"\r\n\r\n", source=ONE)
        assert answer.body == b'"%b"' % client


async def test_a_head_at_the_limit_passes_and_one_byte_more_does_not() -> None:
    async with served(head_bytes=200) as port:
        used = len(b"/client" + b"HostlocalhostX-Pad")
        for pad, status in ((200 - used, 200), (201 - used, 431)):
            answer = await ask(port, GET + b"X-Pad: " + b"a" * pad + b"\r\n\r\n")
            assert answer.status == status


@pytest.mark.parametrize(
    ("line", "chunk"), [(b"1;" + b"x" * 4096 + b"\r\na\r\n", b"an extension"), (b"1\r\na\r\n", b"single bytes")]
)
async def test_a_body_that_never_ends_is_ended_by_its_bytes_and_not_by_its_time_alone(
    line: bytes, chunk: bytes
) -> None:
    async with served(body_seconds=60) as port, wire(port) as connection:
        await connection.send(b"POST /body HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        answering = asyncio.create_task(connection.answer())
        while not answering.done():
            await connection.send(line * (65536 // len(line)))
        assert answering.result().problem == (413, "body-too-large")


@pytest.mark.parametrize("path", ["/attachments", "/imports/customers"])
async def test_where_files_are_taken_a_body_may_be_as_large_as_a_file(path: str) -> None:
    size = MOST_BYTES
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n\r\n"
    async with served() as port, wire(port) as connection:
        await connection.send(head.encode() + bytes(size))
        answer = await connection.answer()
    assert (answer.status, answer.body) == (200, str(size).encode())


async def test_two_requests_in_one_packet_are_answered_in_order() -> None:
    async with served() as port, wire(port) as connection:
        await connection.send(b"POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc" + GET + b"\r\n")
        assert [(await connection.answer()).body for _ in range(2)] == [b"3", b'"127.0.0.1"']
        assert await answers(connection)


async def test_hosts_below_a_name_and_any_host() -> None:
    async def asked(port: int, host: str) -> int:
        return (await ask(port, f"GET /client HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())).status

    async with served(allowed_hosts="*.factory.cn, 10.0.0.1") as port:
        assert [await asked(port, host) for host in ("a.factory.cn", "b.a.factory.cn:80", "10.0.0.1:8000")] == [200] * 3
        assert [await asked(port, host) for host in ("factory.cn", "evilfactory.cn", "localhost", "[::1]")] == [400] * 4
    async with served(allowed_hosts="*") as port:
        assert [await asked(port, host) for host in ("anything", "[::1]:1")] == [200] * 2


async def test_who_hangs_up_in_the_middle_of_a_body_breaks_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    async with served() as port:
        async with wire(port) as connection:
            await connection.send(b"POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc")
            await asyncio.sleep(0)
        assert (await ask(port, GET + b"\r\n")).status == 200
    assert "Traceback" not in capsys.readouterr().out


async def test_a_silent_connection_is_ended_after_our_time_and_not_after_5_seconds_as_by_uvicorn() -> None:
    async def silent_after_an_answer(seconds: float, **settings: object) -> bool:
        async with served(**settings) as port, wire(port) as connection:
            assert await answers(connection)
            return await connection.closed(seconds=seconds)

    by_default, soon = await asyncio.gather(silent_after_an_answer(6), silent_after_an_answer(15, idle_seconds=0.2))
    assert (by_default, soon) == (False, True)
