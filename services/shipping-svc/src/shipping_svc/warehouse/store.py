"""Tables of the warehouse."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, ForeignKey, Index, Numeric, Sequence, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fangxing.outbox import Documented
from shipping_svc.tables import Table

YUAN = Numeric(14, 2)
TONS = Numeric(12, 3)

NOTE_NUMBERS = Sequence("delivery_note_numbers", metadata=Table.metadata)


class QualityReport(Table):
    """A quality report 质量检验报告; the newest of a lot counts. `result`: passing, failing, or conceded 让步接收."""

    __tablename__ = "quality_reports"
    __table_args__ = (Index("ix_quality_reports_lot", "product_id", "lot", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID]
    lot: Mapped[str] = mapped_column(String(64))
    result: Mapped[str] = mapped_column(String(10))
    findings: Mapped[str] = mapped_column(Text)
    reported_by: Mapped[str] = mapped_column(String(80))
    reported_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class LotBlock(Table):
    """A lot that may not be loaded, because of a complaint; lifted by quality."""

    __tablename__ = "lot_blocks"
    __table_args__ = (Index("ix_lot_blocks_open", "lot", postgresql_where="lifted_at IS NULL"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot: Mapped[str] = mapped_column(String(64))
    product_id: Mapped[UUID | None]
    complaint_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(Text)
    blocked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    lifted_by: Mapped[str | None] = mapped_column(String(80))
    lifted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class TransportNotice(Table):
    """A transport notice 运输通知单: the truck the rep announced for a notice."""

    __tablename__ = "transport_notices"
    __table_args__ = (UniqueConstraint("notice_id", "vehicle"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    vehicle: Mapped[str] = mapped_column(String(64))
    driver: Mapped[str] = mapped_column(String(200))
    carrier: Mapped[str] = mapped_column(String(200))
    issued_by: Mapped[str] = mapped_column(String(80))
    issued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Loading(Table):
    """One truck being loaded for a notice; `status`: open, signed or stopped."""

    __tablename__ = "loadings"
    __table_args__ = (
        Index("uq_loadings_open", "notice_id", "vehicle", unique=True, postgresql_where="status = 'open'"),
        Index("ix_loadings_notice", "notice_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    vehicle: Mapped[str] = mapped_column(String(64))
    driver: Mapped[str] = mapped_column(String(200))
    carrier: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(10))
    keeper: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Scan(Table):
    """One loading scan as a device sent it, with the answer; (device, enrolment, sequence) is unique for ever."""

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
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class DeliveryNoteLine(Table):
    """A line of a delivery note: one lot of one order line."""

    __tablename__ = "delivery_note_lines"

    note_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_notes.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    order_line_id: Mapped[UUID]
    contract_line_id: Mapped[UUID]
    product_id: Mapped[UUID]
    product_name: Mapped[str] = mapped_column(String(200))
    lot: Mapped[str] = mapped_column(String(64))
    packages: Mapped[int]
    tons: Mapped[Decimal] = mapped_column(TONS)
    price_per_ton: Mapped[Decimal] = mapped_column(YUAN)
    value: Mapped[Decimal] = mapped_column(YUAN)


class DeliveryNote(Documented, Table):
    """A delivery note 送货单, signed by keeper and carrier and immutable from then on, with its freight voucher."""

    __tablename__ = "delivery_notes"
    __table_args__ = (Index("ix_delivery_notes_customer", "customer_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"), index=True)
    loading_id: Mapped[UUID] = mapped_column(ForeignKey("loadings.id"), unique=True)
    customer_id: Mapped[UUID]
    account_id: Mapped[UUID]
    vehicle: Mapped[str] = mapped_column(String(64))
    driver: Mapped[str] = mapped_column(String(200))
    tons: Mapped[Decimal] = mapped_column(TONS)
    value: Mapped[Decimal] = mapped_column(YUAN)
    keeper: Mapped[str] = mapped_column(String(80))
    keeper_name: Mapped[str] = mapped_column(String(80))
    carrier_name: Mapped[str] = mapped_column(String(200))
    carrier_signature: Mapped[str] = mapped_column(Text)
    freight_voucher: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    shipped_on: Mapped[date] = mapped_column(Date)
    left_on: Mapped[date | None] = mapped_column(Date)
    lines: Mapped[list[DeliveryNoteLine]] = relationship(order_by=DeliveryNoteLine.line, lazy="selectin")

    @property
    def document(self) -> str:
        """The delivery note's name as a document."""
        return f"delivery-note/{self.id}"
