"""Alembic environment."""

from fangxing.database.migration_environment import run

run()
