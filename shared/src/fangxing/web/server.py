"""The server in front of the application: uvicorn, with the limits it has none for.

A client gets a bounded time and room for its request. When all connections are taken, the one that has kept us waiting
longest makes room for the next: whoever opens many and says nothing keeps nobody out.
"""

import asyncio
import math
import socket
import time
from collections import Counter
from enum import Enum, auto
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from fangxing.errors import DomainError, ErrorType, Kind
from fangxing.running.settings import ServerSettings
from fangxing.text import Language, negotiate
from fangxing.web import problems
from fangxing.web.app import BODY_TOO_LARGE, body_limit

UNREADABLE = ErrorType(
    "request-unreadable", Kind.INVALID, "无法读取：不是 HTTP 请求", "This is no HTTP request that can be read"
)
HEAD_TOO_LARGE = ErrorType(
    "head-too-large", Kind.HEAD_TOO_LARGE, "请求头超过 {limit} KB", "The request's head is over {limit} KB"
)
TOO_SLOW = ErrorType(
    "request-too-slow",
    Kind.TOO_SLOW,
    "{seconds} 秒内没有收完请求，未保存任何内容，请重试",
    "The request was not complete within {seconds} s; nothing was stored, try again",
)
TOO_MANY_CONNECTIONS = ErrorType(
    "too-many-connections", Kind.UNAVAILABLE, "连接数已满，请稍后重试", "All connections are taken; try again"
)
HOST_UNKNOWN = ErrorType(
    "host-unknown",
    Kind.INVALID,
    "请求头 Host 不是本系统的地址（见设置 allowed_hosts）",
    "The header Host names no address of ours (see the setting allowed_hosts)",
    field="Host",
)

_GRACE_SECONDS = 10
# a connection that has been silent for less may just be on its way
_PATIENCE_SECONDS = 1.0
# a client that is refused still gets to read why, while what it goes on sending is thrown away
_LINGER_SECONDS = 2.0
# a client that acknowledges nothing of its answer for so long is gone
_UNREAD_SECONDS = 60
# the chunks of a body may be small and have lines of their own
_BYTES_PER_BYTE = 4
_ON_EVERY_ANSWER = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]


def server_config(app: ASGIApp, settings: ServerSettings, **options: Any) -> uvicorn.Config:
    """What uvicorn is to be started with; `options` are its own, such as host and port."""
    return _Config(app, settings, **options)


class AllowedHosts:
    """Refuses what is not sent to one of our names: a page elsewhere may have its name lead to our address."""

    def __init__(self, app: ASGIApp, names: str) -> None:
        self._app = app
        self._names = [name.strip().lower() for name in names.split(",")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application do it."""
        hosts = [value.decode("latin-1") for name, value in scope.get("headers", ()) if name == b"host"]
        if len(hosts) == 1 and self._are_ours(hosts[0]):
            await self._app(scope, receive, send)
        else:
            await problems.problem(HOST_UNKNOWN(), _language(scope["headers"]))(scope, receive, send)

    def _are_ours(self, host: str) -> bool:
        name, _, port = host.rpartition(":")
        # an IPv6 address has colons of its own, and brackets around it
        name = (name if port.isdigit() and not name.endswith(":") else host).strip("[]").lower()
        return any(
            ours in ("*", name) or (ours.startswith("*.") and name.endswith(ours.removeprefix("*")))
            for ours in self._names
        )


class _Config(uvicorn.Config):
    """The configuration of one server, and the connections that count."""

    def __init__(self, app: ASGIApp, settings: ServerSettings, **options: Any) -> None:
        super().__init__(
            AllowedHosts(app, settings.allowed_hosts),
            http=_Connection,
            ws="none",
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            headers=_ON_EVERY_ANSWER,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies,
            timeout_graceful_shutdown=_GRACE_SECONDS,
            # uvicorn's own bound comes never before ours
            timeout_keep_alive=math.ceil(settings.idle_seconds),
            **options,
        )
        self.settings = settings
        self.counted: set[_Connection] = set()
        self.by_address: Counter[str] = Counter()

    @property
    def share(self) -> int:
        """How many connections one address may have; those of a proxy are everybody's."""
        whole = self.settings.connections
        return whole if self.settings.trusted_proxies else max(1, whole // 2)


class _Phase(Enum):
    IDLE = auto()
    HEAD = auto()
    BODY = auto()
    ANSWERING = auto()
    REFUSED = auto()


class _Connection(HttpToolsProtocol):
    """One connection. In the phases IDLE, HEAD and BODY it waits for its client, and a timer runs."""

    config: _Config

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._limits = self.config.settings
        self._phase = _Phase.IDLE
        self._timer: asyncio.TimerHandle | None = None
        self._waiting_since: float | None = None
        self._address = ""
        self._messages = 0
        self._message_bytes = 0
        self._head_bytes = 0
        self._body_limit = 0
        self._fault: DomainError | None = None

    # the connection begins and ends

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        connected: socket.socket | None = transport.get_extra_info("socket")
        if connected is not None and hasattr(socket, "TCP_USER_TIMEOUT"):
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNREAD_SECONDS * 1000)
        self._address = self.client[0] if self.client else ""
        self.config.counted.add(self)
        self.config.by_address[self._address] += 1
        if len(self.connections) > 2 * self._limits.connections:
            transport.abort()
        elif self._has_room():
            self._wait(_Phase.IDLE, self._limits.head_seconds)
        else:
            self._refuse(TOO_MANY_CONNECTIONS())

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_waiting()
        self._count_no_more()

    def _has_room(self) -> bool:
        """Whether there is room for this connection, or another one that keeps us waiting made room for it."""
        counted = self.config.counted
        if self.config.by_address[self._address] > self.config.share:
            rivals = [one for one in counted if one._address == self._address]
        elif len(counted) > self._limits.connections:
            rivals = list(counted)
        else:
            return True
        latest = time.monotonic() - _PATIENCE_SECONDS
        idle = [(one._waiting_since, one) for one in rivals if one._waiting_since and one._waiting_since < latest]
        if not idle:
            return False
        min(idle, key=lambda pair: pair[0])[1]._give_way()
        return True

    def _give_way(self) -> None:
        self._stop_waiting()
        self._count_no_more()
        self._hang_up_on_application()
        self.transport.close()

    def _count_no_more(self) -> None:
        if self in self.config.counted:
            self.config.counted.remove(self)
            self.config.by_address -= Counter((self._address,))

    # the timer

    def _wait(self, phase: _Phase, seconds: float) -> None:
        """Give the client `seconds` for what it has to send in `phase`."""
        self._stop_waiting()
        self._phase = phase
        self._waiting_since = time.monotonic()
        self._timer = self.loop.call_later(seconds, self._tired, seconds)

    def _stop_waiting(self) -> None:
        self._waiting_since = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tired(self, seconds: float) -> None:
        answered_early = self._phase is _Phase.BODY and self.cycle.response_complete
        if self._phase is _Phase.IDLE or answered_early:
            self.transport.close()
        else:
            self._refuse(TOO_SLOW(seconds=f"{seconds:g}"))

    # what the client sends

    def data_received(self, data: bytes) -> None:
        if self._phase is _Phase.REFUSED:
            return
        messages = self._messages
        super().data_received(data)
        # of what came together with the end of another message, nobody knows how much was this one's
        if self._phase in (_Phase.HEAD, _Phase.BODY) and self._messages == messages:
            self._message_bytes += len(data)
            if self._phase is _Phase.HEAD and self._message_bytes > self._limits.head_bytes:
                self._refuse(self._head_too_large())
            elif self._phase is _Phase.BODY and self._message_bytes > self._most_bytes:
                self._refuse(BODY_TOO_LARGE(limit=self._body_limit // 1024))

    @property
    def _most_bytes(self) -> int:
        """How many bytes a message may come in, with the lines of its chunks."""
        return self._limits.head_bytes + _BYTES_PER_BYTE * self._body_limit

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._messages += 1
        self._message_bytes = self._head_bytes = 0
        self._wait(_Phase.HEAD, self._limits.head_seconds)

    def on_url(self, url: bytes) -> None:
        self._count_head(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count_head(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._body_limit = body_limit(self.scope["path"])
        self._wait(_Phase.BODY, self._limits.body_seconds)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._stop_waiting()
        self._phase = _Phase.ANSWERING
        self._wait_for_next_message()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._wait_for_next_message()

    def _wait_for_next_message(self) -> None:
        if self._phase is _Phase.ANSWERING and self.cycle.response_complete and not self.transport.is_closing():
            self._wait(_Phase.IDLE, self._limits.idle_seconds)

    def _count_head(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > self._limits.head_bytes:
            self._fault = self._head_too_large()
            # the parser ends there, and `send_400_response` is called
            raise ValueError("head too large")

    def _head_too_large(self) -> DomainError:
        return HEAD_TOO_LARGE(limit=self._limits.head_bytes // 1024)

    # what it is told

    def send_400_response(self, msg: str) -> None:
        self._refuse(self._fault or UNREADABLE())

    def _refuse(self, error: DomainError) -> None:
        """Say `error` and end the connection; end it without a word where another answer is under way."""
        self._stop_waiting()
        self._count_no_more()
        cycle = self._unanswered
        begun = cycle and (self._phase is not _Phase.BODY or cycle.response_started or self.pipeline)
        self._phase = _Phase.REFUSED
        self._hang_up_on_application()
        if begun or self.transport.is_closing():
            self.transport.abort()
            return
        response = problems.problem(error, _language(self.headers or ()))
        headers = [*self.server_state.default_headers, *response.raw_headers, (b"connection", b"close")]
        lines = [b"HTTP/1.1 %d \r\n" % response.status_code, *(b"%b: %b\r\n" % header for header in headers), b"\r\n"]
        self.transport.write(b"".join(lines) + bytes(response.body))
        self.flow.resume_reading()
        self.transport.write_eof()
        self._timer = self.loop.call_later(_LINGER_SECONDS, self.transport.abort)

    def _hang_up_on_application(self) -> None:
        """Let an application that waits for more of the body know that none comes."""
        if cycle := self._unanswered:
            cycle.disconnected = True
            cycle.message_event.set()

    @property
    def _unanswered(self) -> RequestResponseCycle | None:
        """The request that is not answered to its end."""
        cycle: RequestResponseCycle | None = self.cycle
        return None if cycle is None or cycle.response_complete else cycle


def _language(headers: Any) -> Language:
    return negotiate(dict(headers).get(b"accept-language", b"").decode("latin-1"))
