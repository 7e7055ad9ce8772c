"""Whether the data are a demo's or real: what each service's database was marked as when it was begun."""

from sqlalchemy import text

from fangxing.database import Database
from fangxing.running.business_clock import mark, marked
from fangxing.text import Text
from fangxing_embedded.postgres import PostgresServer
from standalone.services import SERVICES


class NotDemoDataError(RuntimeError):
    """Demo data were asked for, and these were begun as real."""

    said = Text("这些数据不是演示数据；请另选目录：--data", "These are not demo data; choose another directory: --data")


class MixedDataError(RuntimeError):
    """Some of the databases are a demo's and others real: they do not belong together."""

    said = Text(
        "有的数据库是演示数据，有的是真实数据，不是同一套，不予运行",
        "Some databases are a demo's and others real; they do not belong together and are not run",
    )


async def are_demo(postgres: PostgresServer) -> bool | None:
    """Whether the data are a demo's; None where nothing was begun. Raises `MixedDataError`."""
    async with postgres.administration() as connection:
        there = set((await connection.execute(text("SELECT datname FROM pg_database"))).scalars())
    marks = {await _mark_of(postgres.url(name)) for name in SERVICES if name in there} - {None}
    if len(marks) > 1:
        raise MixedDataError
    return marks.pop() if marks else None


async def demo_or_real(postgres: PostgresServer, *, demo: bool) -> bool:
    """Whether the data are a demo's, or will be: what nobody has begun otherwise (`make init`) becomes a demo.

    Raises `NotDemoDataError` where `demo` asks for a demo and they are real.
    """
    begun = await are_demo(postgres)
    if demo and begun is False:
        raise NotDemoDataError
    return begun is not False


async def begin(url: str, *, demo: bool) -> None:
    """Mark a database with its schema as a demo's or as real; raises `MixedDataError` where it is the other."""
    database = Database(url, pool_size=1)
    try:
        async with database.transaction() as tx:
            if await mark(tx, demo=demo) is not demo:
                raise MixedDataError
    finally:
        await database.close()


async def _mark_of(url: str) -> bool | None:
    database = Database(url, pool_size=1)
    try:
        async with database.reader() as reader:
            return await marked(reader)
    finally:
        await database.close()
