"""A service as processes: an API process and a worker process, each ending cleanly on SIGTERM or SIGINT."""

import asyncio
import gc
import signal

import structlog
import uvicorn
from aiokafka.errors import KafkaError
from prometheus_client import start_http_server

from fangxing.bus.kafka import ensure_topics
from fangxing.database.migrations import migrate
from fangxing.running import logs
from fangxing.running.leadership import wait
from fangxing.running.service import Service, running
from fangxing.running.settings import ServiceSettings
from fangxing.running.worker import work
from fangxing.web.app import create_app
from fangxing.web.server import server_config

log = structlog.get_logger(__name__)


def calm_the_collector() -> None:
    """Keep Python's garbage collector from walking, again and again, what was loaded at the start and stays.

    To be called once everything is loaded; without it a fifth of a request's time is spent there.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


async def prepare(service: Service, settings: ServiceSettings) -> None:
    """Bring the service's database to the newest schema."""
    await migrate(settings.database_url.get_secret_value(), service.migrations, service.metadata)


async def serve(service: Service, settings: ServiceSettings, *, host: str, port: int) -> None:
    """Serve the service's API until the process is told to end."""
    logs.configure(settings.log_level)
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn takes these over while it serves, then raises them again: that must not cut the leaving short
        loop.add_signal_handler(signal_number, lambda: None)
    async with running(service, settings) as runtime:
        config = server_config(create_app(service, runtime), settings, host=host, port=port)
        calm_the_collector()
        await uvicorn.Server(config).serve()


async def run_worker(service: Service, settings: ServiceSettings, *, metrics_port: int | None = None) -> None:
    """Run the service's worker until the process is told to end."""
    logs.configure(settings.log_level)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop.set)
    if metrics_port is not None:
        start_http_server(metrics_port, "127.0.0.1")
    if settings.kafka and not await _topics_ready(service, settings, stop):
        return
    async with running(service, settings) as runtime:
        calm_the_collector()
        await work(runtime, stop)


async def _topics_ready(service: Service, settings: ServiceSettings, stop: asyncio.Event) -> bool:
    """Create the topics that are missing, as soon as the broker is there; False when told to end before."""
    assert settings.kafka is not None
    topics = [settings.topic_prefix + topic for topic in (service.topic, *service.consumers.topics)]
    while not stop.is_set():
        try:
            await ensure_topics(settings.kafka, topics)
        except (KafkaError, OSError) as error:
            log.warning("worker.waiting_for_broker", error=str(error)[:200])
            await wait(stop, 1.0)
        else:
            return True
    return False
