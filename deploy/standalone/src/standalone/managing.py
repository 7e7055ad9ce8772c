"""What is done to a directory of data from the command line: begin a real one, and see to its users."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fangxing.database.migrations import migrate
from fangxing.errors import ErrorType, Kind
from fangxing.roles import Role
from fangxing_embedded.postgres import EmbeddedPostgres, PostgresServer, running_on
from standalone.files import private_key
from standalone.kind import are_demo, begin
from standalone.login import provider
from standalone.ownership import owned
from standalone.services import SERVICES, signing_key_path
from standalone.users import Users

_CONNECTIONS: Final = 20

DATA_ARE_A_DEMOS = ErrorType(
    "data-are-a-demos",
    Kind.CONFLICT,
    "{data} 里是演示数据，永远不会成为真实数据；请另选目录：--data",
    "{data} holds demo data, which never become real; choose another directory: --data",
)
DATA_HAVE_USERS = ErrorType(
    "data-have-users",
    Kind.CONFLICT,
    "{data} 里已有真实数据和用户；忘了密码：fangxing users password",
    "{data} holds real data with users already; for a password that is lost: fangxing users password",
)
NO_DATA = ErrorType(
    "no-data",
    Kind.NOT_FOUND,
    "{data} 里没有数据；先运行 make init 或 make run",
    "There are no data in {data}; run make init or make run first",
)


async def begin_real(data: Path, administrator: str) -> str | None:
    """Begin real data in `data` with one administrator, and return his one-time password.

    None where people sign in with a provider, which has the users. What was begun and broken off is completed.
    Raises `data-are-a-demos`, `data-have-users`, `HalfAProviderError`, and `DataInUseError` where the data are in use.
    """
    elsewhere = provider()
    async with _own_server(data) as postgres:
        if await are_demo(postgres):
            raise DATA_ARE_A_DEMOS(data=data)
        for name, service in SERVICES.items():
            await postgres.ensure_database(name)
            private_key(signing_key_path(data, name))
            await migrate(postgres.url(name), service.migrations, service.metadata)
            await begin(postgres.url(name), demo=False)
        if elsewhere:
            return None
        async with Users.open(postgres, demo=False) as users:
            if await users.all():
                raise DATA_HAVE_USERS(data=data)
            return await users.add(administrator, administrator, [Role.ADMINISTRATOR])


@asynccontextmanager
async def users_of(data: Path) -> AsyncIterator[Users]:
    """The users of the data in `data`, whether these run or not; raises `no-data`."""
    if not (data / "postgres" / "cluster").exists():
        raise NO_DATA(data=data)
    running = running_on(data / "postgres")
    if running is not None:
        async with _users(running, data) as users:
            yield users
        return
    async with _own_server(data) as postgres, _users(postgres, data) as users:
        yield users


@asynccontextmanager
async def _users(postgres: PostgresServer, data: Path) -> AsyncIterator[Users]:
    demo = await are_demo(postgres)
    if demo is None:
        raise NO_DATA(data=data)
    async with Users.open(postgres, demo=demo) as users:
        yield users


@asynccontextmanager
async def _own_server(data: Path) -> AsyncIterator[PostgresServer]:
    with owned(data):
        postgres = await asyncio.to_thread(EmbeddedPostgres.start, data / "postgres", max_connections=_CONNECTIONS)
        try:
            yield postgres
        finally:
            await asyncio.to_thread(postgres.stop)
