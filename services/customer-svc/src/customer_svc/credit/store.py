"""Tables of the credit feature: the account with its position, applications, and the history of what was in force."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Date, DateTime, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from customer_svc.tables import Table
from fangxing.ids import new_id
from fangxing.outbox import Documented

YUAN = Numeric(14, 2)

EXPOSURE = (
    "receivable + written_off + released + (shipped_total - settled_total)"
    " + greatest(0, prepaid_used_total - prepaid_total)"
)
"""The exposure formula of clause 5-4.2.1-B over the two positions."""


class CreditAccount(Table):
    """A credit account 信用账户: this service's position, and its copy of what shipping reported.

    `version` grows with every change of the first group of figures, under the row's lock; restoring a backup bumps
    `epoch`. The second group is overwritten by newer reports alone. `exposure` is derived from both.
    """

    __tablename__ = "credit_accounts"
    __table_args__ = (
        CheckConstraint("limit_amount IS NULL OR limit_amount >= 0", name="limit"),
        CheckConstraint("grade IN ('A', 'B', 'C', 'D', 'ungraded')", name="grade"),
        Index("ix_credit_accounts_next_due", "next_due"),
        Index("ix_credit_accounts_exposure", "exposure", "id"),
        Index("ix_credit_accounts_grade", "grade", "id"),
        Index("ix_credit_accounts_overdue", "id", postgresql_where="overdue_amount > 0"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    epoch: Mapped[int]
    version: Mapped[int]
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
    shipping_epoch: Mapped[int]
    shipping_version: Mapped[int]
    shipping_seen_epoch: Mapped[int]
    shipping_seen_version: Mapped[int]
    released: Mapped[Decimal] = mapped_column(YUAN)
    shipped_total: Mapped[Decimal] = mapped_column(YUAN)
    prepaid_used_total: Mapped[Decimal] = mapped_column(YUAN)
    shipping_unreadable: Mapped[bool]
    exposure: Mapped[Decimal] = mapped_column(YUAN, Computed(EXPOSURE, persisted=True))

    @classmethod
    def opened(cls) -> "CreditAccount":
        """A new account: nothing owed, nothing shipped, ungraded with limit 0 (2-5.2)."""
        nothing = Decimal("0.00")
        return cls(
            id=new_id(),
            epoch=1,
            version=0,
            receivable=nothing,
            written_off=nothing,
            settled_total=nothing,
            prepaid_total=nothing,
            grade="ungraded",
            limit=nothing,
            grade_until=None,
            next_due=None,
            overdue_amount=nothing,
            overdue_since=None,
            shipping_epoch=0,
            shipping_version=0,
            shipping_seen_epoch=0,
            shipping_seen_version=0,
            released=nothing,
            shipped_total=nothing,
            prepaid_used_total=nothing,
            shipping_unreadable=False,
        )

    @property
    def document(self) -> str:
        """The account's name as a document."""
        return f"credit-account/{self.id}"


class CreditApplication(Documented, Table):
    """An application for a grade and a limit 信用额度申请表/变更表.

    `status`: pending, rejected, returned, approved (decided, waiting for finance), in_force (acting; for less credit
    also before finance confirms it), with `entered_on` set once finance entered it in the master; lapsed (the grade
    fell by itself before it acted).
    """

    __tablename__ = "credit_applications"
    __table_args__ = (
        Index("ix_credit_applications_customer", "customer_id", "id"),
        Index("ix_credit_applications_status", "status", "id"),
        Index("ix_credit_applications_applied_at", "applied_at", "id"),
        Index(
            "uq_credit_applications_pending",
            "account_id",
            unique=True,
            postgresql_where="status IN ('pending', 'approved')",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"))
    grade: Mapped[str] = mapped_column(String(10))
    limit: Mapped[Decimal | None] = mapped_column("limit_amount", YUAN)
    reasons: Mapped[str] = mapped_column(Text)
    applied_by: Mapped[str] = mapped_column(String(80))
    applied_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    status: Mapped[str] = mapped_column(String(10))
    decided_on: Mapped[date | None] = mapped_column(Date)
    entered_by: Mapped[str | None] = mapped_column(String(80))
    entered_on: Mapped[date | None] = mapped_column(Date)

    @property
    def document(self) -> str:
        """The application's name as a document."""
        return f"credit-application/{self.id}"


class CreditInForce(Table):
    """One line of the history behind the credit master 客户信用额度总表: what was in force from when, and why."""

    __tablename__ = "credit_in_force"
    __table_args__ = (Index("ix_credit_in_force_account", "account_id", "since", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"))
    grade: Mapped[str] = mapped_column(String(10))
    limit: Mapped[Decimal | None] = mapped_column("limit_amount", YUAN)
    since: Mapped[date] = mapped_column(Date)
    clause: Mapped[str] = mapped_column(String(20))
    application_id: Mapped[UUID | None] = mapped_column(ForeignKey("credit_applications.id"))
