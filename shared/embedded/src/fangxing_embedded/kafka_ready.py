"""Whether a broker can be had and answers."""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from aiokafka.client import AIOKafkaClient

_POLL_SECONDS: Final = 0.05


class KafkaUnavailableError(RuntimeError):
    """No broker can be had this way; the message says why, with the last lines of the broker's log."""


def wait_for_kafka(bootstrap: str, seconds: float, *, alive: Callable[[], bool] = lambda: True) -> None:
    """Block until a broker accepts connections there and lists itself as alive in its metadata.

    Raises KafkaUnavailableError after `seconds`, or at once when `alive` says that it cannot come any more.
    May be called inside an event loop, which it blocks.
    """
    outcome: list[BaseException] = []

    def probe() -> None:
        try:
            asyncio.run(_wait_for_metadata(bootstrap, seconds, alive))
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=probe, name="kafka-probe", daemon=True)
    thread.start()
    thread.join()
    if outcome:
        raise outcome[0]


async def _wait_for_metadata(bootstrap: str, seconds: float, alive: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    host, _, port = bootstrap.split(",")[0].rpartition(":")
    while True:
        if not alive():
            raise KafkaUnavailableError("the broker ended before it answered")
        if time.monotonic() >= deadline:
            raise KafkaUnavailableError(f"no Kafka answers at {bootstrap} within {seconds:.0f} s")
        # A plain connection first: aiokafka logs an error for each refused one.
        if await _accepts(host, int(port)) and await _lists_brokers(bootstrap):
            return
        await asyncio.sleep(_POLL_SECONDS)


async def _accepts(host: str, port: int) -> bool:
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), 2.0)
    except (OSError, TimeoutError):
        return False
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True


async def _lists_brokers(bootstrap: str) -> bool:
    client = AIOKafkaClient(bootstrap_servers=bootstrap, request_timeout_ms=5000)
    try:
        # A broker the controller has not let in yet is missing from its own metadata.
        await client.bootstrap()
        return bool(client.cluster.brokers())
    except Exception:
        # Whatever it is, it is not ready; the deadline decides.
        return False
    finally:
        await client.close()
