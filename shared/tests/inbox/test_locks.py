"""A delivery takes its fact first and its position last, as everybody else does: document, then account."""

import asyncio
from uuid import UUID

from sqlalchemy import text

from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.waiting import eventually

ACCOUNT = UUID(int=1)
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def deliver(reader: ServiceUnderTest, version: int) -> None:
    position = {"account_id": str(ACCOUNT), "epoch": 1, "version": version, "balance": "10.00"}
    data = {"note": "a", "version": version, "text": "said", "position": position}
    await reader.deliver(
        "toy.NoteWritten.v1", data, key=str(ACCOUNT), document="note/a", version=version, position=f"1.{version}"
    )


async def test_a_delivery_waits_for_its_document_before_it_locks_its_account(reader: ServiceUnderTest) -> None:
    await deliver(reader, 1)
    async with reader.database.transaction() as tx:
        await tx.execute(text("SELECT version FROM document_progress WHERE document = 'note/a' FOR UPDATE"))
        delivery = asyncio.create_task(deliver(reader, 2))

        async def waits() -> bool:
            async with reader.database.reader() as connection:
                return bool(await connection.scalar(text(WAITING)))

        await eventually(waits)
        await tx.execute(text("SELECT version FROM positions FOR UPDATE"))
    await delivery
    async with reader.database.reader() as connection:
        assert await connection.scalar(text("SELECT version FROM positions")) == 2
