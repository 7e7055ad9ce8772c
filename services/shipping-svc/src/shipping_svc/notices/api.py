"""HTTP of the notices."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import select

from fangxing import approvals
from fangxing.answers import HistoryOut
from fangxing.approvals import Decide
from fangxing.database import reading
from fangxing.offers import actions
from fangxing.organisation.people import name_of
from fangxing.text import Line
from fangxing.web.access import allow
from fangxing.web.edge import CallerLanguage, CurrentLook, CurrentPolicies, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.history import history_of
from fangxing.web.listing import By, File, From, Has, Is, Listing, ListQuery, Page, To
from shipping_svc.notices import deciding, filing, reviewing, submitting
from shipping_svc.notices.access import READERS
from shipping_svc.notices.reading import read_notice
from shipping_svc.notices.rules import MOVES, NoticeAction, NoticeStatus
from shipping_svc.notices.shapes import FileNotice, JudgedNotice, NoticeOut, NoticeRow, OverdueReason
from shipping_svc.notices.store import Notice, approval_of
from shipping_svc.reference.access import CUSTOMERS
from shipping_svc.reference.store import Customer

router = edge_router("notices", "/notices")


class NoticeQuery(ListQuery):
    """What the list of notices can be asked."""

    sort: Annotated[str, By(Notice.ship_on, Notice.number)] = "-id"
    status: Annotated[NoticeStatus | None, Is(Notice.status)] = None
    customer_id: Annotated[UUID | None, Is(Notice.customer_id)] = None
    short_notice: Annotated[bool | None, Is(Notice.short_notice)] = None
    ship_from: Annotated[date | None, From(Notice.ship_on)] = None
    ship_to: Annotated[date | None, To(Notice.ship_on)] = None
    search: Annotated[Line | None, Has(number=Notice.number, customer=Notice.customer_id)] = None


NOTICES = Listing(
    NoticeRow,
    NoticeQuery,
    select(
        Notice.__table__, Customer.name.label("customer_name"), name_of(Notice.author).label("author_name")
    ).join_from(Notice, Customer),
    id=Notice.id,
    scope=CUSTOMERS,
)


@router.post("", status_code=201)
@allow(MOVES[NoticeAction.FILE])
async def file_notice(body: FileNotice, work: CurrentWork, language: CallerLanguage) -> JudgedNotice:
    """File a notice; where every road is closed the answer is a refusal with what would make it pass."""
    return await read_notice(work, await filing.file_notice(work, body), language)


@router.get("")
@allow(*READERS)
async def list_notices(look: CurrentLook, query: Annotated[NoticeQuery, Query()]) -> Page[NoticeRow] | File:
    """Notices, newest first; a rep sees those of his customers."""
    return await NOTICES.page(look, query)


@router.get("/{notice_id}")
@allow(*READERS)
async def get_notice(notice_id: UUID, look: CurrentLook, book: CurrentPolicies) -> NoticeOut:
    """One notice; a rep sees those of his customers."""
    await NOTICES.check(look, notice_id, Notice.not_found(notice_id))
    async with reading(look.reader) as tx:
        notice = await tx.get_one(Notice, notice_id)
        approval = await approval_of(tx, notice)
        possible = await actions(tx, notice, look.caller, book)
    return NoticeOut.show(notice, approval, possible, look.language)


@router.get("/{notice_id}/history")
@allow(*READERS)
async def get_notice_history(notice_id: UUID, look: CurrentLook) -> list[HistoryOut]:
    """What was done with a notice, by whom and when, oldest first."""
    return await history_of(look, NOTICES, Notice, notice_id)


@router.post("/{notice_id}/finance-review")
@allow(MOVES[NoticeAction.REVIEW])
async def finance_review(notice_id: UUID, work: CurrentWork, language: CallerLanguage) -> JudgedNotice:
    """Confirm the figures and with them the road (5-4.2.1-B)."""
    return await read_notice(work, await reviewing.review_notice(work, notice_id), language)


@router.post("/{notice_id}/overdue-reason")
@allow(MOVES[NoticeAction.GIVE_REASON])
async def give_overdue_reason(
    notice_id: UUID, body: OverdueReason, work: CurrentWork, language: CallerLanguage
) -> JudgedNotice:
    """Give the reason for the overdue amount (5-4.2.1-C)."""
    return await read_notice(work, await submitting.give_overdue_reason(work, notice_id, body), language)


@router.post("/{notice_id}/decisions")
@allow(MOVES[NoticeAction.DECIDE])
async def decide(notice_id: UUID, body: Decide, work: CurrentWork, language: CallerLanguage) -> JudgedNotice:
    """Decide the current step; the last yes releases, or the verdict names the road it takes now."""
    # read now: behind the account's row nothing is read
    book = await work.policies()
    notice, case = await deciding.decide_notice(work, notice_id, body)
    possible = await actions(work.tx, notice, work.actor, book)
    return JudgedNotice.show(notice, approvals.summary(case), possible, language)
