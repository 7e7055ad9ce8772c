"""What the progress of lines is made of: releases and shipments from shipping-svc, returns from complaint-svc.

Each report is kept as its own rows and nothing is added up here, so that the order in which reports about different
documents arrive makes no difference.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from contract_svc.progress.store import ReleasedLine, ReturnedLine, ShippedLine
from contract_svc.tables import Table
from fangxing.inbox import Consumers, Incoming
from fangxing.money import Tons
from fangxing.work import Work

_Key = TypeVar("_Key", bound=Hashable)


class NoticeLine(BaseModel):
    """A line of a notice; goods that are on no order have no order line."""

    order_line_id: UUID | None = None
    tons: Tons


class ShipmentReleased(Incoming):
    """A notice was released."""

    notice_id: UUID
    lines: list[NoticeLine]


class ReleaseEnded(Incoming):
    """A release was cancelled, or closed before all was loaded."""

    notice_id: UUID


class NoteLine(NoticeLine):
    """A line of a delivery note."""

    line: int


class ShipmentShipped(Incoming):
    """Goods were loaded and signed for: a delivery note exists."""

    delivery_note_id: UUID
    notice_id: UUID
    lines: list[NoteLine]


class AcceptedLine(BaseModel):
    """What of a delivery note's line quality accepted back."""

    line: int
    tons: Tons


class ReturnInspected(Incoming):
    """Returned goods were inspected; the lines are what was accepted."""

    return_id: UUID
    delivery_note_id: UUID
    lines: list[AcceptedLine]


def _summed(pairs: Iterable[tuple[_Key, Decimal]]) -> dict[_Key, Decimal]:
    sums: dict[_Key, Decimal] = defaultdict(Decimal)
    for key, tons in pairs:
        sums[key] += tons
    return sums


async def keep_release(work: Work, event: ShipmentReleased) -> None:
    """Keep what the notice reserves of each order line."""
    tons_of = _summed((line.order_line_id, line.tons) for line in event.lines if line.order_line_id)
    for order_line_id, tons in tons_of.items():
        changed = {"tons": tons, "open": True}
        await work.tx.execute(
            pg_insert(ReleasedLine)
            .values(notice_id=event.notice_id, order_line_id=order_line_id, **changed)
            .on_conflict_do_update(index_elements=["notice_id", "order_line_id"], set_=changed)
        )


async def end_release(work: Work, event: ReleaseEnded) -> None:
    """What the notice still reserved is free again."""
    await work.tx.execute(
        update(ReleasedLine)
        .where(ReleasedLine.notice_id == event.notice_id)
        .values(open=False)
        .execution_options(synchronize_session=False)
    )


async def keep_shipment(work: Work, event: ShipmentShipped) -> None:
    """Keep the delivery note's lines."""
    note = {"delivery_note_id": event.delivery_note_id, "notice_id": event.notice_id}
    await _keep(work, ShippedLine, [{**note, **line.model_dump()} for line in event.lines if line.order_line_id])


async def keep_return(work: Work, event: ReturnInspected) -> None:
    """Keep what was accepted back of each line of the delivery note."""
    tons_of = _summed((line.line, line.tons) for line in event.lines)
    back = {"return_id": event.return_id, "delivery_note_id": event.delivery_note_id}
    await _keep(work, ReturnedLine, [{**back, "line": line, "tons": tons} for line, tons in tons_of.items()])


async def _keep(work: Work, table: type[Table], rows: list[dict[str, Any]]) -> None:
    """Add the rows that are not there yet: what is reported again says the same."""
    if rows:
        await work.tx.execute(pg_insert(table).values(rows).on_conflict_do_nothing())


consumers = Consumers()
consumers.on("shipping.ShipmentReleased.v1", ShipmentReleased, keep_release)
consumers.on("shipping.ReleaseCancelled.v1", ReleaseEnded, end_release)
consumers.on("shipping.ShipmentShipped.v1", ShipmentShipped, keep_shipment)
consumers.on("complaint.ReturnInspected.v1", ReturnInspected, keep_return)
