"""The declarative base of customer-svc's own tables, and what its rows have in common."""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Label, inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from fangxing.database import Tx
from fangxing.database.tables import metadata
from fangxing.errors import DomainError
from fangxing.outbox import Documented


class Table(DeclarativeBase):
    """Base of every table of this service."""

    metadata = metadata()


class Document(Documented):
    """Mixin of a row that is a document: events, tasks and verdicts know it as `document`, "<kind>/<id>"."""

    document_kind: ClassVar[str]

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1)

    @classmethod
    def named(cls, id: UUID) -> str:
        """The name of the document with this id."""
        return f"{cls.document_kind}/{id}"

    @property
    def document(self) -> str:
        """The document's name."""
        return self.named(self.id)


def columns_of(table: type[Table]) -> list[Label[Any]]:
    """The columns of `table`, each under the name of its attribute."""
    return [getattr(table, attribute.key).label(attribute.key) for attribute in inspect(table).column_attrs]


async def store_once(tx: Tx, row: Table, unique: str, taken: DomainError) -> None:
    """Store `row`; raises `taken` where the unique constraint `unique` knows another one like it."""
    tx.add(row)
    try:
        await tx.flush()
    except IntegrityError as error:
        if unique not in str(error.orig):
            raise
        raise taken from error
