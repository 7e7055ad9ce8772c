"""Tables of the customers projection."""

from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from complaint_svc.tables import Table


class Customer(Table):
    """A customer as customer-svc last published it; `rep` looks after it."""

    __tablename__ = "customers"
    __table_args__ = (Index("ix_customers_rep", "rep"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    number: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    rep: Mapped[str] = mapped_column(String(80))
