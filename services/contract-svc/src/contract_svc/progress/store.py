"""Tables of what was ordered and of what shipping and complaints reported about it, added up when asked.

The lines of orders stand here and not with the orders, because contracts show how far their lines have come.
"""

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, Select, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from contract_svc.progress.rules import NO_TONS, Progress
from contract_svc.tables import Table
from fangxing.database import Tx
from fangxing.database.types import TONS


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


async def ordered_of(tx: Tx, contract_line_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """The tons called off of each contract line; lines without a call-off are left out."""
    return await _sums(
        tx,
        select(OrderLine.contract_line_id, func.sum(OrderLine.tons))
        .where(OrderLine.contract_line_id.in_(contract_line_ids))
        .group_by(OrderLine.contract_line_id),
    )


async def of_contract_lines(tx: Tx, contract_line_ids: Collection[UUID]) -> dict[UUID, Progress]:
    """The progress of each contract line, over all its orders."""
    lines = (
        await tx.execute(
            select(OrderLine.id, OrderLine.contract_line_id).where(OrderLine.contract_line_id.in_(contract_line_ids))
        )
    ).all()
    by_order_line = await of_order_lines(tx, [line.id for line in lines])
    found: dict[UUID, Progress] = defaultdict(Progress)
    for line in lines:
        found[line.contract_line_id] += by_order_line[line.id]
    return found


async def of_order_lines(tx: Tx, order_line_ids: Collection[UUID]) -> dict[UUID, Progress]:
    """The progress of each order line."""
    if not order_line_ids:
        return {}
    ordered = await _sums(tx, select(OrderLine.id, OrderLine.tons).where(OrderLine.id.in_(order_line_ids)))
    released = await _sums(tx, _released(order_line_ids))
    shipped = await _sums(tx, _shipped(order_line_ids))
    returned = await _sums(tx, _returned(order_line_ids))
    return {
        line: Progress(
            ordered=ordered.get(line, NO_TONS),
            released=released.get(line, NO_TONS),
            shipped=shipped.get(line, NO_TONS),
            returned=returned.get(line, NO_TONS),
        )
        for line in order_line_ids
    }


async def _sums(tx: Tx, statement: Select[UUID, Decimal]) -> dict[UUID, Decimal]:
    return {line: tons for line, tons in await tx.execute(statement)}


def _released(order_line_ids: Collection[UUID]) -> Select[UUID, Decimal]:
    """Per order line what open notices still reserve: each notice's tons less what was shipped on it."""
    shipped = (
        select(func.coalesce(func.sum(ShippedLine.tons), 0))
        .where(
            ShippedLine.notice_id == ReleasedLine.notice_id,
            ShippedLine.order_line_id == ReleasedLine.order_line_id,
        )
        .scalar_subquery()
    )
    return (
        select(ReleasedLine.order_line_id, func.sum(func.greatest(ReleasedLine.tons - shipped, 0)))
        .where(ReleasedLine.open, ReleasedLine.order_line_id.in_(order_line_ids))
        .group_by(ReleasedLine.order_line_id)
    )


def _shipped(order_line_ids: Collection[UUID]) -> Select[UUID, Decimal]:
    return (
        select(ShippedLine.order_line_id, func.sum(ShippedLine.tons))
        .where(ShippedLine.order_line_id.in_(order_line_ids))
        .group_by(ShippedLine.order_line_id)
    )


def _returned(order_line_ids: Collection[UUID]) -> Select[UUID, Decimal]:
    return (
        select(ShippedLine.order_line_id, func.sum(ReturnedLine.tons))
        .join(
            ReturnedLine,
            (ReturnedLine.delivery_note_id == ShippedLine.delivery_note_id) & (ReturnedLine.line == ShippedLine.line),
        )
        .where(ShippedLine.order_line_id.in_(order_line_ids))
        .group_by(ShippedLine.order_line_id)
    )
