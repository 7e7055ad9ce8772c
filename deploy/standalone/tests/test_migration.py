"""`make migration` writes what the models say beyond the schema, all of it, in a form that passes `make check`."""

import shutil
import subprocess
import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

import pytest
from sqlalchemy import Column, ForeignKey, Index, MetaData, Sequence, String, Table, Uuid

from fangxing.database.migrations import MACHINERY, Branch, branches
from fangxing.database.tables import NAMING
from fangxing.database.types import one_of
from fangxing_embedded.postgres import PostgresServer
from fangxing_testing.servers import create_database, drop_database
from fangxing_testing.toy import WRITER
from standalone.files import ROOT
from standalone.migration import BRANCHES, write_revision


class Kind(StrEnum):
    OWN = "own"
    HIRED = "hired"


class WiderKind(StrEnum):
    OWN = "own"
    HIRED = "hired"
    CUSTOMERS = "customers"


def grown(kinds: type[StrEnum], only: str) -> MetaData:
    """The toy's tables, with carriers of `kinds` for its notes."""
    models = MetaData(naming_convention=NAMING)
    for table in WRITER.metadata.sorted_tables:
        table.to_metadata(models)
    Table(
        "carriers",
        models,
        Column("id", Uuid, primary_key=True),
        Column("name", String(200), nullable=False),
        Column("kind", one_of(kinds, "kind"), nullable=False, server_default="own"),
        Column("note_id", ForeignKey("notes.id"), index=True),
        Index("ix_carriers_name", "name", postgresql_where=f"kind = '{only}'"),
    )
    models.tables["notes"].append_column(Column("sent_with", one_of(kinds, "sent_with"), index=True))
    Sequence("carrier_numbers", metadata=models)
    return models


class Scratch:
    """A branch on copies: of its revisions, and on a database of its own for each draft."""

    def __init__(self, stack: list[Branch], folder: Path, postgres: PostgresServer) -> None:
        *self.below, branch = stack
        self.branch = replace(branch, folder=folder)
        self.postgres = postgres
        shutil.copytree(branch.versions, self.branch.versions)

    async def revise(self, name: str, models: MetaData | None = None) -> Path | None:
        branch = replace(self.branch, metadata=self.branch.metadata if models is None else models)
        database = await create_database(self.postgres)
        try:
            return await write_revision(self.postgres.url(database), [*self.below, branch], name)
        finally:
            await drop_database(self.postgres, database)


@pytest.mark.parametrize("name", BRANCHES)
async def test_the_schema_is_what_the_models_say(name: str, tmp_path: Path, postgres: PostgresServer) -> None:
    written = await Scratch(BRANCHES[name], tmp_path, postgres).revise("forgotten")
    assert written is None, f"run `make migration SERVICE={name} NAME=…` for:\n{written.read_text(encoding='utf-8')}"


async def test_a_revision_says_all_that_changed_and_passes_make_check(tmp_path: Path, postgres: PostgresServer) -> None:
    toy = Scratch(branches(WRITER.migrations, WRITER.metadata), tmp_path, postgres)

    added = await toy.revise("add-carriers", grown(Kind, "hired"))
    assert added == tmp_path / "versions" / "0002_add_carriers.py"
    text = added.read_text(encoding="utf-8")
    assert text.startswith('"""Add carriers."""\n')
    assert 'revision = "0002"\ndown_revision = "0001"\n' in text
    assert 'op.execute("CREATE SEQUENCE carrier_numbers")' in text
    assert await toy.revise("again", grown(Kind, "hired")) is None

    # what Alembic forgets: one more value of a closed set, another condition of an index
    widened = await toy.revise("take-customers-trucks", grown(WiderKind, "customers"))
    assert widened == tmp_path / "versions" / "0003_take_customers_trucks.py"
    for constraint in ("ck_carriers_kind", "ck_notes_sent_with", "ix_carriers_name"):
        assert constraint in widened.read_text(encoding="utf-8")
    assert await toy.revise("again", grown(WiderKind, "customers")) is None

    # and nothing stays of what the models no longer have
    removed = await toy.revise("drop-carriers")
    assert removed is not None
    assert await toy.revise("again") is None
    _passes_make_check(added, widened, removed)


def _passes_make_check(*files: Path) -> None:
    for file in files:
        # what ruff minds goes by where a file stands
        place = ("--stdin-filename", str(MACHINERY.versions / file.name), "-")
        text = file.read_text(encoding="utf-8")
        assert _run("ruff", "check", *place, given=text) == 0
        assert _run("ruff", "format", "--check", *place, given=text) == 0
    assert _run("mypy", "--config-file", str(ROOT / "pyproject.toml"), *map(str, files)) == 0


def _run(*command: str, given: str | None = None) -> int:
    return subprocess.run([sys.executable, "-m", *command], input=given, text=True, cwd=ROOT, check=False).returncode
