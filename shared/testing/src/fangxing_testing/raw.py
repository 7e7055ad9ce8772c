"""HTTP as bytes on a socket, for what no client library would send."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson

_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer off the wire; names of headers in small letters, `body` whatever came until the end."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> tuple[int, str]:
        """Status and slug of an answer that is a problem."""
        assert self.headers["content-type"] == "application/problem+json", self
        found: dict[str, Any] = orjson.loads(self.body)
        assert found["status"] == self.status
        return self.status, str(found["slug"])


class Wire:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, data: bytes) -> None:
        """Send `data`; a server that has closed meanwhile is no error, its answer is read by `answer`."""
        try:
            self._writer.write(data)
            await self._writer.drain()
        except ConnectionError:
            pass

    async def answer(self, *, seconds: float = _SECONDS) -> Answer:
        """The next answer; raises TimeoutError where none comes, and IncompleteReadError where the server closes."""
        async with asyncio.timeout(seconds):
            head = await self._reader.readuntil(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
            pairs = [line.split(": ", 1) for line in lines]
            headers = {name.lower(): value for name, value in pairs}
            assert len(headers) == len(pairs), f"a header twice: {lines}"
            body = await self._reader.readexactly(int(headers.get("content-length", "0")))
        return Answer(int(first.split(" ")[1]), headers, body)

    async def closed(self, *, seconds: float = _SECONDS) -> bool:
        """Whether the server closes within `seconds`, with nothing more to say."""
        try:
            async with asyncio.timeout(seconds):
                return await self._reader.read(1) == b""
        except ConnectionError:
            return True
        except TimeoutError:
            return False


@asynccontextmanager
async def wire(port: int, *, source: str = "127.0.0.1") -> AsyncIterator[Wire]:
    """A connection to `port` of this machine from the loopback address `source`, for the length of the block."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0), limit=2**20)
    try:
        yield Wire(reader, writer)
    finally:
        writer.close()


async def ask(port: int, data: bytes, *, source: str = "127.0.0.1") -> Answer:
    """The answer to `data` on a connection of its own."""
    async with wire(port, source=source) as connection:
        await connection.send(data)
        return await connection.answer()
