"""Tables of loading, and what scans and signatures are held against."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.database import Tx
from fangxing.database.types import TONS, one_of
from fangxing.documents import Documented
from shipping_svc.loading.rules import (
    BLOCK_FINAL,
    BLOCK_MOVES,
    LOADING_FINAL,
    LOADING_MOVES,
    BlockStatus,
    LoadingStatus,
    Lot,
    Result,
    passes,
)
from shipping_svc.loading.words import BLOCK_WORDS, LOADING_WORDS
from shipping_svc.notices.store import Notice, NoticeLine
from shipping_svc.tables import Table


class QualityReport(Table):
    """A quality report 质量检验报告; the newest of a lot counts."""

    __tablename__ = "quality_reports"
    __table_args__ = (Index("ix_quality_reports_lot", "product_id", "lot", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID]
    lot: Mapped[str] = mapped_column(String(64))
    result: Mapped[Result] = mapped_column(one_of(Result))
    findings: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class LotBlock(Documented, Table):
    """A lot that may not be loaded, because of a complaint; lifted by quality."""

    __tablename__ = "lot_blocks"
    __table_args__ = (
        Index("ix_lot_blocks_open", "lot", postgresql_where="status = 'blocked'"),
        Index("ix_lot_blocks_lot", "lot", "id"),
    )
    document_kind, moves, final, words = "lot-block", BLOCK_MOVES, BLOCK_FINAL, BLOCK_WORDS

    lot: Mapped[str] = mapped_column(String(64))
    product_id: Mapped[UUID | None]
    complaint_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[BlockStatus] = mapped_column(one_of(BlockStatus, "status"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class TransportNotice(Table):
    """A transport notice 运输通知单: the truck the rep announced for a notice."""

    __tablename__ = "transport_notices"
    __table_args__ = (UniqueConstraint("notice_id", "vehicle"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    vehicle: Mapped[str] = mapped_column(String(64))
    driver: Mapped[str] = mapped_column(String(200))
    carrier: Mapped[str] = mapped_column(String(200))
    author: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Loading(Documented, Table):
    """One truck being loaded for a notice at a warehouse; the keeper who started it is its author."""

    __tablename__ = "loadings"
    __table_args__ = (
        Index("uq_loadings_open", "notice_id", "vehicle", unique=True, postgresql_where="status = 'open'"),
        Index("ix_loadings_notice", "notice_id"),
    )
    document_kind, moves, final, words = "loading", LOADING_MOVES, LOADING_FINAL, LOADING_WORDS

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    vehicle: Mapped[str] = mapped_column(String(64))
    driver: Mapped[str] = mapped_column(String(200))
    carrier: Mapped[str] = mapped_column(String(200))
    warehouse: Mapped[str] = mapped_column(String(64))
    status: Mapped[LoadingStatus] = mapped_column(one_of(LoadingStatus, "status"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Scan(Table):
    """One loading scan as a device sent it, once for (device, enrolment, sequence), and the verdict that refused it."""

    __tablename__ = "scans"
    __table_args__ = (
        UniqueConstraint("device", "enrolment", "sequence"),
        Index("uq_scans_package", "lot", "package", unique=True, postgresql_where="accepted"),
        Index("ix_scans_loading", "loading_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(String(64))
    enrolment: Mapped[int]
    sequence: Mapped[int]
    body_hash: Mapped[str] = mapped_column(String(64))
    loading_id: Mapped[UUID]
    order_line_id: Mapped[UUID]
    lot: Mapped[str] = mapped_column(String(64))
    package: Mapped[str] = mapped_column(String(64))
    tons: Mapped[Decimal] = mapped_column(TONS)
    scanned_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    accepted: Mapped[bool]
    # JSON keeps the order of what is in it: the same scan again gets the same answer
    verdict: Mapped[dict[str, Any] | None] = mapped_column(JSON)


async def judged_lots(tx: Tx, names: Collection[str]) -> dict[tuple[UUID, str], Lot]:
    """What quality says of the lots of these names now, by product and lot; one without a report is left out."""
    blocks = await tx.execute(
        select(LotBlock.lot, LotBlock.product_id).where(LotBlock.lot.in_(names), LotBlock.status == BlockStatus.BLOCKED)
    )
    blocked = {(lot, product) for lot, product in blocks}
    reports = await tx.execute(
        select(QualityReport.product_id, QualityReport.lot, QualityReport.result)
        .where(QualityReport.lot.in_(names))
        .ext(distinct_on(QualityReport.product_id, QualityReport.lot))
        .order_by(QualityReport.product_id, QualityReport.lot, QualityReport.id.desc())
    )
    return {
        (product, lot): Lot(passes(result), blocked=(lot, None) in blocked or (lot, product) in blocked)
        for product, lot, result in reports
    }


async def lock_open_loadings(tx: Tx, notice: Notice) -> list[Loading]:
    """The open loadings of a locked notice, in the order scans lock them; the notice's lines are read again behind it.

    A scan locks the loading and never the notice: whoever closes a notice on what he read before he had the
    loadings would miss what was loaded meanwhile.
    """
    loadings = await tx.scalars(
        select(Loading)
        .where(Loading.notice_id == notice.id, Loading.status == LoadingStatus.OPEN)
        .order_by(Loading.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    locked = list(loadings)
    await tx.execute(
        select(NoticeLine).where(NoticeLine.notice_id == notice.id).execution_options(populate_existing=True)
    )
    return locked
