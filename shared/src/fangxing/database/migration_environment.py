"""What every `migrations/env.py` runs: the branch's own tables, on the connection the caller opened."""

from alembic import context
from sqlalchemy import MetaData


def run() -> None:
    """Run the migrations of one branch."""
    attributes = context.config.attributes
    metadata: MetaData = attributes["metadata"]

    def ours(name: str | None, kind: str, parents: object) -> bool:
        return kind != "table" or name in metadata.tables

    context.configure(
        connection=attributes["connection"],
        target_metadata=metadata,
        version_table=attributes["version_table"],
        include_name=ours,
    )
    with context.begin_transaction():
        context.run_migrations()
