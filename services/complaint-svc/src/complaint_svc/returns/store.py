"""Tables of the returns feature, and what is read of them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    func,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from complaint_svc.reference.store import Customer, Goods
from complaint_svc.returns.rules import (
    FINAL,
    HOLDING,
    MOVES,
    NO_TONS,
    OPEN,
    Claimed,
    Result,
    ReturnedLine,
    ReturnStatus,
)
from complaint_svc.returns.words import WORDS
from complaint_svc.tables import Table
from fangxing.database import Tx
from fangxing.database.types import TONS, YUAN, one_of
from fangxing.documents import Documented


class ReturnLine(Goods, Table):
    """One line of a return, against one line of its delivery note.

    `tons` and `value` are what is proposed and approved; `received_tons` by the warehouse; `accepted_tons` and
    `accepted_value` by quality.
    """

    __tablename__ = "return_lines"
    __table_args__ = (
        ForeignKeyConstraint(
            ["delivery_note_id", "line"],
            ["delivery_lines.delivery_note_id", "delivery_lines.line"],
            name="fk_return_lines_delivery_line",
        ),
        CheckConstraint("tons > 0", name="tons"),
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint("received_tons BETWEEN 0 AND tons", name="received"),
        CheckConstraint("accepted_tons BETWEEN 0 AND received_tons", name="accepted"),
        CheckConstraint("accepted_value BETWEEN 0 AND value", name="accepted_value"),
        Index("ix_return_lines_delivery_line", "delivery_note_id", "line"),
        Index("ix_return_lines_lot", "lot", "return_id"),
    )

    return_id: Mapped[UUID] = mapped_column(ForeignKey("returns.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    delivery_note_id: Mapped[UUID]
    received_tons: Mapped[Decimal | None] = mapped_column(TONS)
    accepted_tons: Mapped[Decimal | None] = mapped_column(TONS)
    accepted_value: Mapped[Decimal | None] = mapped_column(YUAN)

    @property
    def approved(self) -> ReturnedLine:
        """The line as the rules judge it."""
        return ReturnedLine(self.line, self.tons, self.price_per_ton, self.value, self.received_tons or NO_TONS)


class Return(Documented, Table):
    """A return against one delivery note, proposed by the handling `handling_id` of its complaint."""

    __tablename__ = "returns"
    document_kind, moves, final, words = "return", MOVES, FINAL, WORDS
    number_in = "number"
    amount_in = "value"
    __table_args__ = (
        CheckConstraint(f"(status = '{ReturnStatus.INSPECTED}') = (result IS NOT NULL)", name="inspected_has_result"),
        Index("ix_returns_number", "number", postgresql_ops={"number": "text_pattern_ops"}),
        Index("ix_returns_complaint", "complaint_id", "id"),
        Index("ix_returns_customer", "customer_id", "id"),
        Index("ix_returns_delivery_note", "delivery_note_id", "id"),
        Index("ix_returns_status", "status", "id"),
        Index("ix_returns_value", "value", "id"),
    )

    number: Mapped[str] = mapped_column(String(80), unique=True)
    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaints.id"))
    handling_id: Mapped[UUID] = mapped_column(ForeignKey("complaint_handlings.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    account_id: Mapped[UUID]
    delivery_note_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_notes.id"))
    status: Mapped[ReturnStatus] = mapped_column(one_of(ReturnStatus))
    value: Mapped[Decimal] = mapped_column(YUAN)
    approved_on: Mapped[date | None] = mapped_column(Date)
    received_on: Mapped[date | None] = mapped_column(Date)
    received_by: Mapped[str | None] = mapped_column(String(80))
    receipt_note: Mapped[str | None] = mapped_column(Text)
    inspected_on: Mapped[date | None] = mapped_column(Date)
    inspected_by: Mapped[str | None] = mapped_column(String(80))
    result: Mapped[Result | None] = mapped_column(one_of(Result))
    findings: Mapped[str | None] = mapped_column(Text)
    accepted_value: Mapped[Decimal | None] = mapped_column(YUAN)
    cancelled_on: Mapped[date | None] = mapped_column(Date)
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    customer: Mapped[Customer] = relationship(lazy="selectin")
    lines: Mapped[list[ReturnLine]] = relationship(order_by=ReturnLine.line, lazy="selectin")


async def claimed_of(tx: Tx, note_id: UUID) -> dict[int, Claimed]:
    """What returns hold of each line of a delivery note; lines nothing is held of are left out."""
    rows = await tx.execute(
        select(
            ReturnLine.line,
            func.sum(func.coalesce(ReturnLine.accepted_tons, ReturnLine.tons)),
            func.sum(func.coalesce(ReturnLine.accepted_value, ReturnLine.value)),
        )
        .join(Return, Return.id == ReturnLine.return_id)
        .where(ReturnLine.delivery_note_id == note_id, Return.status.in_(HOLDING))
        .group_by(ReturnLine.line)
    )
    return {line: Claimed(tons, value) for line, tons, value in rows}


async def count_returns(tx: Tx, complaint_id: UUID) -> int:
    """How many returns a complaint has, whatever became of them."""
    return await tx.scalar(select(func.count()).where(Return.complaint_id == complaint_id)) or 0


async def open_returns(tx: Tx, complaint_id: UUID) -> Sequence[str]:
    """The numbers of a complaint's returns that are still under way."""
    numbers = await tx.scalars(
        select(Return.number)
        .where(Return.complaint_id == complaint_id, Return.status.in_(OPEN))
        .order_by(Return.number)
    )
    return numbers.all()


async def lock_proposed(tx: Tx, handling_id: UUID) -> Sequence[Return]:
    """The returns a handling proposes, their rows locked, oldest first."""
    returns = await tx.scalars(
        select(Return)
        .where(Return.handling_id == handling_id, Return.status == ReturnStatus.PROPOSED)
        .order_by(Return.id)
        .with_for_update()
    )
    return returns.all()
