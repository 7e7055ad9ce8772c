"""HTTP of words by phone. A service makes its routes of its channels, in the `api.py` of its feature::

router = phone_router(CHANNELS)
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from fangxing.answers import HistoryOut, VerdictOut
from fangxing.database import reading
from fangxing.offers import actions
from fangxing.phone import confirming, registering
from fangxing.phone.access import visible
from fangxing.phone.policies import Channel
from fangxing.phone.rules import MOVES, WordAction, WordStatus
from fangxing.phone.shapes import BringPapers, EndWord, RegisterWord, WordJudged, WordOut, WordRow
from fangxing.phone.store import PhoneWord
from fangxing.policies import PolicyBook
from fangxing.text import Code, Language, Search
from fangxing.web.access import allow, employees
from fangxing.web.attachments import attachment_routes
from fangxing.web.edge import CallerLanguage, CurrentLook, CurrentPolicies, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.history import history_of
from fangxing.web.listing import By, File, From, Is, Listing, ListQuery, Page, To
from fangxing.work import Look, Work


class WordQuery(ListQuery):
    """What the list of words by phone can be asked."""

    sort: Annotated[str, By(PhoneWord.given_at)] = "-id"
    channel: Annotated[Code | None, Is(PhoneWord.channel)] = None
    author: Annotated[Search | None, Is(PhoneWord.author)] = None
    superior: Annotated[Search | None, Is(PhoneWord.superior)] = None
    about: Annotated[Search | None, Is(PhoneWord.about)] = None
    status: Annotated[WordStatus | None, Is(PhoneWord.status)] = None
    given_from: Annotated[date | None, From(PhoneWord.given_at)] = None
    given_to: Annotated[date | None, To(PhoneWord.given_at)] = None


async def _in_his_language(look: Look, rows: Sequence[RowMapping]) -> list[WordRow]:
    return [WordRow.show(row, look.language) for row in rows]


WORDS_BY_PHONE = Listing(
    WordRow, WordQuery, select(PhoneWord.__table__), id=PhoneWord.id, scope=visible, shape=_in_his_language
)


async def _detail(look: Look, book: PolicyBook, word_id: UUID) -> WordOut:
    await WORDS_BY_PHONE.check(look, word_id, PhoneWord.not_found(word_id))
    async with reading(look.reader) as session:
        word = await session.get_one(PhoneWord, word_id)
        return WordOut.of(word, await actions(session, word, look.caller, book), look.language)


async def _changed(work: Work, word: PhoneWord, language: Language) -> WordOut:
    return await _detail(await work.look(language), await work.policies(), word.id)


def phone_router(channels: Sequence[Channel]) -> APIRouter:
    """The routes of a service with `channels`."""
    router = edge_router("phone words", "/phone-words")
    _reading(router)
    _relying(router, channels)
    _confirming(router, channels)
    attachment_routes(router, "", PhoneWord, WORDS_BY_PHONE, readers=employees(), writers=employees())
    return router


def _reading(router: APIRouter) -> None:
    @router.get("")
    @employees()
    async def list_phone_words(look: CurrentLook, query: Annotated[WordQuery, Query()]) -> Page[WordRow] | File:
        """Words by phone, newest first: managers, audit and the GM see all, everybody those that concern him."""
        return await WORDS_BY_PHONE.page(look, query)

    @router.get("/{word_id}")
    @employees()
    async def get_phone_word(word_id: UUID, look: CurrentLook, book: CurrentPolicies) -> WordOut:
        """One word by phone, with what was done on it and what the caller may do."""
        return await _detail(look, book, word_id)

    @router.get("/{word_id}/history")
    @employees()
    async def phone_word_history(word_id: UUID, look: CurrentLook) -> list[HistoryOut]:
        """Who did what about a word by phone, oldest first."""
        return await history_of(look, WORDS_BY_PHONE, PhoneWord, word_id)


def _relying(router: APIRouter, channels: Sequence[Channel]) -> None:
    @router.post("", status_code=201)
    @allow(MOVES[WordAction.REGISTER])
    async def register_phone_word(body: RegisterWord, work: CurrentWork, language: CallerLanguage) -> WordJudged:
        """Register a superior's word, to act on it; refused while papers of an earlier one are missing."""
        word, kept = await registering.register(work, channels, body)
        return WordJudged(
            allowed=kept.allowed,
            verdict=VerdictOut.show(kept.content, language),
            word=await _changed(work, word, language) if word else None,
        )

    @router.post("/{word_id}/papers")
    @allow(MOVES[WordAction.BRING_PAPERS])
    async def bring_papers(word_id: UUID, body: BringPapers, work: CurrentWork, language: CallerLanguage) -> WordOut:
        """Bring the papers of a word, in time or late."""
        return await _changed(work, await registering.bring_papers(work, word_id, body), language)

    @router.post("/{word_id}/withdrawal")
    @allow(MOVES[WordAction.WITHDRAW])
    async def withdraw_phone_word(word_id: UUID, body: EndWord, work: CurrentWork, language: CallerLanguage) -> WordOut:
        """Take back a word that nothing was done on."""
        return await _changed(work, await registering.withdraw(work, word_id, body), language)


def _confirming(router: APIRouter, channels: Sequence[Channel]) -> None:
    @router.post("/{word_id}/confirmation")
    @allow(MOVES[WordAction.CONFIRM])
    async def confirm_phone_word(word_id: UUID, work: CurrentWork, language: CallerLanguage) -> WordOut:
        """Confirm one's own word, in person."""
        return await _changed(work, await confirming.confirm(work, word_id), language)

    @router.post("/{word_id}/denial")
    @allow(MOVES[WordAction.DENY])
    async def deny_phone_word(word_id: UUID, body: EndWord, work: CurrentWork, language: CallerLanguage) -> WordOut:
        """Say that one never gave it: a breach, and a task for whatever was done on it."""
        return await _changed(work, await confirming.deny(work, word_id, channels, body), language)
