"""The Alembic environment of every branch: its own tables, on the connection the caller opened."""

from alembic import context

branch = context.config.attributes["branch"]
# asked for by a draft alone: the tables of other branches, which are not ours to drop
foreign = context.config.attributes.get("foreign", ())

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=branch.metadata,
    version_table=branch.version_table,
    compare_server_default=True,
    include_name=lambda name, kind, _: kind != "table" or name not in foreign,
)
with context.begin_transaction():
    context.run_migrations()
