"""A database is a demo's from its beginning or never: whatever settings say, and whoever writes SQL."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fangxing.database import Database, Tx
from fangxing.errors import DomainError
from fangxing.roles import Role
from fangxing.running.business_clock import mark, marked
from fangxing.running.service import running
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.harness import ServiceUnderTest, service_under_test
from fangxing_testing.identity import Identities
from fangxing_testing.toy import WRITER

NOTE = {"text": "n", "amount": "1.00"}


async def unmark(tx: Tx) -> None:
    """As a superuser may, who restores a part of a backup."""
    await tx.execute(text("SET LOCAL session_replication_role = replica"))
    await tx.execute(text("DELETE FROM business_clock"))


@pytest.mark.parametrize("demo", [True, False])
async def test_the_first_mark_stands_whatever_the_settings_say_later(
    postgres: PostgresServer, identities: Identities, demo: bool
) -> None:
    async with service_under_test(WRITER, postgres, identities, demo=demo) as first:
        other = first.runtime.settings.model_copy(update={"demo": not demo})
        async with running(WRITER, other) as again, again.database.transaction() as tx:
            assert again.clock.demo is demo
            if not demo:
                with pytest.raises(DomainError, match="not-a-demo"):
                    await again.clock.advance(tx, 1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE business_clock SET demo = true",
        "UPDATE business_clock SET demo = true, days_ahead = 1",
        "DELETE FROM business_clock",
        "TRUNCATE business_clock",
    ],
)
async def test_no_statement_turns_a_real_database_into_a_demo(writer: ServiceUnderTest, statement: str) -> None:
    with pytest.raises(DBAPIError, match="marked when it is begun"):
        async with writer.database.transaction() as tx:
            await tx.execute(text(statement))
    async with writer.database.reader() as reader:
        assert await marked(reader) is False


async def test_a_database_with_data_and_without_a_mark_is_real(writer: ServiceUnderTest) -> None:
    who = writer.identities.headers("wang", Role.SALES_REP)
    assert (await writer.post("/notes", NOTE, as_=who)).status_code == 201
    async with writer.database.transaction() as tx:
        await unmark(tx)
        assert await mark(tx, demo=True) is False


async def test_an_empty_database_takes_either_mark_and_says_which(writer: ServiceUnderTest) -> None:
    for demo in (True, False):
        async with writer.database.transaction() as tx:
            await unmark(tx)
            assert await marked(await tx.connection()) is None
            assert await mark(tx, demo=demo) is demo
            assert await marked(await tx.connection()) is demo


async def test_a_database_that_was_never_prepared_has_no_mark(postgres: PostgresServer, fresh_database: str) -> None:
    database = Database(postgres.url(fresh_database), pool_size=1)
    try:
        async with database.reader() as reader:
            assert await marked(reader) is None
    finally:
        await database.close()
