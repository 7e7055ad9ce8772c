"""A real worker of a service whose process is killed at a chosen moment: `crashing_worker.py <service> <moment>`.

The moments are those between two durable steps: `before-publish` (committed, not sent), `after-publish` (sent, not
marked) and `before-offset` (effect committed, offset not). At `in-transaction` the process is not killed but stopped,
once, while it keeps a delivery note. `never` is a worker like any other.
"""

import asyncio
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

from sqlalchemy import event

from fangxing.bus import Delivery, Message, Subscription, Transport
from fangxing.bus.kafka import KafkaBus, ensure_topics
from fangxing.bus.local import LocalBus
from fangxing.database import Database
from fangxing.running import logs
from fangxing.running.service import Service, running
from fangxing.running.worker import work


def die() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def freeze_in_a_transaction(database: Database) -> None:
    """Stop this process, until somebody lets it go on, right after it has stored a delivery note."""

    once = iter((signal.SIGSTOP,))

    def stop(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO delivery_notes"):
            for number in once:
                os.kill(os.getpid(), number)

    event.listen(database.engine.sync_engine, "after_cursor_execute", stop)


class CrashingSubscription:
    """A subscription of the real transport that never comes to its commit."""

    def __init__(self, real: Subscription) -> None:
        self._real = real

    async def poll(self, seconds: float) -> list[Delivery]:
        """See `Subscription`."""
        return await self._real.poll(seconds)

    async def commit(self, delivery: Delivery) -> None:
        """Die with the effect committed and the offset not."""
        die()

    async def lag(self) -> int:
        """See `Subscription`."""
        return await self._real.lag()

    async def close(self) -> None:
        """See `Subscription`."""
        await self._real.close()


class CrashingTransport:
    """The real transport until the moment comes."""

    def __init__(self, real: Transport, moment: str) -> None:
        self._real = real
        self._moment = moment

    async def publish(self, topic: str, messages: Sequence[Message]) -> list[Exception | None]:
        """Die before sending, or with everything sent and nothing marked."""
        if self._moment == "before-publish":
            die()
        results = await self._real.publish(topic, messages)
        if self._moment == "after-publish":
            die()
        return results

    async def subscribe(self, group: str, topics: Sequence[str]) -> Subscription:
        """See `Transport`."""
        real = await self._real.subscribe(group, topics)
        return CrashingSubscription(real) if self._moment == "before-offset" else real

    async def lag(self, group: str, topics: Sequence[str]) -> int:
        """See `Transport`."""
        return await self._real.lag(group, topics)

    async def close(self) -> None:
        """See `Transport`."""
        await self._real.close()


async def main(name: str, moment: str) -> None:
    """Run the worker of `name` until SIGTERM, or until the moment comes."""
    # not by way of a list of all five, whose imports take longer than many a test
    service: Service = importlib.import_module(f"{name}_svc.main").SERVICE
    settings = service.settings()
    logs.configure("WARNING")
    real: Transport
    if settings.kafka:
        await ensure_topics(
            settings.kafka, [settings.topic_prefix + topic for topic in (service.topic, *service.consumers.topics)]
        )
        real = KafkaBus(settings.kafka, prefix=settings.topic_prefix)
    else:
        assert settings.bus_url is not None
        real = await LocalBus.open(settings.bus_url.get_secret_value(), frozen_seconds=settings.frozen_seconds)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    transport = CrashingTransport(real, moment)
    async with running(service, settings, transport=transport) as runtime:
        if moment == "in-transaction":
            freeze_in_a_transaction(runtime.database)
        await work(runtime, stop)
    await real.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
