"""The declarative base of the machinery's tables, and the naming of constraints that every service shares."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, registry

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    """Base of the machinery's own tables, which stand in every service's database."""

    registry = registry(metadata=MetaData(naming_convention=NAMING))


def metadata() -> MetaData:
    """Empty metadata with the naming convention, for a service's declarative base."""
    return MetaData(naming_convention=NAMING)
