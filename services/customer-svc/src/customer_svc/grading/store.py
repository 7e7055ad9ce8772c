"""Tables of the grading: applications, and the history behind the credit master."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Date, DateTime, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from customer_svc.accounts.rules import Credit
from customer_svc.accounts.store import CreditAccount
from customer_svc.customers.store import Customer
from customer_svc.grading.rules import FINAL, MOVES, UNDER_WAY, ApplicationStatus
from customer_svc.grading.words import WORDS
from customer_svc.tables import Table, columns_of
from fangxing.database import Tx
from fangxing.database.types import YUAN, one_of
from fangxing.documents import Documented
from fangxing.ids import new_id
from fangxing.organisation.people import name_of
from fangxing.positions import Grade, effective_limit

_UNDER_WAY = ", ".join(f"'{status}'" for status in UNDER_WAY)


class CreditApplication(Documented, Table):
    """An application for a grade and a limit 信用额度申请表/变更表; finance entered it on `entered_on`."""

    __tablename__ = "credit_applications"
    __table_args__ = (
        Index("ix_credit_applications_customer", "customer_id", "id"),
        Index("ix_credit_applications_status", "status", "id"),
        Index("ix_credit_applications_created_at", "created_at", "id"),
        Index(
            "uq_credit_applications_under_way",
            "account_id",
            unique=True,
            postgresql_where=f"status IN ({_UNDER_WAY})",
        ),
    )
    document_kind, moves, final, words = "credit-application", MOVES, FINAL, WORDS
    amount_in = "limit"

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"))
    grade: Mapped[Grade] = mapped_column(one_of(Grade))
    limit: Mapped[Decimal | None] = mapped_column("limit_amount", YUAN)
    reasons: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    status: Mapped[ApplicationStatus] = mapped_column(one_of(ApplicationStatus))
    decided_on: Mapped[date | None] = mapped_column(Date)
    entered_on: Mapped[date | None] = mapped_column(Date)

    @property
    def credit(self) -> Credit:
        """What is applied for."""
        return Credit(self.grade, effective_limit(self.grade, self.limit))


class CreditInForce(Table):
    """One line of the history behind the credit master 客户信用额度总表: what was in force from when, and why."""

    __tablename__ = "credit_in_force"
    __table_args__ = (Index("ix_credit_in_force_account", "account_id", "since", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"))
    grade: Mapped[Grade] = mapped_column(one_of(Grade))
    limit: Mapped[Decimal | None] = mapped_column("limit_amount", YUAN)
    since: Mapped[date] = mapped_column(Date)
    clause: Mapped[str] = mapped_column(String(20))
    application_id: Mapped[UUID | None] = mapped_column(ForeignKey("credit_applications.id"))


APPLICATION_ROWS = select(
    *columns_of(CreditApplication),
    Customer.name.label("customer_name"),
    name_of(CreditApplication.author).label("author_name"),
).join_from(CreditApplication, Customer)
"""The applications as they are listed."""

MASTER_ROWS = select(
    *columns_of(CreditAccount),
    Customer.id.label("customer_id"),
    Customer.number.label("customer_number"),
    Customer.name.label("customer_name"),
    Customer.rep,
    name_of(Customer.rep).label("rep_name"),
).join_from(Customer, CreditAccount, Customer.account_id == CreditAccount.id)
"""The lines of the credit master as they stand."""


def put_in_force(
    tx: Tx, account: CreditAccount, credit: Credit, *, since: date, clause: str, application_id: UUID | None = None
) -> None:
    """Give the locked account a grade and a limit, and keep from when and by which clause."""
    account.grade, account.limit = credit
    tx.add(
        CreditInForce(
            account_id=account.id,
            grade=credit.grade,
            limit=credit.limit,
            since=since,
            clause=clause,
            application_id=application_id,
        )
    )


async def applications_under_way(tx: Tx, account_id: UUID) -> list[CreditApplication]:
    """The applications for the locked account that have not acted yet."""
    found = await tx.scalars(
        select(CreditApplication)
        .where(CreditApplication.account_id == account_id, CreditApplication.status.in_(UNDER_WAY))
        .execution_options(populate_existing=True)
    )
    return list(found)
