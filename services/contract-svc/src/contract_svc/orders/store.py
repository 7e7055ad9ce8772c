"""Tables of the orders feature: orders, and what shipping and complaints reported about their lines."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Sequence,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contract_svc.tables import TONS, Table
from fangxing.outbox import Documented

ORDER_NUMBERS = Sequence("order_numbers", metadata=Table.metadata)
"""Numbers the orders; one that is drawn by a transaction that fails stays a gap."""


class OrderLine(Table):
    """One line of an order: tons of a contract line."""

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("order_id", "number"),
        CheckConstraint("tons > 0", name="positive"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    number: Mapped[int] = mapped_column(Integer)
    contract_line_id: Mapped[UUID] = mapped_column(ForeignKey("contract_lines.id"), index=True)
    tons: Mapped[Decimal] = mapped_column(TONS)


class Order(Documented, Table):
    """An order 订单: a confirmed call-off on a contract."""

    __tablename__ = "orders"
    __table_args__ = (
        Index("ix_orders_contract", "contract_id", "id"),
        Index("ix_orders_customer", "customer_id", "id"),
        Index("ix_orders_deliver_on", "deliver_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contracts.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    deliver_on: Mapped[date] = mapped_column(Date)
    ordered_by: Mapped[str] = mapped_column(String(80))
    ordered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    lines: Mapped[list[OrderLine]] = relationship(order_by=OrderLine.number, lazy="selectin")

    @property
    def document(self) -> str:
        """The order's name as a document, in events and verdicts."""
        return f"order/{self.id}"


class ReleasedLine(Table):
    """Tons of an order line that a notice 发货通知单 released; `open` until the notice is cancelled or expires."""

    __tablename__ = "released_lines"

    notice_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_line_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    tons: Mapped[Decimal] = mapped_column(TONS)
    open: Mapped[bool] = mapped_column(Boolean)


class ShippedLine(Table):
    """One line of a delivery note 送货单."""

    __tablename__ = "shipped_lines"
    __table_args__ = (Index("ix_shipped_lines_notice", "notice_id", "order_line_id"),)

    delivery_note_id: Mapped[UUID] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    notice_id: Mapped[UUID]
    order_line_id: Mapped[UUID] = mapped_column(index=True)
    tons: Mapped[Decimal] = mapped_column(TONS)


class ReturnedLine(Table):
    """Accepted tons of one line of a delivery note that came back. It may be heard of before the delivery note."""

    __tablename__ = "returned_lines"
    __table_args__ = (Index("ix_returned_lines_note", "delivery_note_id", "line"),)

    return_id: Mapped[UUID] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    delivery_note_id: Mapped[UUID]
    tons: Mapped[Decimal] = mapped_column(TONS)
