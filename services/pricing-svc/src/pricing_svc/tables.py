"""The declarative base of pricing-svc's own tables."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import DeclarativeBase

from fangxing.database.tables import metadata


class Table(DeclarativeBase):
    """Base of every table of this service."""

    metadata = metadata()


Row = Mapping[Any, Any]
"""A row read from a table or a query: its values by the names of its columns."""
