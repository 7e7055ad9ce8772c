"""Readiness: what is missing is said by name with what it means, and what only events need does not stop requests."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest_asyncio
from prometheus_client import REGISTRY
from sqlalchemy import text

from fangxing.bus import Message
from fangxing.bus.kafka import KafkaBus
from fangxing.bus.local import LocalBus
from fangxing.roles import Role
from fangxing.running.figures import forget, measure, measure_lag
from fangxing.running.readiness import Status, Stored, events_findings, requests_findings
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import FixedClock, ServiceUnderTest, service_under_test
from fangxing_testing.identity import Identities
from fangxing_testing.toy import READER, WRITER
from fangxing_testing.waiting import eventually

NOTE = {"text": "salt", "amount": "1.00"}


@pytest_asyncio.fixture
async def cut_off(postgres: PostgresServer, identities: Identities) -> AsyncIterator[ServiceUnderTest]:
    """A service whose broker is away."""
    nobody = KafkaBus("127.0.0.1:1")
    async with service_under_test(WRITER, postgres, identities, transport=nobody) as service:
        yield service
    await nobody.close()


def test_each_check_passes_up_to_its_limit_and_what_cannot_be_seen_is_unknown() -> None:
    limits = {"oldest_allowed": 60.0, "most_lag": 100}

    def statuses(stored: Stored | None, lag: int | None) -> dict[str, str]:
        findings = [*requests_findings(stored), *events_findings(stored, lag, **limits)]  # type: ignore[arg-type]
        return {finding.check.name: finding.status for finding in findings if finding.status is not Status.PASS}

    assert statuses(Stored(0, 60.0), 100) == {}
    assert statuses(Stored(1, 60.1), 101) == {"migrations": "fail", "outbox-age": "fail", "consumer-lag": "fail"}
    assert statuses(Stored(0, 0.0), None) == {"broker": "fail", "consumer-lag": "unknown"}
    assert statuses(None, 0) == {"database": "fail", "migrations": "unknown", "outbox-age": "unknown"}


async def test_without_a_broker_it_serves_and_is_not_ready(cut_off: ServiceUnderTest) -> None:
    answer = await cut_off.client.get("/health/ready", headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    assert answer.json()["missing"] == ["broker"]
    broker = next(check for check in answer.json()["checks"] if check["check"] == "broker")
    assert broker["needed_for"] == "events"
    assert broker["meaning"].startswith("the broker does not answer: requests go on")
    assert (await cut_off.get("/health/serving")).status_code == 200
    assert (await cut_off.get("/health/live")).status_code == 200
    rep = cut_off.identities.headers("wang", Role.SALES_REP)
    assert (await cut_off.post("/notes", NOTE, as_=rep)).status_code == 201


async def test_a_server_that_froze_is_said_in_time_and_comes_back(writer: ServiceUnderTest) -> None:
    async def missing(*names: str) -> bool:
        told: list[str] = (await writer.get("/health/ready")).json()["missing"]
        return told == list(names)

    assert await missing()
    async with writer.database.transaction() as tx:
        pids = list(await tx.scalars(text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")))
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        # the bus is in the same database
        async with asyncio.timeout(15):
            await eventually(lambda: missing("database", "broker"))
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
    await eventually(missing)


async def test_a_schema_older_than_the_program_serves_nobody(writer: ServiceUnderTest) -> None:
    async with writer.database.transaction() as tx:
        await tx.execute(text("DELETE FROM service_version"))
    for path in ("/health/serving", "/health/ready"):
        answer = await writer.get(path)
        assert answer.status_code == 503
        assert answer.json()["missing"] == ["migrations"]


async def test_a_schema_newer_than_the_program_still_serves(writer: ServiceUnderTest) -> None:
    async with writer.database.transaction() as tx:
        await tx.execute(text("UPDATE service_version SET version_num = '9999'"))
    assert (await writer.get("/health/ready")).status_code == 200


async def test_an_event_not_sent_for_too_long_is_said_and_measured(writer: ServiceUnderTest, clock: FixedClock) -> None:
    await writer.post("/notes", NOTE, as_=writer.identities.headers("wang", Role.SALES_REP))
    clock.advance(seconds=90)
    answer = await writer.get("/health/ready")
    assert answer.json()["missing"] == ["outbox-age"]
    found = next(check for check in answer.json()["checks"] if check["check"] == "outbox-age")
    assert (found["observed"], found["limit"], found["unit"]) == (90.0, 60.0, "seconds")
    await measure(writer.runtime)()
    assert figure("fangxing_outbox_oldest_seconds", writer) == 90.0
    # who leads no longer says nothing, rather than old figures
    forget(writer.service.name)
    assert figure("fangxing_outbox_oldest_seconds", writer) is None


async def test_too_many_messages_not_taken_in_are_said_and_measured(
    postgres: PostgresServer, identities: Identities, local_bus: LocalBus
) -> None:
    async with service_under_test(READER, postgres, identities, transport=local_bus, ready_consumer_lag=1) as reader:
        assert (await reader.get("/health/ready")).status_code == 200
        await local_bus.publish(READER.consumers.topics[0], [Message("k", (), b"{}")] * 2)
        await measure_lag(reader.runtime)()
        assert figure("fangxing_consumer_lag", reader) == 2.0

        async with service_under_test(
            READER, postgres, identities, transport=local_bus, ready_consumer_lag=1
        ) as another:
            answer = await another.get("/health/ready")
            assert (answer.status_code, answer.json()["missing"]) == (503, ["consumer-lag"])


def figure(name: str, service: ServiceUnderTest) -> float | None:
    return REGISTRY.get_sample_value(name, {"service": service.service.name})
