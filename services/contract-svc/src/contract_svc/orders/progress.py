"""How far order lines and contract lines have come: ordered, released, shipped, returned; tons, added up when asked."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Select, func, select

from contract_svc.orders.store import OrderLine, ReleasedLine, ReturnedLine, ShippedLine
from fangxing.database import Tx

NOTHING = Decimal("0.000")


@dataclass(slots=True)
class Progress:
    """Tons. `released` is released and not yet shipped; `returned` is what quality accepted back of `shipped`."""

    ordered: Decimal = NOTHING
    released: Decimal = NOTHING
    shipped: Decimal = NOTHING
    returned: Decimal = NOTHING

    def add(self, other: "Progress") -> None:
        """Add `other`'s tons."""
        self.ordered += other.ordered
        self.released += other.released
        self.shipped += other.shipped
        self.returned += other.returned


async def ordered_by_line(tx: Tx, contract_line_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """The tons called off of each contract line; lines without a call-off are left out."""
    rows = await tx.execute(
        select(OrderLine.contract_line_id, func.sum(OrderLine.tons))
        .where(OrderLine.contract_line_id.in_(contract_line_ids))
        .group_by(OrderLine.contract_line_id)
    )
    return {row[0]: row[1] for row in rows}


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
        found[line.contract_line_id].add(by_order_line[line.id])
    return found


async def of_order_lines(tx: Tx, order_line_ids: Collection[UUID]) -> dict[UUID, Progress]:
    """The progress of each order line."""
    found: dict[UUID, Progress] = defaultdict(Progress)
    if not order_line_ids:
        return found
    ordered = select(OrderLine.id, OrderLine.tons).where(OrderLine.id.in_(order_line_ids))
    for line, tons in await tx.execute(ordered):
        found[line].ordered = tons
    for line, tons in await tx.execute(_released(order_line_ids)):
        found[line].released = tons
    shipped = (
        select(ShippedLine.order_line_id, func.sum(ShippedLine.tons))
        .where(ShippedLine.order_line_id.in_(order_line_ids))
        .group_by(ShippedLine.order_line_id)
    )
    for line, tons in await tx.execute(shipped):
        found[line].shipped = tons
    returned = (
        select(ShippedLine.order_line_id, func.sum(ReturnedLine.tons))
        .join(
            ReturnedLine,
            (ReturnedLine.delivery_note_id == ShippedLine.delivery_note_id) & (ReturnedLine.line == ShippedLine.line),
        )
        .where(ShippedLine.order_line_id.in_(order_line_ids))
        .group_by(ShippedLine.order_line_id)
    )
    for line, tons in await tx.execute(returned):
        found[line].returned = tons
    return found


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
