"""Tables of the credit feature."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Computed, Date, DateTime, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shipping_svc.tables import Table

YUAN = Numeric(14, 2)

EXPOSURE = (
    "receivable + written_off + released + (shipped_total - settled_total)"
    " + greatest(0, prepaid_used_total - prepaid_total)"
)
"""The exposure formula of clause 5-4.2.1-B over the two positions."""


class CreditAccount(Table):
    """A credit account as shipping decides on it: this service's position, and its copy of customer-svc's.

    Every release is one UPDATE of this row. There is no CHECK against the limit: a limit cut or a reversal may rightly
    push exposure over it. `hold` is set where the customer position is missing or cannot be read; `unreadable_…` name
    the newest one that could not be, and only that one repaired or a newer one ends the hold.
    """

    __tablename__ = "credit_accounts"
    __table_args__ = (
        CheckConstraint("released >= 0", name="released"),
        CheckConstraint("shipped_total >= 0", name="shipped_total"),
        CheckConstraint("prepaid_used_total >= 0", name="prepaid_used_total"),
        # the hot row changes in place: no index on a figure, and room on its page
        {"postgresql_with": {"fillfactor": "50"}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    epoch: Mapped[int]
    version: Mapped[int]
    released: Mapped[Decimal] = mapped_column(YUAN)
    shipped_total: Mapped[Decimal] = mapped_column(YUAN)
    prepaid_used_total: Mapped[Decimal] = mapped_column(YUAN)
    customer_epoch: Mapped[int]
    customer_version: Mapped[int]
    receivable: Mapped[Decimal] = mapped_column(YUAN)
    written_off: Mapped[Decimal] = mapped_column(YUAN)
    settled_total: Mapped[Decimal] = mapped_column(YUAN)
    prepaid_total: Mapped[Decimal] = mapped_column(YUAN)
    grade: Mapped[str] = mapped_column(String(10))
    limit: Mapped[Decimal | None] = mapped_column("limit_amount", YUAN)
    grade_until: Mapped[date | None] = mapped_column(Date)
    next_due: Mapped[date | None] = mapped_column(Date)
    overdue_amount: Mapped[Decimal] = mapped_column(YUAN)
    overdue_since: Mapped[date | None] = mapped_column(Date)
    hold: Mapped[bool] = mapped_column(Boolean)
    unreadable_epoch: Mapped[int] = mapped_column(default=0)
    unreadable_version: Mapped[int] = mapped_column(default=0)
    exposure: Mapped[Decimal] = mapped_column(YUAN, Computed(EXPOSURE, persisted=True))


class CreditException(Table):
    """The GM's written exception 总经理书面特批 (2-5.3.2): up to an exposure, until a date, or until he ends it."""

    __tablename__ = "credit_exceptions"
    __table_args__ = (Index("ix_credit_exceptions_account", "account_id", "valid_until"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    ceiling: Mapped[Decimal] = mapped_column(YUAN)
    valid_until: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    granted_by: Mapped[str] = mapped_column(String(80))
    granted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[str | None] = mapped_column(String(80))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_because: Mapped[str | None] = mapped_column(Text)
