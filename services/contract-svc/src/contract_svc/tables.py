"""The declarative base of contract-svc's own tables."""

from sqlalchemy.orm import DeclarativeBase

from fangxing.database.tables import metadata


class Table(DeclarativeBase):
    """Base of every table of this service."""

    metadata = metadata()
