"""The toy services' tables."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, ForeignKey, Identity, Numeric, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from fangxing.database.tables import metadata
from fangxing.database.types import TONS, YUAN, one_of


class ToyTable(DeclarativeBase):
    """Base of the toy services' tables."""

    metadata = metadata()


class NoteRow(ToyTable):
    """A note; `version` counts its events."""

    __tablename__ = "notes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(200))
    amount: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    version: Mapped[int]


class ScanRow(ToyTable):
    """Something a scanner saw, once per sequence number."""

    __tablename__ = "scans"

    device: Mapped[str] = mapped_column(String(64), primary_key=True)
    enrolment: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64))


class DayRow(ToyTable):
    """A date the daily timer ran for; nothing keeps it from standing here twice."""

    __tablename__ = "days"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    day: Mapped[date] = mapped_column(Date)


class HeardRow(ToyTable):
    """A fact the reader took in; nothing but the inbox keeps it from standing here twice."""

    __tablename__ = "heard"
    __table_args__ = (CheckConstraint("amount >= 0", name="amount"),)

    seq: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    note: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(String(200))
    amount: Mapped[Decimal] = mapped_column(Numeric(14, 2))


class PositionRow(ToyTable):
    """The newest position of an account the reader knows; on hold where a newer one could not be read."""

    __tablename__ = "positions"

    account: Mapped[str] = mapped_column(String(80), primary_key=True)
    epoch: Mapped[int]
    version: Mapped[int]
    balance: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    hold: Mapped[bool]


class CustomerRow(ToyTable):
    """A customer with his rep."""

    __tablename__ = "customers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    rep: Mapped[str] = mapped_column(String(80), index=True)


class Status(StrEnum):
    """How far an order has come."""

    OPEN = "open"
    DONE = "done"


class OrderRow(ToyTable):
    """An order of a customer: `tons` for `value` yuan, to be delivered on a day where one was agreed."""

    __tablename__ = "orders"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(64), unique=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    status: Mapped[Status] = mapped_column(one_of(Status))
    tons: Mapped[Decimal] = mapped_column(TONS)
    value: Mapped[Decimal] = mapped_column(YUAN)
    deliver_on: Mapped[date | None] = mapped_column(Date)
    ordered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
