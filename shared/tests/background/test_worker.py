"""The worker: one leader at a time, timers date by date, and events from one service into another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from fangxing.bus import Transport
from fangxing.errors import DomainError
from fangxing.roles import Role
from fangxing.running.business_clock import NOT_A_DEMO
from fangxing.running.leadership import leadership
from fangxing.running.service import Runtime, Service
from fangxing.running.timers import DailyTimer
from fangxing.running.worker import work
from fangxing.work import Work
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import FixedClock, ServiceUnderTest, service_under_test
from fangxing_testing.identity import Identities
from fangxing_testing.toy import READER, WRITER
from fangxing_testing.toy.tables import DayRow, HeardRow
from fangxing_testing.waiting import eventually

# of this database: other tests run on the same server
LEADERS = """SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database
WHERE d.datname = current_database() AND locktype = 'advisory' AND granted"""


@asynccontextmanager
async def at_work(*runtimes: Runtime) -> AsyncIterator[None]:
    """Run the workers of `runtimes` for the length of the block."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for runtime in runtimes:
            group.create_task(work(runtime, stop))
        try:
            yield
        finally:
            stop.set()


async def days(service: ServiceUnderTest) -> list[date]:
    async with service.database.reader() as reader:
        return list((await reader.execute(select(DayRow.day).order_by(DayRow.seq))).scalars())


async def heard(reader: ServiceUnderTest) -> list[tuple[str, int]]:
    async with reader.database.reader() as connection:
        rows = await connection.execute(select(HeardRow.text, HeardRow.version).order_by(HeardRow.seq))
        return [(row.text, row.version) for row in rows]


async def test_what_one_service_publishes_another_takes_in_once_and_in_order(
    bus: Transport, postgres: PostgresServer, identities: Identities
) -> None:
    async with (
        service_under_test(WRITER, postgres, identities, transport=bus) as writer,
        service_under_test(READER, postgres, identities, transport=bus) as reader,
        at_work(writer.runtime, reader.runtime),
    ):
        manager = identities.headers("li", Role.SALES_MANAGER)
        for number in range(3):
            note = (await writer.post("/notes", {"text": f"n{number}", "amount": "1.00"}, as_=manager)).json()
            for _ in range(3):
                await writer.post(f"/notes/{note['id']}/amendments", {"amount": "2.00"}, as_=manager)

        async def all_there() -> bool:
            return len(await heard(reader)) >= 12

        await eventually(all_there, seconds=40)
        taken = await heard(reader)
        for number in range(3):
            assert [version for text_, version in taken if text_ == f"n{number}"] == [1, 2, 3, 4]


async def test_events_written_while_the_reader_is_away_reach_it_when_it_comes(
    bus: Transport, postgres: PostgresServer, identities: Identities
) -> None:
    async with service_under_test(WRITER, postgres, identities, transport=bus) as writer:
        rep = identities.headers("wang", Role.SALES_REP)
        await writer.post("/notes", {"text": "early", "amount": "1.00"}, as_=rep)
        async with at_work(writer.runtime):

            async def sent() -> bool:
                async with writer.database.reader() as connection:
                    unsent = await connection.scalar(text("SELECT count(*) FROM outbox WHERE published_at IS NULL"))
                    return bool(unsent == 0)

            await eventually(sent)
    async with service_under_test(READER, postgres, identities, transport=bus) as reader, at_work(reader.runtime):
        await eventually(lambda: heard(reader), seconds=40)
        assert await heard(reader) == [("early", 1)]


async def test_there_is_one_leader_at_a_time_and_another_when_its_connection_is_ended(writer: ServiceUnderTest) -> None:
    stop = asyncio.Event()
    turns: list[str] = []

    async def lead(name: str) -> None:
        async with leadership(writer.database, stop, "test") as held:
            if held is None:
                return
            turns.append(name)
            await asyncio.wait_for(held.lost.wait(), 20)

    async def leaders() -> list[int]:
        async with writer.database.reader() as reader:
            rows = await reader.execute(text(LEADERS))
            return list(rows.scalars())

    async def end(pid: int) -> None:
        async with writer.database.reader() as reader:
            await reader.execute(text(f"SELECT pg_terminate_backend({pid})"))

    async with asyncio.TaskGroup() as group:
        first = group.create_task(lead("first"))
        await eventually(leaders)
        group.create_task(lead("second"))
        [pid] = await leaders()
        assert turns == ["first"]
        await end(pid)

        async def second_leads() -> bool:
            return turns == ["first", "second"]

        await eventually(second_leads)
        await first
        [other] = await leaders()
        assert other != pid
        await end(other)


async def test_two_workers_of_one_service_run_each_day_once(writer: ServiceUnderTest, clock: FixedClock) -> None:
    today = date(2026, 3, 2)
    async with at_work(writer.runtime, writer.runtime):

        async def caught_up() -> bool:
            return clock.now().date() in await days(writer)

        await eventually(caught_up)
        assert await days(writer) == [today]
        clock.advance(days=5)
        await eventually(caught_up)
    assert await days(writer) == [today + timedelta(days=offset) for offset in range(6)]


async def test_a_timer_that_fails_keeps_its_day_and_holds_up_no_other(
    postgres: PostgresServer, identities: Identities, clock: FixedClock
) -> None:
    healed = asyncio.Event()
    ran: list[date] = []

    async def fail_until_healed(unit: Work, day: date) -> None:
        if not healed.is_set():
            raise LookupError
        ran.append(day)

    timers = [DailyTimer("a-failing-one", fail_until_healed), *WRITER.timers]
    service = Service(**{**WRITER.__dict__, "timers": timers})
    async with service_under_test(service, postgres, identities, system_clock=clock) as writer:
        async with at_work(writer.runtime):
            await eventually(lambda: days(writer))
            assert ran == []
            healed.set()

            async def done() -> list[date]:
                return ran

            await eventually(done)
        assert ran == [date(2026, 3, 2)]


async def test_business_time_moves_in_a_demo_database_alone(
    postgres: PostgresServer, identities: Identities, writer: ServiceUnderTest
) -> None:
    administrator = identities.headers("root", Role.ADMINISTRATOR)
    refused = await writer.post("/business-time/advance", {"days": 2}, as_=administrator)
    assert (refused.status_code, refused.json()["slug"]) == (403, NOT_A_DEMO.slug)
    with pytest.raises(DomainError):
        async with writer.runtime.unit_of_work() as unit:
            await writer.runtime.clock.advance(unit.tx, 1)
    async with (
        service_under_test(WRITER, postgres, identities, system_clock=FixedClock(), demo=True) as demo,
        at_work(demo.runtime),
    ):
        await eventually(lambda: days(demo))
        moved = await demo.post("/business-time/advance", {"days": 3}, as_=administrator)
        assert moved.json()["today"] == "2026-03-05"

        async def four_days() -> bool:
            return len(await days(demo)) == 4

        await eventually(four_days)
        assert await days(demo) == [date(2026, 3, day) for day in (2, 3, 4, 5)]


async def test_the_worker_seals_what_is_decided(writer: ServiceUnderTest) -> None:
    manager = writer.identities.headers("li", Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.AUDIT_MANAGER)
    note = (await writer.post("/notes", {"text": "n", "amount": "1.00"}, as_=manager)).json()
    assert (await writer.post(f"/notes/{note['id']}/judgements", as_=manager)).json()["allowed"] is True
    async with at_work(writer.runtime):

        async def sealed() -> bool:
            listed = (await writer.get("/decisions", as_=manager)).json()["items"]
            return [decision["seal"] for decision in listed] == [1]

        await eventually(sealed)
    assert (await writer.get("/decisions/verification", as_=manager)).json() == {"holds": True, "faults": []}


async def test_what_fails_outside_every_handler_is_a_dead_letter_and_what_is_behind_it_takes_effect(
    reader: ServiceUnderTest,
) -> None:
    async with reader.database.engine.begin() as connection:
        for command in (
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF NEW.document = 'note/ill' THEN RAISE EXCEPTION 'never seen'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER refuse BEFORE INSERT ON document_progress FOR EACH ROW EXECUTE FUNCTION refuse()",
        ):
            await connection.exec_driver_sql(command)
    sent = [
        reader.delivery(
            "toy.NoteWritten.v1",
            {"note": name, "version": 1, "text": name},
            key=name,
            document=f"note/{name}",
            version=1,
        ).message
        for name in ("ill", "well")
    ]
    assert await reader.runtime.transport.publish("toy", sent) == [None, None]
    async with at_work(reader.runtime):
        await eventually(lambda: heard(reader))
    assert await heard(reader) == [("well", 1)]
    async with reader.database.reader() as connection:
        [letter] = (await connection.execute(text("SELECT status, reason FROM dead_letters"))).all()
    assert letter.status == "poison"
    assert "never seen" in letter.reason
