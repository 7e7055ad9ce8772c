"""Tables of the customers."""

from datetime import date
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, Integer, String, select, text
from sqlalchemy.orm import Mapped, mapped_column

from customer_svc.accounts.store import CreditAccount
from customer_svc.tables import Table, columns_of
from fangxing.database.types import one_of
from fangxing.organisation.people import name_of
from fangxing.outbox import Counted
from fangxing.terms import TermsKind


class Customer(Counted, Table):
    """A customer 客户. Several customers may share one credit account and are then limited together."""

    __tablename__ = "customers"
    __table_args__ = (
        # whatever their case, two numbers would be one on paper
        Index("uq_customers_number", text("lower(number)"), unique=True),
        Index("ix_customers_number", "number", "id"),
        Index("ix_customers_rep", "rep", "id"),
        Index("ix_customers_name", "name", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"), index=True)
    rep: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(200))
    contact: Mapped[str] = mapped_column(String(200))
    terms_kind: Mapped[TermsKind] = mapped_column(one_of(TermsKind))
    terms_days: Mapped[int] = mapped_column(Integer)
    created_on: Mapped[date] = mapped_column(Date)

    @property
    def document(self) -> str:
        """The customer's name as a document."""
        return f"customer/{self.id}"


CUSTOMER_ROWS = select(
    *columns_of(Customer),
    name_of(Customer.rep).label("rep_name"),
    CreditAccount.grade,
    CreditAccount.limit.label("limit"),
    CreditAccount.c_from,
    CreditAccount.d_from,
    CreditAccount.exposure,
).join_from(Customer, CreditAccount, Customer.account_id == CreditAccount.id)
"""The customers as they are shown, with what their credit is judged by."""
