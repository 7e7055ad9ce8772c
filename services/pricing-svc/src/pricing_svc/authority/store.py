"""Tables and SQL of the authority feature: the tables drafted and approved per product family, and their bands."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from fangxing.database import Reader, Tx, flush_unique
from fangxing.database.types import PERCENT, one_of
from fangxing.documents import Documented
from fangxing.organisation.people import name_of
from fangxing.outbox import Counted
from fangxing.work import Work
from pricing_svc.authority.errors import TABLE_IN_APPROVAL
from pricing_svc.authority.rules import FINAL, MOVES, AuthorityStatus, Band, BandRole
from pricing_svc.authority.words import WORDS
from pricing_svc.prices.store import Day
from pricing_svc.tables import Row, Table


class AuthorityFamily(Counted, Table):
    """A product family as what the authority events are about; `versions` counts the approved tables."""

    __tablename__ = "authority_families"

    family: Mapped[str] = mapped_column(String(64), primary_key=True)
    versions: Mapped[int] = mapped_column(default=0)

    @property
    def document(self) -> str:
        """The family's authority as a document."""
        return f"price-authority/{self.family}"


class BandRow(Table):
    """One band of an authority table, in percent of the base price."""

    __tablename__ = "authority_bands"
    __table_args__ = (
        CheckConstraint("percent_below BETWEEN 0 AND 100", name="percent_below"),
        CheckConstraint("percent_above BETWEEN 0 AND 100", name="percent_above"),
    )

    table_id: Mapped[UUID] = mapped_column(ForeignKey("authority_tables.id"), primary_key=True)
    role: Mapped[BandRole] = mapped_column(one_of(BandRole), primary_key=True)
    percent_below: Mapped[Decimal] = mapped_column(PERCENT)
    percent_above: Mapped[Decimal] = mapped_column(PERCENT)


class AuthorityTable(Documented, Table):
    """A price authority table 价格权限管理表 of one family; its bands are changed by a revision alone.

    `version` and `effective_from` are final with the GM's yes.
    """

    __tablename__ = "authority_tables"
    __table_args__ = (
        UniqueConstraint("family", "version"),
        CheckConstraint(
            "status <> 'approved' OR (version IS NOT NULL AND effective_from IS NOT NULL)", name="approved"
        ),
        Index("ix_authority_tables_family", "family", "id"),
        Index("ix_authority_tables_status", "status", "id"),
        Index("uq_authority_tables_in_approval", "family", unique=True, postgresql_where="status = 'in_approval'"),
    )
    document_kind, moves, final, words = "authority-table", MOVES, FINAL, WORDS

    family: Mapped[str] = mapped_column(ForeignKey("authority_families.family"))
    version: Mapped[int | None]
    effective_from: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    status: Mapped[AuthorityStatus] = mapped_column(one_of(AuthorityStatus))
    bands: Mapped[list[BandRow]] = relationship(order_by=BandRow.role, lazy="selectin", cascade="all, delete-orphan")


TABLE_ROWS = select(AuthorityTable.__table__, name_of(AuthorityTable.author).label("author_name"))
"""Authority tables as they are shown."""


def tables_on(day: Day) -> Select[Any]:
    """Every family's table in force on `day`: the highest version whose first day has come."""
    dated = aliased(AuthorityTable)
    in_force = (
        select(func.max(dated.version))
        .where(
            dated.family == AuthorityTable.family,
            dated.status == AuthorityStatus.APPROVED,
            dated.effective_from <= day,
        )
        .correlate(AuthorityTable)
        .scalar_subquery()
    )
    return TABLE_ROWS.where(AuthorityTable.version == in_force)


async def row_in_force(connection: Reader | Tx, family: str, day: date) -> Row | None:
    """The family's table in force on `day`."""
    found = await connection.execute(tables_on(day).where(AuthorityTable.family == family))
    row: Row | None = found.mappings().first()
    return row


async def bands_of(connection: Reader | Tx, table_ids: Collection[UUID]) -> dict[UUID, list[Band]]:
    """The bands of these tables, by table and in the order of the roles."""
    rows = select(BandRow.__table__).where(BandRow.table_id.in_(table_ids)).order_by(BandRow.role)
    bands: dict[UUID, list[Band]] = {table_id: [] for table_id in table_ids}
    for row in (await connection.execute(rows)).mappings():
        bands[row["table_id"]].append(Band(row["role"], row["percent_below"], row["percent_above"]))
    return bands


async def keep_family(work: Work, name: str) -> None:
    """Keep a row for the family from its first table on."""
    await work.tx.execute(pg_insert(AuthorityFamily).values(family=name, versions=0, facts=0).on_conflict_do_nothing())


async def lock_family(work: Work, name: str) -> AuthorityFamily:
    """The family, its row locked until the transaction ends."""
    family = await work.tx.get(AuthorityFamily, name, with_for_update=True)
    assert family is not None
    return family


async def write_as_only_in_approval(work: Work) -> None:
    """Write what was drafted; raises `authority-table-in-approval`, as one table per family may be there at a time."""
    await flush_unique(work.tx, {"uq_authority_tables_in_approval": TABLE_IN_APPROVAL()})
