"""Where the measurements take place: durable PostgreSQL, real Kafka, and services as processes of their own."""

import asyncio
import contextlib
import os
import subprocess
import sys
import sysconfig
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from baseline import __file__ as BASELINE

import customer_svc.main
import shipping_svc.main
from fangxing.bus.kafka import ensure_topics
from fangxing.running.processes import prepare
from fangxing.running.service import Service, running
from fangxing.running.settings import ServiceSettings
from fangxing_embedded.kafka import KafkaBroker, free_port, obtain_kafka
from fangxing_embedded.postgres import EmbeddedPostgres, PostgresServer
from fangxing_embedded.processes import Leash, tail
from fangxing_testing.harness import ServiceUnderTest, client_of
from fangxing_testing.identity import AUDIENCE, ISSUER, Identities

CLIENTS = 16
SHIPPING = shipping_svc.main.SERVICE
CUSTOMER = customer_svc.main.SERVICE
ROOT = Path(__file__).parents[2]
_READY_SECONDS = 30.0


@dataclass
class Stage:
    """What every measurement needs."""

    directory: Path
    postgres: PostgresServer
    kafka: KafkaBroker
    identities: Identities

    def settings(self, service: Service, *, pool_size: int = CLIENTS) -> ServiceSettings:
        """The settings of `service` here."""
        return service.settings.model_validate(
            {
                "database_url": self.postgres.url(service.name),
                "kafka": self.kafka.bootstrap,
                "topic_prefix": self.directory.name + "-",
                "jwks": str(self.identities.jwks),
                "issuer": ISSUER,
                "audience": AUDIENCE,
                "signing_key": str(self.identities.signing_key),
                "pool_size": pool_size,
                "staff_required": False,
            }
        )

    @asynccontextmanager
    async def within(self, service: Service) -> AsyncIterator[ServiceUnderTest]:
        """The service in this process, to prepare things with."""
        settings = self.settings(service, pool_size=4)
        async with running(service, settings) as runtime, client_of(service, runtime, held=False) as client:
            yield ServiceUnderTest(service, runtime, client, self.identities)

    @asynccontextmanager
    async def api(self, service: Service) -> AsyncIterator[int]:
        """The service's API as a process; its port."""
        port = free_port()
        with self._process(service, "api", "--port", str(port)) as process:
            await _answers(process, port)
            yield port

    @contextmanager
    def worker(self, service: Service) -> Iterator[None]:
        """The service's worker as a process."""
        with self._process(service, "worker"):
            yield

    def _process(
        self, service: Service, *arguments: str
    ) -> "contextlib.AbstractContextManager[subprocess.Popen[bytes]]":
        environment = self.settings(service).environment()
        command = [str(Path(sysconfig.get_path("scripts")) / service.name), *arguments]
        return child(command, self.directory / f"{service.name}-{arguments[0]}.log", environment)

    @asynccontextmanager
    async def bare(self) -> AsyncIterator[int]:
        """The bare server of `baseline.py` on shipping-svc's database; its port."""
        port = free_port()
        command = [sys.executable, BASELINE, str(port), self.postgres.dsn(SHIPPING.name), str(CLIENTS)]
        with child(command, self.directory / "baseline.log", {}) as process:
            await _answers(process, port)
            yield port


@contextmanager
def child(command: list[str], log: Path, environment: dict[str, str]) -> "Iterator[subprocess.Popen[bytes]]":
    """A process for the length of the block; what it says is in `log`, and shown when it breaks."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    leash = Leash(process.pid, "KILL")
    try:
        yield process
        if process.poll() is not None:
            raise RuntimeError(f"{log.stem} ended by itself:\n{tail(log)}")
    finally:
        leash.release()
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def _answers(process: "subprocess.Popen[bytes]", port: int) -> None:
    async with asyncio.timeout(_READY_SECONDS):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                if process.poll() is not None:
                    return
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


@asynccontextmanager
async def stage(directory: Path) -> AsyncIterator[Stage]:
    """Both servers, both databases with their schema, and the topics, in `directory` for the length of the block."""
    async with contextlib.AsyncExitStack() as stack:
        postgres = EmbeddedPostgres.start(directory / "postgres")
        stack.callback(postgres.stop)
        kafka = await asyncio.to_thread(obtain_kafka, directory / "kafka")
        stack.callback(kafka.stop)
        here = Stage(directory, postgres, kafka, Identities(directory))
        for service in (SHIPPING, CUSTOMER):
            await postgres.ensure_database(service.name)
            await prepare(service, here.settings(service))
        topics = sorted({SHIPPING.topic, *SHIPPING.consumers.topics, *CUSTOMER.consumers.topics})
        await ensure_topics(kafka.bootstrap, [f"{directory.name}-{topic}" for topic in topics])
        yield here
