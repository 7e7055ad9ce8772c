"""Tables of the customers feature."""

from datetime import date
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from customer_svc.tables import Table
from fangxing.outbox import Documented


class Customer(Documented, Table):
    """A customer 客户. Several customers may share one credit account and are then limited together."""

    __tablename__ = "customers"
    __table_args__ = (Index("ix_customers_rep", "rep", "id"), Index("ix_customers_name", "name", "id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credit_accounts.id"), index=True)
    rep: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(200))
    contact: Mapped[str] = mapped_column(String(200))
    terms_kind: Mapped[str] = mapped_column(String(20))
    terms_days: Mapped[int] = mapped_column(Integer)
    opened_on: Mapped[date] = mapped_column(Date)

    @property
    def document(self) -> str:
        """The customer's name as a document, in events, tasks and verdicts."""
        return f"customer/{self.id}"
