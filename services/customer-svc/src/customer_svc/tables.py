"""The declarative base of customer-svc's own tables."""

from typing import Any

from sqlalchemy import Label, inspect
from sqlalchemy.orm import DeclarativeBase

from fangxing.database.tables import metadata


class Table(DeclarativeBase):
    """Base of every table of this service."""

    metadata = metadata()


def columns_of(table: type[Table]) -> list[Label[Any]]:
    """The columns of `table`, each under the name of its attribute."""
    return [getattr(table, attribute.key).label(attribute.key) for attribute in inspect(table).column_attrs]
