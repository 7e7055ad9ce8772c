"""Schema migrations by Alembic: first the machinery's own branch, then the service's, each with its version table."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine

import fangxing.approvals
import fangxing.decision_log
import fangxing.documents
import fangxing.inbox
import fangxing.outbox
import fangxing.policies
import fangxing.running.business_clock
import fangxing.running.devices
import fangxing.running.timers
import fangxing.tasks
import fangxing.web.idempotency  # noqa: F401  (every module above declares tables)
from fangxing.database.tables import Table

MACHINERY = Path(__file__).parent / "machinery"


def _config(scripts: Path, connection: Connection, metadata: MetaData, version_table: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, metadata=metadata, version_table=version_table)
    return config


def branches(connection: Connection, scripts: Path, metadata: MetaData) -> list[Config]:
    """The machinery's branch and the service's, in the order in which they are applied."""
    return [
        _config(MACHINERY, connection, Table.metadata, "machinery_version"),
        _config(scripts, connection, metadata, "service_version"),
    ]


async def migrate(url: str, scripts: Path, metadata: MetaData) -> None:
    """Bring the database at `url` to the newest schema; two processes at once take turns."""

    def upgrade(connection: Connection) -> None:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('fangxing migrations'))"))
        for config in branches(connection, scripts, metadata):
            command.upgrade(config, "head")

    await _in_one_transaction(url, upgrade)


async def draft(url: str, scripts: Path, metadata: MetaData, message: str, *, machinery: bool = False) -> None:
    """Write a new revision with the difference between the models and the migrated database at `url`."""

    def revise(connection: Connection) -> None:
        config = branches(connection, scripts, metadata)[0 if machinery else 1]
        command.revision(config, message=message, autogenerate=True)

    await _in_one_transaction(url, revise)


async def _in_one_transaction(url: str, action: Any) -> None:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(action)
    finally:
        await engine.dispose()
