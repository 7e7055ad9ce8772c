"""The declarative base of contract-svc's own tables, and the number types they share."""

from sqlalchemy import Numeric
from sqlalchemy.orm import DeclarativeBase

from fangxing.database.tables import metadata

YUAN = Numeric(14, 2)
TONS = Numeric(14, 3)


class Table(DeclarativeBase):
    """Base of every table of this service."""

    metadata = metadata()
