"""A lean HTTP load generator, a process of its own so that it takes no time from the one it measures.

Reads a `Plan` as JSON from standard input and writes a `Report` to standard output. Each connection keeps itself alive
and sends the next request as soon as the last one is answered.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import cast

import uvloop


@dataclass
class Plan:
    """Raw requests, each sent `repeat` times, over `connections` to a port of this machine."""

    port: int
    requests: list[str]
    repeat: int = 1
    connections: int = 16


@dataclass
class Report:
    """What came of a plan; latencies in seconds, ascending. `odd` are the first answers that were no 2xx."""

    seconds: float
    statuses: dict[str, int]
    latencies: list[float]
    odd: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers per second."""
        return sum(self.statuses.values()) / self.seconds

    def percentile(self, percent: float) -> float:
        """The latency that `percent` of the answers did not exceed, in seconds."""
        return self.latencies[min(len(self.latencies) - 1, int(len(self.latencies) * percent / 100))]


class Connection(asyncio.Protocol):
    """One keep-alive connection that works through a shared supply of requests."""

    def __init__(self, supply: Iterator[bytes], report: Report) -> None:
        self._supply = supply
        self._report = report
        self._statuses: Counter[str] = Counter()
        self._received = b""
        self._sent_at = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server closed the connection"))

    def send_next(self) -> None:
        """Send the next request, or be done."""
        request = next(self._supply, None)
        if request is None:
            self.done.set_result(None)
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol; answers are framed by their Content-Length."""
        self._received += data
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if not blank:
            return
        at = head.lower().index(b"content-length:") + 15
        if len(body) < int(head[at:].split(b"\r\n", 1)[0]):
            return
        self._report.latencies.append(time.perf_counter() - self._sent_at)
        status = head[9:12].decode()
        self._report.statuses[status] = self._report.statuses.get(status, 0) + 1
        if not status.startswith("2") and len(self._report.odd) < 3:
            self._report.odd.append(body.decode())
        self._received = b""
        self.send_next()


async def run(plan: Plan) -> Report:
    """Carry the plan out; the clock runs from the first request to the last answer."""
    report = Report(0.0, {}, [])
    supply = (request.encode("latin-1") for _ in range(plan.repeat) for request in plan.requests)
    loop = asyncio.get_running_loop()
    connections = [
        (await loop.create_connection(lambda: Connection(supply, report), "127.0.0.1", plan.port))[1]
        for _ in range(plan.connections)
    ]
    started = time.perf_counter()
    for connection in connections:
        connection.send_next()
    await asyncio.gather(*(connection.done for connection in connections))
    report.seconds = time.perf_counter() - started
    report.latencies.sort()
    return report


async def generate(plan: Plan) -> Report:
    """Carry the plan out in a process of its own; raises RuntimeError unless every answer was a 2xx."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate(json.dumps(asdict(plan)).encode())
    if process.returncode != 0:
        raise RuntimeError("the load generator broke")
    report = Report(**json.loads(output))
    if report.odd:
        raise RuntimeError(f"answers that are no success: {report.statuses} {report.odd}")
    return report


def request(method: str, path: str, headers: dict[str, str], body: str = "") -> str:
    """A request as it goes over the wire, each byte a Latin-1 character."""
    sized = {"Host": "localhost", **headers}
    if body:
        sized |= {"Content-Type": "application/json", "Content-Length": str(len(body.encode()))}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sized.items()), "", ""]
    return "\r\n".join(lines) + body.encode().decode("latin-1")


if __name__ == "__main__":
    print(json.dumps(asdict(uvloop.run(run(Plan(**json.load(sys.stdin)))))))
