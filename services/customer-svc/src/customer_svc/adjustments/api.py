"""HTTP of the adjustments, and of the open items they adjust."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query

from customer_svc.accounts.rules import ItemKind, Side
from customer_svc.accounts.store import Item
from customer_svc.adjustments import adjusting
from customer_svc.adjustments.rules import MOVES, AdjustmentAction, AdjustmentKind, AdjustmentStatus
from customer_svc.adjustments.shapes import (
    AdjustmentLine,
    AdjustmentOut,
    CancelAdjustment,
    FileAdjustment,
    ItemOut,
)
from customer_svc.adjustments.store import ADJUSTMENT_ROWS, ITEM_ROWS, Adjustment
from customer_svc.customers.access import OVERSEERS, OWN_CUSTOMERS
from fangxing import approvals
from fangxing.answers import ApprovalOut, HistoryOut
from fangxing.approvals import Decide
from fangxing.offers import possible_actions
from fangxing.policies import PolicyBook
from fangxing.web.access import allow
from fangxing.web.edge import CurrentLook, CurrentPolicies, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.history import history_of
from fangxing.web.listing import By, File, Is, Listing, ListQuery, Page, Where
from fangxing.work import Look, Work

router = edge_router("adjustments")


class AdjustmentQuery(ListQuery):
    """What the list of adjustments can be asked."""

    sort: Annotated[str, By(Adjustment.amount)] = "-id"
    kind: Annotated[AdjustmentKind | None, Is(Adjustment.kind)] = None
    status: Annotated[AdjustmentStatus | None, Is(Adjustment.status)] = None
    customer_id: Annotated[UUID | None, Is(Adjustment.customer_id)] = None


class ItemQuery(ListQuery):
    """What the list of items can be asked; with `is_open` what is not used, paid or given back yet."""

    sort: Annotated[str, By(Item.due_on)] = "-id"
    customer_id: Annotated[UUID | None, Is(Item.customer_id)] = None
    document_id: Annotated[UUID | None, Is(Item.document_id)] = None
    kind: Annotated[ItemKind | None, Is(Item.kind)] = None
    side: Annotated[Side | None, Is(Item.side)] = None
    is_open: Annotated[bool | None, Where(lambda is_open: (Item.open_amount > 0) == is_open)] = None
    due_before: Annotated[date | None, Where(lambda day: Item.due_on < day)] = None


ADJUSTMENTS = Listing(
    AdjustmentLine, AdjustmentQuery, ADJUSTMENT_ROWS, id=Adjustment.id, scope=OWN_CUSTOMERS, name="adjustments"
)
ITEMS = Listing(ItemOut, ItemQuery, ITEM_ROWS, id=Item.id, scope=OWN_CUSTOMERS, name="open_items")


async def _show(look: Look, adjustment_id: UUID, book: PolicyBook) -> AdjustmentOut:
    line = await ADJUSTMENTS.one(look, adjustment_id, Adjustment.not_found(adjustment_id))
    document = Adjustment.named(adjustment_id)
    case = (await approvals.read_latest(look.reader, [document]))[document]
    possible = await possible_actions(look, Adjustment, adjustment_id, book)
    return AdjustmentOut.model_validate({**dict(line), "approval": ApprovalOut.show(case), "actions": possible})


async def _changed(work: Work, adjustment: Adjustment) -> AdjustmentOut:
    return await _show(await work.look(), adjustment.id, await work.policies())


@router.get("/items")
@allow(*OVERSEERS)
async def list_items(look: CurrentLook, query: Annotated[ItemQuery, Query()]) -> Page[ItemOut] | File:
    """Open items 未清项, newest first."""
    return await ITEMS.page(look, query)


@router.post("/adjustments", status_code=201)
@allow(MOVES[AdjustmentAction.FILE])
async def file_adjustment(body: FileAdjustment, work: CurrentWork) -> AdjustmentOut:
    """File a refund, a write-off or a rounding difference."""
    return await _changed(work, await adjusting.file_adjustment(work, body))


@router.get("/adjustments")
@allow(*OVERSEERS)
async def list_adjustments(
    look: CurrentLook, query: Annotated[AdjustmentQuery, Query()]
) -> Page[AdjustmentLine] | File:
    """Adjustments, newest first."""
    return await ADJUSTMENTS.page(look, query)


@router.get("/adjustments/{adjustment_id}")
@allow(*OVERSEERS)
async def get_adjustment(adjustment_id: UUID, look: CurrentLook, book: CurrentPolicies) -> AdjustmentOut:
    """One adjustment with its approval."""
    return await _show(look, adjustment_id, book)


@router.get("/adjustments/{adjustment_id}/history")
@allow(*OVERSEERS)
async def get_adjustment_history(adjustment_id: UUID, look: CurrentLook) -> list[HistoryOut]:
    """Who did what with the adjustment, oldest first."""
    return await history_of(look, ADJUSTMENTS, Adjustment, adjustment_id)


@router.post("/adjustments/{adjustment_id}/decisions")
@allow(MOVES[AdjustmentAction.DECIDE])
async def decide(adjustment_id: UUID, body: Decide, work: CurrentWork) -> AdjustmentOut:
    """Approve, reject or return the current step."""
    return await _changed(work, await adjusting.decide(work, adjustment_id, body))


@router.post("/adjustments/{adjustment_id}/cancellation")
@allow(MOVES[AdjustmentAction.CANCEL])
async def cancel_adjustment(adjustment_id: UUID, body: CancelAdjustment, work: CurrentWork) -> AdjustmentOut:
    """Take an adjustment back."""
    return await _changed(work, await adjusting.cancel_adjustment(work, adjustment_id, body))
