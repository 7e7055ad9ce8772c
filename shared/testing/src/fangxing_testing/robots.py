"""Where people are told, for tests: a robot of a group chat behind real HTTP, and a mail server that speaks SMTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Posted:
    """One message a robot was sent: its path with the query, and the JSON."""

    path: str
    query: dict[str, str]
    media_type: str
    body: dict[str, Any]


@dataclass
class Robot:
    """A robot at `url`: what it was sent, and what it answers from now on; nothing while `answers` is clear."""

    url: str = ""
    status: int = 200
    errcode: int = 0
    posted: list[Posted] = field(default_factory=list)
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request."""
        with suppress(OSError, asyncio.IncompleteReadError):
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            body = json.loads(await reader.readexactly(int(headers["content-length"])))
            target = urlsplit(first.split()[1])
            query = {name: values[0] for name, values in parse_qs(target.query).items()}
            self.posted.append(Posted(target.path, query, headers["content-type"], body))
            await self.answers.wait()
            answer = json.dumps({"errcode": self.errcode, "errmsg": "said"}).encode()
            head = f"HTTP/1.1 {self.status} Said\r\nContent-Length: {len(answer)}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode() + answer)
            await writer.drain()
        writer.close()


@dataclass
class MailServer:
    """A mail server at `port`: what it was given. It refuses recipients while `refuses` is set."""

    port: int = 0
    refuses: bool = False
    mails: list[EmailMessage] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak SMTP with one client (RFC 5321)."""
        with suppress(OSError, asyncio.IncompleteReadError):
            writer.write(b"220 test\r\n")
            while command := (await reader.readline()).strip().upper():
                writer.write(await self._answer(command, reader, writer))
                await writer.drain()
        writer.close()

    async def _answer(self, command: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        if command.startswith(b"RCPT") and self.refuses:
            return b"550 no such person\r\n"
        if command.startswith(b"QUIT"):
            return b"221 bye\r\n"
        if not command.startswith(b"DATA"):
            return b"250 fine\r\n"
        writer.write(b"354 go on\r\n")
        mail = message_from_bytes(await reader.readuntil(b"\r\n.\r\n"), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return b"250 taken\r\n"


@asynccontextmanager
async def robot() -> AsyncIterator[Robot]:
    """A robot on loopback for the length of the block."""
    served = Robot()
    served.answers.set()
    async with await asyncio.start_server(served.serve, "127.0.0.1", 0) as server:
        served.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/robot/send?access_token=hush"
        yield served


@asynccontextmanager
async def mail_server() -> AsyncIterator[MailServer]:
    """A mail server on loopback for the length of the block."""
    served = MailServer()
    async with await asyncio.start_server(served.serve, "127.0.0.1", 0) as server:
        served.port = server.sockets[0].getsockname()[1]
        yield served
