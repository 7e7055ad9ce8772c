"""HTTP of the notices."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fangxing import approvals
from fangxing.approvals import ApprovalCase, Decide
from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.money import PositiveTons, Tons, Yuan
from fangxing.roles import Role
from fangxing.text import Language, Paragraph
from fangxing.verdicts import localized
from fangxing.web.access import allow
from fangxing.web.edge import Caller, CallerLanguage, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page
from shipping_svc.notices import filing, service
from shipping_svc.notices.store import Notice
from shipping_svc.orders.store import Customer

router = edge_router("notices", "/notices")

READERS = (
    Role.SALES_REP,
    Role.SALES_MANAGER,
    Role.GENERAL_MANAGER,
    Role.FINANCE_MANAGER,
    Role.ACCOUNTANT,
    Role.WAREHOUSE_KEEPER,
    Role.WAREHOUSE_SUPERVISOR,
    Role.GATE_GUARD,
    Role.AUDIT_MANAGER,
)


class NoticeLineIn(BaseModel):
    """Tons of one order line."""

    model_config = ConfigDict(extra="forbid")
    order_line_id: UUID
    tons: PositiveTons


class FileNotice(BaseModel):
    """A shipping notice 发货通知单, three days ahead or with the reason why not (5-4.2.1-A)."""

    model_config = ConfigDict(extra="forbid")
    order_id: UUID
    kind: Literal["regular", "prepaid"]
    ship_on: date
    lines: list[NoticeLineIn] = Field(min_length=1, max_length=100)
    short_notice_reason: Paragraph | None = None


class OverdueReason(BaseModel):
    """Why the customer is late."""

    model_config = ConfigDict(extra="forbid")
    reason: Paragraph


class NoticeLineOut(BaseModel):
    """A line of a notice."""

    order_line_id: UUID
    product_id: UUID
    product_name: str
    tons: Tons
    most_tons: Tons
    loaded_tons: Tons
    price_per_ton: Yuan
    value: Yuan


class NoticeRow(BaseModel):
    """A notice in a list."""

    id: UUID
    number: str
    order_id: UUID
    customer_id: UUID
    account_id: UUID
    kind: str
    value: Yuan
    ship_on: date
    short_notice: bool
    status: str
    road: str | None
    created_by: str
    created_at: datetime


class NoticeOut(NoticeRow):
    """A notice with its lines, the last verdict in the caller's language, and its approval."""

    short_notice_reason: str | None
    overdue_reason: str | None
    reviewed_by: str | None
    reserved_credit: Yuan
    reserved_prepaid: Yuan
    verdict: dict[str, Any] | None
    verdict_hash: str | None
    lines: list[NoticeLineOut]
    approval: dict[str, Any] | None


async def _out(tx: Tx, notice: Notice, language: Language) -> NoticeOut:
    await tx.flush()
    case = await tx.scalar(
        select(ApprovalCase).where(ApprovalCase.document == notice.document).order_by(ApprovalCase.id.desc()).limit(1)
    )
    return shape(notice, case, language)


def shape(notice: Notice, case: ApprovalCase | None, language: Language) -> NoticeOut:
    """The notice as it is shown."""
    plain = {name: getattr(notice, name) for name in NoticeOut.model_fields if name not in _DERIVED}
    return NoticeOut(
        verdict=localized(notice.verdict, language) if notice.verdict else None,
        lines=[NoticeLineOut.model_validate(line, from_attributes=True) for line in notice.lines],
        approval=approvals.summary(case) if case else None,
        **plain,
    )


_DERIVED = frozenset({"verdict", "lines", "approval"})


@router.post("", status_code=201)
@allow(Role.SALES_REP)
async def file_notice(body: FileNotice, work: CurrentWork, language: CallerLanguage) -> NoticeOut:
    """File a notice; where every road is closed the answer is a refusal with what would make it pass."""
    tons: dict[UUID, Any] = {}
    for line in body.lines:
        if line.order_line_id in tons:
            raise filing.ORDER_LINE_NOT_FOUND(line=line.order_line_id)
        tons[line.order_line_id] = line.tons
    notice = await filing.file_notice(
        work,
        order_id=body.order_id,
        kind=body.kind,
        ship_on=body.ship_on,
        tons_by_line=tons,
        short_notice_reason=body.short_notice_reason,
    )
    return await _out(work.tx, notice, language)


@router.get("")
@allow(*READERS)
async def list_notices(
    reader: CurrentReader,
    caller: Caller,
    status: str | None = None,
    customer_id: UUID | None = None,
    short_notice: bool | None = None,
    ship_from: date | None = None,
    ship_to: date | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[NoticeRow]:
    """Notices, newest first; a rep sees those of his customers."""
    statement = select(Notice.__table__)
    if caller.only_own_customers:
        statement = statement.join(Customer, Customer.id == Notice.customer_id).where(Customer.rep == caller.id)
    exact = ((Notice.status, status), (Notice.customer_id, customer_id), (Notice.short_notice, short_notice))
    statement = statement.where(*[column == given for column, given in exact if given is not None])
    if ship_from is not None:
        statement = statement.where(Notice.ship_on >= ship_from)
    if ship_to is not None:
        statement = statement.where(Notice.ship_on <= ship_to)
    return await page(
        reader,
        statement,
        lambda row: NoticeRow.model_validate(dict(row)),
        sorts={"ship_on": Notice.ship_on, "number": Notice.number},
        id=Notice.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.get("/{notice_id}")
@allow(*READERS)
async def get_notice(notice_id: UUID, caller: Caller, reader: CurrentReader, language: CallerLanguage) -> NoticeOut:
    """One notice."""
    async with AsyncSession(reader) as tx:
        notice = await tx.get(Notice, notice_id)
        if notice is None or not await _may_read(tx, notice, caller):
            raise service.NOTICE_NOT_FOUND(notice=notice_id)
        return await _out(tx, notice, language)


async def _may_read(tx: Tx, notice: Notice, caller: Principal) -> bool:
    if not caller.only_own_customers:
        return True
    customer = await tx.get(Customer, notice.customer_id)
    return customer is not None and customer.rep == caller.id


@router.post("/{notice_id}/finance-review")
@allow(Role.ACCOUNTANT)
async def finance_review(notice_id: UUID, work: CurrentWork, language: CallerLanguage) -> NoticeOut:
    """Confirm the figures and with them the road (5-4.2.1-B)."""
    return await _out(work.tx, await service.review(work, notice_id), language)


@router.post("/{notice_id}/overdue-reason")
@allow(Role.SALES_REP)
async def give_overdue_reason(
    notice_id: UUID, body: OverdueReason, work: CurrentWork, language: CallerLanguage
) -> NoticeOut:
    """Give the reason for the overdue amount (5-4.2.1-C)."""
    return await _out(work.tx, await service.give_overdue_reason(work, notice_id, body.reason), language)


@router.post("/{notice_id}/decisions")
@allow(Role.SALES_MANAGER, Role.GENERAL_MANAGER)
async def decide(notice_id: UUID, body: Decide, work: CurrentWork, language: CallerLanguage) -> NoticeOut:
    """Decide the current step; the last yes releases, or the verdict names the road it takes now."""
    notice, case = await service.decide(work, notice_id, body.decision, seen_hash=body.seen_hash, comment=body.comment)
    return shape(notice, case, language)


@router.post("/{notice_id}/cancellation")
@allow(Role.SALES_REP, Role.SALES_MANAGER)
async def cancel(notice_id: UUID, work: CurrentWork, language: CallerLanguage) -> NoticeOut:
    """Cancel a notice nothing was loaded on."""
    return await _out(work.tx, await service.cancel(work, notice_id), language)
