"""Tables of the notices."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, ForeignKey, Index, Sequence, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fangxing import approvals
from fangxing.database import Tx
from fangxing.database.types import TONS, YUAN, one_of
from fangxing.documents import Documented
from fangxing.verdicts import Scalar
from shipping_svc.credit.rules import Amounts, Road
from shipping_svc.notices.rules import FINAL, MOVES, Kind, NoticeStatus
from shipping_svc.notices.words import WORDS
from shipping_svc.reference.store import Customer
from shipping_svc.tables import Table

NOTICE_NUMBERS = Sequence("notice_numbers", metadata=Table.metadata)


class NoticeLine(Table):
    """A line of a notice; `most_tons` with the load tolerance is what may be loaded, `value` what it is worth."""

    __tablename__ = "notice_lines"
    __table_args__ = (CheckConstraint("loaded_tons BETWEEN 0 AND most_tons", name="loaded_tons"),)

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    order_line_id: Mapped[UUID] = mapped_column(ForeignKey("order_lines.id"), primary_key=True)
    contract_line_id: Mapped[UUID]
    product_id: Mapped[UUID]
    product_name: Mapped[str] = mapped_column(String(200))
    tons: Mapped[Decimal] = mapped_column(TONS)
    most_tons: Mapped[Decimal] = mapped_column(TONS)
    price_per_ton: Mapped[Decimal] = mapped_column(YUAN)
    value: Mapped[Decimal] = mapped_column(YUAN)
    loaded_tons: Mapped[Decimal] = mapped_column(TONS)


class Notice(Documented, Table):
    """A shipping notice 发货通知单.

    `reserved_credit` and `reserved_prepaid` are what the release holds and no shipment has drawn yet, in yuan. `road`
    is the credit road it stood on when it was last judged, `verdict` what was found then. Its account has a row before
    it is filed; its customer comes with it, so that nothing is read behind the account's row.
    """

    __tablename__ = "notices"
    document_kind, moves, final, words = "notice", MOVES, FINAL, WORDS
    number_in = "number"
    amount_in = "value"
    __table_args__ = (
        CheckConstraint("reserved_credit >= 0 AND reserved_prepaid >= 0", name="reserved"),
        Index("ix_notices_customer", "customer_id", "id"),
        Index("ix_notices_status", "status", "id"),
        Index("ix_notices_ship_on", "ship_on", "id"),
    )

    number: Mapped[str] = mapped_column(String(40), unique=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    contract_id: Mapped[UUID]
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"))
    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    value: Mapped[Decimal] = mapped_column(YUAN)
    ship_on: Mapped[date] = mapped_column(Date)
    short_notice: Mapped[bool]
    short_notice_reason: Mapped[str | None] = mapped_column(Text)
    status: Mapped[NoticeStatus] = mapped_column(one_of(NoticeStatus, "status"))
    road: Mapped[Road | None] = mapped_column(one_of(Road))
    overdue_reason: Mapped[str | None] = mapped_column(Text)
    review: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    verdict: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reserved_credit: Mapped[Decimal] = mapped_column(YUAN)
    reserved_prepaid: Mapped[Decimal] = mapped_column(YUAN)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    lines: Mapped[list[NoticeLine]] = relationship(order_by=NoticeLine.order_line_id, lazy="selectin")
    customer: Mapped[Customer] = relationship(lazy="joined", innerjoin=True)

    @property
    def customer_name(self) -> str:
        """The customer's name as it is now."""
        return self.customer.name

    @property
    def amounts(self) -> Amounts:
        """What the whole notice takes of its account."""
        return Amounts.of(self.value, prepaid=self.kind is Kind.PREPAID)

    @property
    def inputs(self) -> dict[str, Scalar]:
        """What a verdict stores of it."""
        return {"notice": self.id, "kind": self.kind, "value": self.value}


class Release(Table):
    """One release: what was reserved, the exposure it led to, and the ceiling it was given; never above it."""

    __tablename__ = "releases"
    __table_args__ = (
        CheckConstraint("ceiling IS NULL OR exposure_after <= ceiling", name="within_ceiling"),
        Index("ix_releases_account", "account_id", "id"),
        Index("ix_releases_notice", "notice_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    account_id: Mapped[UUID]
    position_epoch: Mapped[int]
    position_version: Mapped[int] = mapped_column(BigInteger)
    road: Mapped[Road] = mapped_column(one_of(Road))
    on_credit: Mapped[Decimal] = mapped_column(YUAN)
    on_prepayment: Mapped[Decimal] = mapped_column(YUAN)
    exposure_after: Mapped[Decimal] = mapped_column(YUAN)
    ceiling: Mapped[Decimal | None] = mapped_column(YUAN)
    verdict_hash: Mapped[str] = mapped_column(String(64))
    released_by: Mapped[str] = mapped_column(String(80))
    released_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


async def approval_of(tx: Tx, notice: Notice) -> dict[str, Any] | None:
    """The summary of the notice's newest approval, as things stand in the unit of work."""
    await tx.flush()
    return (await approvals.latest(tx, [notice.document])).get(notice.document)
