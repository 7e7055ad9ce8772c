"""Look-ups with a queue behind them: one pool, however many come first."""

import asyncio

from sqlalchemy import text

from fangxing.database import Database
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.waiting import eventually

NUMBER_OF = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'looking-up'"


async def test_the_first_look_ups_together_leave_no_connection_behind(
    postgres: PostgresServer, fresh_database: str
) -> None:
    watching = Database(postgres.url(fresh_database), pool_size=1)
    database = Database(postgres.url(fresh_database), application="looking-up")
    rows = await asyncio.gather(*(database.look_up("SELECT $1::int AS number", number) for number in range(8)))
    assert [row["number"] for row in rows if row] == list(range(8))
    await database.close()

    async def nobody() -> bool:
        async with watching.reader() as reader:
            left: int = await reader.scalar(text(NUMBER_OF)) or 0
            return left == 0

    await eventually(nobody)
    await watching.close()
