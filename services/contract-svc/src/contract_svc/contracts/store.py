"""Tables of the contracts feature."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, String, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from contract_svc.contracts.rules import Duration, Status
from contract_svc.reference.rules import Level, Terms
from contract_svc.reference.store import Customer
from contract_svc.tables import Table
from fangxing.database.types import TONS, YUAN, one_of
from fangxing.outbox import Documented
from fangxing.terms import TermsKind


class ContractLine(Table):
    """One line of a contract: tons of a product at a price in yuan per ton incl. tax.

    `product_name` and `price_level` are what stood at submission; null in a draft, where they are derived afresh.
    """

    __tablename__ = "contract_lines"
    __table_args__ = (
        UniqueConstraint("contract_id", "number"),
        CheckConstraint("tons > 0 AND price_per_ton > 0", name="positive"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contracts.id"))
    number: Mapped[int] = mapped_column(Integer)
    product_id: Mapped[UUID]
    tons: Mapped[Decimal] = mapped_column(TONS)
    price_per_ton: Mapped[Decimal] = mapped_column(YUAN)
    value: Mapped[Decimal] = mapped_column(YUAN)
    product_name: Mapped[str | None] = mapped_column(String(200))
    price_level: Mapped[Level | None] = mapped_column(one_of(Level))


class Contract(Documented, Table):
    """A contract 合同.

    `version` grows with every revision. `assessment` and `verdict` are frozen at submission and gone with a revision.
    """

    __tablename__ = "contracts"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates"),
        Index("ix_contracts_customer", "customer_id", "id"),
        Index("ix_contracts_status", "status", "id"),
        Index("ix_contracts_total", "total", "id"),
        Index("ix_contracts_starts_on", "starts_on", "id"),
        Index("ix_contracts_ends_on", "ends_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(64), unique=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    version: Mapped[int] = mapped_column(Integer)
    status: Mapped[Status] = mapped_column(one_of(Status))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    term: Mapped[Duration] = mapped_column(one_of(Duration))
    terms: Mapped[Terms] = composite(
        mapped_column("terms_kind", one_of(TermsKind)), mapped_column("terms_days", Integer)
    )
    total: Mapped[Decimal] = mapped_column(YUAN)
    author: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    approved_on: Mapped[date | None] = mapped_column(Date)
    assessment: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    verdict: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    lines: Mapped[list[ContractLine]] = relationship(
        order_by=ContractLine.number, lazy="selectin", cascade="all, delete-orphan"
    )

    @property
    def document(self) -> str:
        """The contract's name as a document, in events, tasks and verdicts."""
        return f"contract/{self.id}"


CONTRACT_ROWS = select(
    Contract.__table__, Customer.name.label("customer_name"), Customer.account_id, Customer.rep
).join_from(Contract, Customer, Contract.customer_id == Customer.id)
"""Contracts with what is shown of their customer."""
