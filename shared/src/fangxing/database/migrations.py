"""Schema migrations by Alembic: first the machinery's own branch, then the service's, each with its version table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

import fangxing.approvals
import fangxing.breaches.store
import fangxing.decision_log
import fangxing.documents
import fangxing.inbox
import fangxing.outbox
import fangxing.phone.store
import fangxing.policies
import fangxing.running.business_clock
import fangxing.running.devices
import fangxing.running.timers
import fangxing.tasks
import fangxing.throttles
import fangxing.web.idempotency  # noqa: F401  (every module above declares tables)
from fangxing.database.connecting import connecting
from fangxing.database.tables import Table

_ENVIRONMENT = Path(__file__).parent / "environment"
# A migration may take as long as it takes. It waits for its turn, but not long for a table: everybody queues behind it.
_SETTINGS = {"lock_timeout": "0", "statement_timeout": "0", "idle_in_transaction_session_timeout": "5min"}
_LOCK_TABLES = text("SET LOCAL lock_timeout = '30s'")


@dataclass(frozen=True)
class Branch:
    """A line of revisions.

    `folder` holds them in `versions`, `metadata` are the tables they make, and `version_table` is the table that says
    how far a database is.
    """

    folder: Path
    metadata: MetaData
    version_table: str

    @property
    def versions(self) -> Path:
        """The folder of the revisions."""
        return self.folder / "versions"

    def config(self, connection: Connection) -> Config:
        """What Alembic's commands are told, to work on `connection`."""
        config = Config()
        config.set_main_option("script_location", str(_ENVIRONMENT).replace("%", "%%"))
        config.set_main_option("version_locations", str(self.versions).replace("%", "%%"))
        config.set_main_option("path_separator", "newline")
        config.attributes.update(branch=self, connection=connection)
        return config


MACHINERY = Branch(Path(__file__).parent / "machinery", Table.metadata, "machinery_version")
"""The tables every service's database has of the machinery."""


def branches(scripts: Path, metadata: MetaData) -> list[Branch]:
    """The machinery's branch and the service's, which has its migrations in `scripts`, as they are applied."""
    return [MACHINERY, Branch(scripts, metadata, "service_version")]


async def migrate(url: str, scripts: Path, metadata: MetaData) -> None:
    """Bring the database at `url` to the newest schema; two processes at once take turns."""
    await _upgrade(url, branches(scripts, metadata))


async def migrate_machinery(url: str) -> None:
    """Bring the database at `url`, which is no service's own, to the newest schema of the machinery alone."""
    await _upgrade(url, [MACHINERY])


async def _upgrade(url: str, lines: Sequence[Branch]) -> None:
    def upgrade(connection: Connection) -> None:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('fangxing migrations'))"))
        connection.execute(_LOCK_TABLES)
        for branch in lines:
            command.upgrade(branch.config(connection), "head")

    await in_one_transaction(url, upgrade)


async def pending_revisions(reader: AsyncConnection, scripts: Path, metadata: MetaData) -> list[str]:
    """The revisions this program knows and the database has not yet, by branch; none where the database is newer."""

    def look(connection: Connection) -> list[str]:
        return [name for branch in branches(scripts, metadata) for name in _pending(branch, connection)]

    return await reader.run_sync(look)


def _pending(branch: Branch, connection: Connection) -> list[str]:
    known = _revisions(branch.versions)
    options = {"version_table": branch.version_table}
    applied = MigrationContext.configure(connection, opts=options).get_current_revision()
    if applied is None:
        return list(known)
    # what it does not know was made by a newer program
    return list(known[known.index(applied) + 1 :]) if applied in known else []


@cache
def _revisions(versions: Path) -> tuple[str, ...]:
    """The revisions in a folder, oldest first."""
    scripts = ScriptDirectory(str(_ENVIRONMENT), version_locations=[str(versions)])
    return tuple(reversed([script.revision for script in scripts.walk_revisions()]))


async def in_one_transaction(url: str, action: Callable[[Connection], None]) -> None:
    """Let `action` work on a connection to the database at `url`, and commit what it did."""
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=connecting(url, _SETTINGS), poolclass=NullPool, hide_parameters=True
    )
    try:
        async with engine.begin() as connection:
            await connection.run_sync(action)
    finally:
        await engine.dispose()
