"""HTTP of the notices."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from fangxing import approvals
from fangxing.approvals import Decide
from fangxing.database import reading
from fangxing.roles import Role
from fangxing.web.access import allow
from fangxing.web.edge import Caller, CallerLanguage, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page
from shipping_svc.notices import deciding, filing, reviewing, submitting
from shipping_svc.notices.access import READERS, notice_seen_by
from shipping_svc.notices.rules import Status
from shipping_svc.notices.shapes import FileNotice, NoticeOut, NoticeRow, OverdueReason
from shipping_svc.notices.store import Notice, approval_of
from shipping_svc.reference.access import seen_by

router = edge_router("notices", "/notices")


@router.post("", status_code=201)
@allow(Role.SALES_REP)
async def file_notice(body: FileNotice, work: CurrentWork, language: CallerLanguage) -> NoticeOut:
    """File a notice; where every road is closed the answer is a refusal with what would make it pass."""
    notice = await filing.file_notice(work, body)
    return NoticeOut.show(notice, await approval_of(work.tx, notice), language)


@router.get("")
@allow(*READERS)
async def list_notices(
    reader: CurrentReader,
    caller: Caller,
    status: Status | None = None,
    customer_id: UUID | None = None,
    short_notice: bool | None = None,
    ship_from: date | None = None,
    ship_to: date | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[NoticeRow]:
    """Notices, newest first; a rep sees those of his customers."""
    statement = seen_by(caller, select(Notice.__table__), Notice.customer_id)
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
    """One notice; a rep sees those of his customers."""
    async with reading(reader) as tx:
        notice = await notice_seen_by(tx, caller, notice_id)
        return NoticeOut.show(notice, await approval_of(tx, notice), language)


@router.post("/{notice_id}/finance-review")
@allow(Role.ACCOUNTANT)
async def finance_review(notice_id: UUID, work: CurrentWork, language: CallerLanguage) -> NoticeOut:
    """Confirm the figures and with them the road (5-4.2.1-B)."""
    notice = await reviewing.review_notice(work, notice_id)
    return NoticeOut.show(notice, await approval_of(work.tx, notice), language)


@router.post("/{notice_id}/overdue-reason")
@allow(Role.SALES_REP)
async def give_overdue_reason(
    notice_id: UUID, body: OverdueReason, work: CurrentWork, language: CallerLanguage
) -> NoticeOut:
    """Give the reason for the overdue amount (5-4.2.1-C)."""
    notice = await submitting.give_overdue_reason(work, notice_id, body)
    return NoticeOut.show(notice, await approval_of(work.tx, notice), language)


@router.post("/{notice_id}/decisions")
@allow(Role.SALES_MANAGER, Role.GENERAL_MANAGER)
async def decide(notice_id: UUID, body: Decide, work: CurrentWork, language: CallerLanguage) -> NoticeOut:
    """Decide the current step; the last yes releases, or the verdict names the road it takes now."""
    notice, case = await deciding.decide_notice(
        work, notice_id, body.decision, seen_hash=body.seen_hash, comment=body.comment
    )
    return NoticeOut.show(notice, approvals.summary(case), language)
