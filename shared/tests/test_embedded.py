"""The servers we bring along keep what they were given, whatever happens to their owner."""

import asyncio
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from sqlalchemy import NullPool, text
from sqlalchemy.ext.asyncio import create_async_engine

from fangxing_embedded.kafka import ApacheKafka, KafkaBroker
from fangxing_embedded.kafka_ready import KafkaUnavailableError
from fangxing_embedded.postgres import EmbeddedPostgres, PostgresServer
from fangxing_embedded.processes import FileLock, runs_on
from fangxing_embedded.wheel import EmbeddedPostgresError
from fangxing_testing.servers import create_database, drop_database, template_database

DEADLINE_SECONDS = 30.0

# Owns a server, commits a row, then waits to be killed.
OWNER = """
import asyncio, sys
from pathlib import Path
from sqlalchemy import text
from fangxing_embedded.postgres import EmbeddedPostgres

server = EmbeddedPostgres.start(Path(sys.argv[1]))

async def fill():
    await server.ensure_database("kept")
    from sqlalchemy.ext.asyncio import create_async_engine
    engine = create_async_engine(server.url("kept"))
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE note (line text)"))
        await connection.execute(text("INSERT INTO note VALUES ('放行')"))
    await engine.dispose()

asyncio.run(fill())
print(server.pid, flush=True)
sys.stdin.read()
"""


async def query(url: str, statement: str) -> list[str]:
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        return [str(value) for value in (await connection.execute(text(statement))).scalars()]


# Owns a broker, then waits to be killed.
BROKER_OWNER = """
import sys
from pathlib import Path
from fangxing_embedded.kafka import ApacheKafka

print(ApacheKafka.start(Path(sys.argv[1])).pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path / "data")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("what_dies", ["owner", "owner and its leash", "owner and server"])
async def test_data_is_there_after_kill_9(owner: subprocess.Popen[str], tmp_path: Path, what_dies: str) -> None:
    assert owner.stdout is not None
    postmaster = int(owner.stdout.readline())
    if what_dies == "owner and its leash":
        # Nothing ends the server now: what is left is a real orphan.
        for leash in children_of(owner.pid):
            if leash != postmaster:
                os.kill(leash, signal.SIGKILL)
    if what_dies == "owner and server":
        os.kill(postmaster, signal.SIGKILL)
    owner.kill()
    owner.wait()

    with EmbeddedPostgres.start(tmp_path / "data") as server:
        assert server.pid != postmaster
        assert await query(server.url("kept"), "SELECT line FROM note") == ["放行"]


def children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    if not listed.exists():
        pytest.skip("this system does not list children")
    return [int(child) for child in listed.read_text().split()]


async def test_a_data_directory_has_one_owner(owner: subprocess.Popen[str], tmp_path: Path) -> None:
    assert owner.stdout is not None
    owner.stdout.readline()
    lock = FileLock(tmp_path / "data" / "owner.lock")
    assert not lock.acquire(0)
    assert lock.holder() == str(owner.pid)


async def test_settings_and_a_long_path(tmp_path: Path) -> None:
    data_dir = tmp_path / ("long" * 40)
    with EmbeddedPostgres.start(data_dir, durable=False, max_connections=40) as server:
        shown = await query(
            server.url("postgres"),
            "SELECT concat_ws(' ', current_setting('max_connections'), current_setting('timezone'),"
            " current_setting('fsync'), current_setting('full_page_writes'))",
        )
    assert shown == ["40 UTC off off"]


def test_a_broken_cluster_says_why(tmp_path: Path) -> None:
    EmbeddedPostgres.start(tmp_path, durable=False).stop()
    (tmp_path / "cluster" / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedPostgresError, match="could not find the database system"):
        EmbeddedPostgres.start(tmp_path, durable=False)


async def test_databases_from_a_template(postgres: PostgresServer) -> None:
    builds: list[str] = []

    async def build(url: str) -> None:
        builds.append(url)
        engine = create_async_engine(url, poolclass=NullPool)
        async with engine.begin() as connection:
            await connection.execute(text("CREATE TABLE note AS SELECT 'from the template' AS line"))
        await engine.dispose()

    name = uuid.uuid4().hex
    templates = await asyncio.gather(*(template_database(postgres, name, build) for _ in range(4)))
    assert len(builds) == 1
    assert len(set(templates)) == 1

    copies = await asyncio.gather(*(create_database(postgres, templates[0]) for _ in range(4)))
    assert len(set(copies)) == 4
    for copy in copies:
        assert await query(postgres.url(copy), "SELECT line FROM note") == ["from the template"]
        await drop_database(postgres, copy)


async def test_kafka_carries_a_message(kafka: KafkaBroker) -> None:
    topic = f"embedded-{uuid.uuid4().hex}"
    if kafka.flavour != "mock":
        await create_topic(kafka.bootstrap, topic)
    await send(kafka.bootstrap, topic, "放行".encode())
    assert await first_message(kafka.bootstrap, topic) == "放行".encode()


async def test_kafka_comes_back_with_its_data(tmp_path: Path) -> None:
    try:
        broker = ApacheKafka.start(tmp_path)
    except KafkaUnavailableError as error:
        pytest.skip(f"no Apache Kafka here: {error}")
    with broker:
        await create_topic(broker.bootstrap, "kept")
        await send(broker.bootstrap, "kept", b"before the outage")
        address = broker.bootstrap
        broker.halt()
        broker.resume()
        assert broker.bootstrap == address
        assert await first_message(address, "kept") == b"before the outage"


def test_a_broker_left_over_is_ended_before_another_one_starts_on_its_log(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BROKER_OWNER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        told = owner.stdout.readline()
        if not told:
            pytest.skip("no Apache Kafka here")
        left_over = int(told)
        assert not FileLock(tmp_path / "owner.lock").acquire(0)
        for leash in children_of(owner.pid):
            if leash != left_over:
                os.kill(leash, signal.SIGKILL)
        owner.kill()
    assert runs_on(left_over, tmp_path / "server.properties")

    with ApacheKafka.start(tmp_path) as broker:
        assert not runs_on(left_over, tmp_path / "server.properties")
        assert broker.pid != left_over
        assert (tmp_path / "broker.pid").read_text() == f"{broker.pid}\n"


async def create_topic(bootstrap: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def send(bootstrap: str, topic: str, value: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        await asyncio.wait_for(producer.send_and_wait(topic, value, partition=0), DEADLINE_SECONDS)
    finally:
        await producer.stop()


async def first_message(bootstrap: str, topic: str) -> bytes | None:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, 0)])
        record = await asyncio.wait_for(consumer.getone(), DEADLINE_SECONDS)
        value: bytes | None = record.value
        return value
    finally:
        await consumer.stop()
