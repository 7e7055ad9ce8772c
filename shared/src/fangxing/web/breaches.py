"""HTTP of breaches. A service makes its routes of the kinds its chapter names, in the `api.py` of its feature::

router = breach_router(KINDS)
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from fangxing.answers import HistoryOut, VerdictOut
from fangxing.breaches import deciding, opening
from fangxing.breaches.access import visible, visible_months
from fangxing.breaches.rules import MOVES, BreachAction, BreachKind, BreachStatus
from fangxing.breaches.shapes import (
    Appeal,
    BreachJudged,
    BreachOut,
    BreachRow,
    DecideBreach,
    Judge,
    Month,
    MonthRow,
    OpenBreach,
    PassOn,
    WithdrawBreach,
)
from fangxing.breaches.store import Breach, PersonMonth
from fangxing.database import reading
from fangxing.decision_log import VerdictRow
from fangxing.offers import actions
from fangxing.policies import PolicyBook
from fangxing.text import Code, Language, Search
from fangxing.web.access import allow, employees
from fangxing.web.attachments import attachment_routes
from fangxing.web.edge import CallerLanguage, CurrentLook, CurrentPolicies, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.history import history_of
from fangxing.web.listing import By, File, From, Is, Listing, ListQuery, Page, To
from fangxing.work import Look, Work


class BreachQuery(ListQuery):
    """What the list of breaches can be asked."""

    sort: Annotated[str, By(Breach.opened_at, Breach.person, Breach.fine)] = "-id"
    kind: Annotated[Code | None, Is(Breach.kind)] = None
    person: Annotated[Search | None, Is(Breach.person)] = None
    about: Annotated[Search | None, Is(Breach.about)] = None
    status: Annotated[BreachStatus | None, Is(Breach.status)] = None
    opened_from: Annotated[date | None, From(Breach.opened_at)] = None
    opened_to: Annotated[date | None, To(Breach.opened_at)] = None


class MonthQuery(ListQuery):
    """What the sums by person and month can be asked."""

    sort: Annotated[str, By(PersonMonth.month, PersonMonth.person)] = "-month"
    person: Annotated[Search | None, Is(PersonMonth.person)] = None
    month_from: Annotated[Month | None, From(PersonMonth.month)] = None
    month_to: Annotated[Month | None, To(PersonMonth.month)] = None


async def _in_his_language(look: Look, rows: Sequence[RowMapping]) -> list[BreachRow]:
    return [BreachRow.show(row, look.language) for row in rows]


BREACHES = Listing(
    BreachRow, BreachQuery, select(Breach.__table__), id=Breach.id, scope=visible, shape=_in_his_language
)
MONTHS = Listing(
    MonthRow, MonthQuery, select(PersonMonth.__table__), id=PersonMonth.id, scope=visible_months, name="breach_sums"
)


async def _detail(look: Look, book: PolicyBook, breach_id: UUID) -> BreachOut:
    await BREACHES.check(look, breach_id, Breach.not_found(breach_id))
    async with reading(look.reader) as session:
        breach = await session.get_one(Breach, breach_id)
        return BreachOut.of(breach, await actions(session, breach, look.caller, book), look.language)


async def _changed(work: Work, breach: Breach, language: Language) -> BreachOut:
    return await _detail(await work.look(language), await work.policies(), breach.id)


async def _judged(work: Work, outcome: tuple[Breach, VerdictRow], language: Language) -> BreachJudged:
    breach, kept = outcome
    return BreachJudged(
        allowed=kept.allowed,
        verdict=VerdictOut.show(kept.content, language),
        breach=await _changed(work, breach, language),
    )


def breach_router(kinds: Sequence[BreachKind]) -> APIRouter:
    """The routes of a service whose breaches are of `kinds`."""
    router = edge_router("breaches", "/breaches")
    _reading(router)
    _entering(router, kinds)
    _deciding(router)
    attachment_routes(router, "", Breach, BREACHES, readers=employees(), writers=employees())
    return router


def _reading(router: APIRouter) -> None:
    @router.get("")
    @employees()
    async def list_breaches(look: CurrentLook, query: Annotated[BreachQuery, Query()]) -> Page[BreachRow] | File:
        """Breaches, newest first: managers, audit and the GM see all, everybody else his own."""
        return await BREACHES.page(look, query)

    @router.get("/sums")
    @employees()
    async def list_sums(look: CurrentLook, query: Annotated[MonthQuery, Query()]) -> Page[MonthRow] | File:
        """Breaches and fines by person and month; what was withdrawn or lifted does not count."""
        return await MONTHS.page(look, query)

    @router.get("/{breach_id}")
    @employees()
    async def get_breach(breach_id: UUID, look: CurrentLook, book: CurrentPolicies) -> BreachOut:
        """One breach, with what the caller may do about it."""
        return await _detail(look, book, breach_id)

    @router.get("/{breach_id}/history")
    @employees()
    async def breach_history(breach_id: UUID, look: CurrentLook) -> list[HistoryOut]:
        """Who did what about a breach, oldest first."""
        return await history_of(look, BREACHES, Breach, breach_id)


def _entering(router: APIRouter, kinds: Sequence[BreachKind]) -> None:
    @router.post("", status_code=201)
    @allow(MOVES[BreachAction.OPEN])
    async def enter_breach(body: OpenBreach, work: CurrentWork, language: CallerLanguage) -> BreachOut:
        """Enter by hand a breach of somebody else."""
        return await _changed(work, await opening.enter_breach(work, kinds, body), language)

    @router.post("/{breach_id}/withdrawal")
    @allow(MOVES[BreachAction.WITHDRAW])
    async def withdraw_breach(
        breach_id: UUID, body: WithdrawBreach, work: CurrentWork, language: CallerLanguage
    ) -> BreachOut:
        """Take back what one has entered oneself, while nobody has decided."""
        return await _changed(work, await deciding.withdraw(work, breach_id, body), language)


def _deciding(router: APIRouter) -> None:
    @router.post("/{breach_id}/passing-on")
    @allow(MOVES[BreachAction.PASS_ON])
    async def pass_on(breach_id: UUID, body: PassOn, work: CurrentWork, language: CallerLanguage) -> BreachOut:
        """Pass a breach with serious consequences on to the company."""
        return await _changed(work, await deciding.pass_on(work, breach_id, body), language)

    @router.post("/{breach_id}/decision")
    @allow(MOVES[BreachAction.DECIDE])
    async def decide_breach(
        breach_id: UUID, body: DecideBreach, work: CurrentWork, language: CallerLanguage
    ) -> BreachJudged:
        """Fine within the clause's range, confirm without a fine where it names none, or waive with a reason."""
        return await _judged(work, await deciding.decide(work, breach_id, body), language)

    @router.post("/{breach_id}/appeal")
    @allow(MOVES[BreachAction.APPEAL])
    async def appeal(breach_id: UUID, body: Appeal, work: CurrentWork, language: CallerLanguage) -> BreachOut:
        """Appeal against a decision, as the person concerned."""
        return await _changed(work, await deciding.appeal(work, breach_id, body), language)

    @router.post("/{breach_id}/judgement")
    @allow(MOVES[BreachAction.JUDGE])
    async def judge_appeal(breach_id: UUID, body: Judge, work: CurrentWork, language: CallerLanguage) -> BreachJudged:
        """Uphold the decision, with the same fine or a lower one, or lift it."""
        return await _judged(work, await deciding.judge(work, breach_id, body), language)
