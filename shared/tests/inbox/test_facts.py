"""Facts about a document take effect once each, in order, whatever the bus does."""

import asyncio
from random import Random
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from fangxing.bus import Delivery
from fangxing.bus.letters import DeadLetter
from fangxing.database import is_infrastructure
from fangxing.inbox import InboxRow
from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.toy.tables import HeardRow

FACT = "toy.NoteWritten.v1"


def fact(reader: ServiceUnderTest, note: str, version: int, text: str = "said") -> Delivery:
    return reader.delivery(
        FACT, {"note": note, "version": version, "text": text}, key=note, document=f"note/{note}", version=version
    )


async def heard(reader: ServiceUnderTest, note: str) -> list[int]:
    async with reader.database.reader() as connection:
        statement = select(HeardRow.version).where(HeardRow.note == note).order_by(HeardRow.seq)
        return list((await connection.execute(statement)).scalars())


async def letters(reader: ServiceUnderTest) -> list[tuple[str, int | None]]:
    async with reader.database.reader() as connection:
        rows = await connection.execute(select(DeadLetter.status, DeadLetter.version).order_by(DeadLetter.version))
        return [(row.status, row.version) for row in rows]


async def test_a_fact_delivered_twice_takes_effect_once(reader: ServiceUnderTest) -> None:
    delivery = fact(reader, "a", 1)
    await reader.receive(delivery)
    await reader.receive(delivery)
    assert await heard(reader, "a") == [1]


async def test_two_workers_given_the_same_fact_at_once_let_it_take_effect_once(reader: ServiceUnderTest) -> None:
    delivery = fact(reader, "a", 1)
    await asyncio.gather(*(reader.receive(delivery) for _ in range(4)))
    assert await heard(reader, "a") == [1]


async def test_an_event_without_a_document_version_takes_effect_once_too(reader: ServiceUnderTest) -> None:
    data = {"note": "free", "version": 0, "text": "said"}
    delivery = await reader.deliver(FACT, data, key="free", document="note/free")
    await reader.receive(delivery)
    assert await heard(reader, "free") == [0]


async def test_an_old_version_is_dropped_whatever_its_id(reader: ServiceUnderTest) -> None:
    for version in (1, 2, 1):
        await reader.receive(fact(reader, "a", version))
    assert await heard(reader, "a") == [1, 2]
    assert await letters(reader) == []


async def test_a_gap_parks_that_document_alone_and_drains_when_the_missing_fact_comes(reader: ServiceUnderTest) -> None:
    for note, version in [("a", 1), ("a", 3), ("b", 1), ("a", 4), ("b", 2)]:
        await reader.receive(fact(reader, note, version))
    assert await heard(reader, "a") == [1]
    assert await heard(reader, "b") == [1, 2]
    assert await letters(reader) == [("parked", 3), ("parked", 4)]
    await reader.receive(fact(reader, "a", 2))
    assert await heard(reader, "a") == [1, 2, 3, 4]
    assert await letters(reader) == [("settled", 3), ("settled", 4)]


async def test_a_version_of_a_type_nobody_handles_counts_as_taken(reader: ServiceUnderTest) -> None:
    await reader.deliver("toy.Unheard.v1", {}, key="a", document="note/a", version=1)
    await reader.receive(fact(reader, "a", 2))
    assert await heard(reader, "a") == [2]


@given(
    sizes=st.lists(st.integers(1, 5), min_size=1, max_size=3),
    repeats=st.lists(st.integers(0, 14), max_size=8),
    order=st.randoms(use_true_random=False),
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_order_with_repeats_ends_with_every_version_applied_once_in_order(
    reader: ServiceUnderTest, sizes: list[int], repeats: list[int], order: Random
) -> None:
    notes = {uuid4().hex: size for size in sizes}
    deliveries = [fact(reader, note, version) for note, size in notes.items() for version in range(1, size + 1)]
    deliveries += [deliveries[index % len(deliveries)] for index in repeats]
    order.shuffle(deliveries)
    for delivery in deliveries:
        await reader.receive(delivery)
    for note, size in notes.items():
        assert await heard(reader, note) == list(range(1, size + 1))


async def test_a_broken_connection_buries_nothing_and_the_same_fact_takes_effect_later(
    reader: ServiceUnderTest,
) -> None:
    async with reader.database.engine.begin() as connection:
        for command in (
            "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END'",
            "CREATE TRIGGER die BEFORE INSERT ON heard FOR EACH ROW EXECUTE FUNCTION die()",
        ):
            await connection.exec_driver_sql(command)
    delivery = fact(reader, "a", 1)
    with pytest.raises(DBAPIError) as caught:
        await reader.receive(delivery)
    assert is_infrastructure(caught.value)
    async with reader.database.engine.begin() as connection:
        assert await connection.scalar(select(func.count()).select_from(DeadLetter)) == 0
        assert await connection.scalar(select(func.count()).select_from(InboxRow)) == 0
        await connection.exec_driver_sql("DROP TRIGGER die ON heard")
    await reader.receive(delivery)
    assert await heard(reader, "a") == [1]


async def test_a_deadlock_or_a_lock_that_is_not_available_is_not_the_events_fault(reader: ServiceUnderTest) -> None:
    async with reader.database.engine.begin() as connection:
        for command in (
            "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN RAISE EXCEPTION USING ERRCODE = ''40P01''; END'",
            "CREATE TRIGGER wait BEFORE INSERT ON heard FOR EACH ROW EXECUTE FUNCTION wait()",
        ):
            await connection.exec_driver_sql(command)
    with pytest.raises(DBAPIError) as caught:
        await reader.receive(fact(reader, "a", 1))
    assert is_infrastructure(caught.value)
    assert await letters(reader) == []
