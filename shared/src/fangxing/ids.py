"""Identifiers: UUID version 7, so that primary keys grow with time and stay close together in an index."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh identifier."""
    return uuid7()
