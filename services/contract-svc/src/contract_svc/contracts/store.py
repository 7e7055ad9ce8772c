"""Tables of the contracts feature."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from contract_svc.contracts.rules import FINAL, MOVES, ContractStatus, Duration
from contract_svc.contracts.words import WORDS
from contract_svc.reference.rules import Level, Terms
from contract_svc.reference.store import Customer, terms_shown
from contract_svc.tables import Table
from fangxing.database.types import TONS, YUAN, one_of
from fangxing.documents import Documented
from fangxing.organisation.people import name_of
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
    document_kind, moves, final, words = "contract", MOVES, FINAL, WORDS
    number_in = "number"
    amount_in = "total"

    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates"),
        # whatever their case, two numbers would be one on paper
        Index("uq_contracts_number", text("lower(number)"), unique=True),
        Index("ix_contracts_number", "number", "id"),
        Index("ix_contracts_search", "number", postgresql_ops={"number": "text_pattern_ops"}),
        Index("ix_contracts_customer", "customer_id", "id"),
        Index("ix_contracts_status", "status", "id"),
        Index("ix_contracts_total", "total", "id"),
        Index("ix_contracts_starts_on", "starts_on", "id"),
        Index("ix_contracts_ends_on", "ends_on", "id"),
    )

    number: Mapped[str] = mapped_column(String(64))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    version: Mapped[int] = mapped_column(Integer)
    status: Mapped[ContractStatus] = mapped_column(one_of(ContractStatus, "status"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    term: Mapped[Duration] = mapped_column(one_of(Duration))
    terms: Mapped[Terms] = composite(
        mapped_column("terms_kind", one_of(TermsKind)), mapped_column("terms_days", Integer)
    )
    total: Mapped[Decimal] = mapped_column(YUAN)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    approved_on: Mapped[date | None] = mapped_column(Date)
    assessment: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    verdict: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    lines: Mapped[list[ContractLine]] = relationship(
        order_by=ContractLine.number, lazy="selectin", cascade="all, delete-orphan"
    )


_CONTRACTS = Contract.__table__.c
CONTRACT_ROWS = select(
    Contract.__table__,
    terms_shown(_CONTRACTS.terms_kind, _CONTRACTS.terms_days),
    literal("CNY").label("currency"),
    Customer.name.label("customer_name"),
    Customer.account_id,
    Customer.rep,
    name_of(Customer.rep).label("rep_name"),
).join_from(Contract, Customer, Contract.customer_id == Customer.id)
"""Contracts with what is shown of their customer."""
