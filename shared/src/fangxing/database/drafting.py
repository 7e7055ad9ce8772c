"""A new revision, drafted from the difference between the models and the migrated schema.

Alembic compares tables, columns and keys. What it forgets (sequences, CHECKs, the conditions of partial indexes) is
what still differs once its revision has run: the schema is asked for it, and so is one built from the models.
"""

from argparse import Namespace
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from alembic import command
from alembic.operations.ops import ExecuteSQLOp, MigrationScript
from alembic.script import Script, ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, Dialect, MetaData, text
from sqlalchemy.schema import AddConstraint, CreateIndex, CreateSchema, DDLElement

from fangxing.database.migrations import Branch, in_one_transaction

_MIGRATED: Final = "public"
_MODELS: Final = "models"

_OBJECTS: Final = text("""
    WITH asked AS (SELECT oid AS schema, nspname FROM pg_namespace WHERE nspname = CAST(:schema AS text))
    SELECT relname AS name, format('CREATE SEQUENCE %I', relname) AS make, format('DROP SEQUENCE %I', relname) AS remove
    FROM asked JOIN pg_class ON relnamespace = schema AND relkind = 'S'
    WHERE NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('a', 'i'))
    UNION
    SELECT format('%I.%I', relname, conname),
           format('ALTER TABLE %I ADD CONSTRAINT %I %s', relname, conname, pg_get_constraintdef(c.oid, true)),
           format('ALTER TABLE %I DROP CONSTRAINT %I', relname, conname)
    FROM asked JOIN pg_constraint c ON connamespace = schema AND contype = 'c' JOIN pg_class ON pg_class.oid = conrelid
    UNION
    SELECT indexname, replace(indexdef, format(' ON %I.', schemaname), ' ON '), format('DROP INDEX %I', indexname)
    FROM asked JOIN pg_indexes ON schemaname = nspname
    WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE connamespace = schema AND conname = indexname)
    ORDER BY name
""")


class _Object(NamedTuple):
    """Something Alembic forgets, by the statements that make and remove it; they name no schema."""

    name: str
    make: str
    remove: str


class _Difference(NamedTuple):
    """What the schema still has, and what it lacks, of such objects."""

    old: Sequence[_Object] = ()
    new: Sequence[_Object] = ()


async def draft(url: str, branches: Sequence[Branch], message: str) -> Path | None:
    """Write the next revision of the last of `branches`: what its models say beyond its newest schema.

    `url` is an empty database, to which all `branches` are applied first. Returns the file, not formatted yet, or None
    where models and schema say the same. Raises the database's error where what Alembic wrote does not run, as when a
    table is dropped before the keys that point to it; the file stays and is to be put right by hand.
    """
    written: list[Path] = []

    def revise(connection: Connection) -> None:
        for branch in branches:
            command.upgrade(branch.config(connection), "head")
        script = _write(connection, branches, message, _Difference())
        forgotten = _still_different(connection, branches)
        if any(forgotten):
            if script is not None:
                script.unlink()
            script = _write(connection, branches, message, forgotten)
        if script is not None:
            written.append(script)

    await in_one_transaction(url, revise)
    return written[0] if written else None


def _write(connection: Connection, branches: Sequence[Branch], message: str, forgotten: _Difference) -> Path | None:
    """The revision Alembic writes, completed by what it forgot; none that would do nothing."""

    def complete(_context: object, _revision: object, scripts: list[MigrationScript]) -> None:
        upgrade, downgrade = scripts[0].upgrade_ops, scripts[0].downgrade_ops
        assert upgrade is not None
        assert downgrade is not None
        upgrade.ops += _replacing(forgotten.old, forgotten.new)
        downgrade.ops[:0] = _replacing(forgotten.new, forgotten.old)
        if upgrade.is_empty():
            scripts.clear()

    *others, branch = branches
    config = branch.config(connection)
    config.cmd_opts = Namespace(quiet=True)
    config.attributes["foreign"] = {name for other in others for name in (other.version_table, *other.metadata.tables)}
    newest = ScriptDirectory.from_config(config).get_current_head()
    script = command.revision(
        config,
        message=message,
        autogenerate=True,
        rev_id=f"{int(newest or 0) + 1:04d}",
        process_revision_directives=complete,
    )
    return Path(script.path) if isinstance(script, Script) else None


def _replacing(old: Iterable[_Object], new: Iterable[_Object]) -> list[ExecuteSQLOp]:
    return [ExecuteSQLOp(it.remove) for it in old] + [ExecuteSQLOp(it.make) for it in new]


def _still_different(connection: Connection, branches: Sequence[Branch]) -> _Difference:
    """What is left between schema and models once the newest revision has run, which is undone again."""
    with connection.begin_nested() as trial:
        command.upgrade(branches[-1].config(connection), "head")
        connection.execute(CreateSchema(_MODELS))
        connection.execute(text(f"SET LOCAL search_path = {_MODELS}"))
        for branch in branches:
            branch.metadata.create_all(connection, checkfirst=False)
        migrated, models = _objects(connection, _MIGRATED), _objects(connection, _MODELS)
        trial.rollback()
    said = _said(branches[-1].metadata, connection.dialect)
    return _Difference(
        old=[it for it in migrated if it not in models],
        new=[it._replace(make=said.get(it.name, it.make)) for it in models if it not in migrated],
    )


def _objects(connection: Connection, schema: str) -> list[_Object]:
    return [_Object(row.name, row.make, row.remove) for row in connection.execute(_OBJECTS, {"schema": schema})]


def _said(models: MetaData, dialect: Dialect) -> dict[str, str]:
    """How the models make their CHECKs and indexes; PostgreSQL's own words for a CHECK mean another one to it."""
    made: dict[str, DDLElement] = {}
    for table in models.tables.values():
        for constraint in table.constraints:
            if isinstance(constraint, CheckConstraint):
                name = dialect.identifier_preparer.format_constraint(constraint)
                made[f"{table.name}.{name}"] = AddConstraint(constraint, isolate_from_table=False)
        made |= {str(index.name): CreateIndex(index) for index in table.indexes}
    return {name: str(making.compile(dialect=dialect)) for name, making in made.items()}
