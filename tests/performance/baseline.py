"""The bare thing the gate is held against: Starlette, one route, an asyncpg pool and a one-row select. No more.

Served by uvicorn with the settings the services have. Arguments: port, address of the database, size of the pool.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import asyncpg
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

COLUMNS = "short_number, vehicle, driver, customer_name, goods, tons, note_number, gate, valid_until, used_at"
_SELECT = f"SELECT {COLUMNS} FROM exit_passes WHERE short_number = $1"


def _plain(value: Any) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def application(dsn: str, connections: int) -> Starlette:
    """`/gate/passes/{short_number}` without anybody asking who is calling, and `/trivial` without a database."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with asyncpg.create_pool(
            dsn, min_size=connections, max_size=connections, server_settings={"jit": "off"}
        ) as pool:
            app.state.pool = pool
            yield

    async def look_up(request: Request) -> Response:
        row = await request.app.state.pool.fetchrow(_SELECT, request.path_params["short_number"])
        return Response(orjson.dumps(dict(row), default=_plain), media_type="application/json")

    async def trivial(request: Request) -> Response:
        return PlainTextResponse("ok")

    routes = [Route("/gate/passes/{short_number}", look_up), Route("/trivial", trivial)]
    return Starlette(routes=routes, lifespan=lifespan)


def main(port: int, dsn: str, connections: int) -> None:
    """Serve until told to end."""
    uvicorn.run(
        application(dsn, connections),
        host="127.0.0.1",
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        loop="uvloop",
        http="httptools",
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
