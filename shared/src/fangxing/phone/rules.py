"""What a word by phone covers, and when nobody may rely on another one. Pure: no I/O, no clock, no settings."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from fangxing.clauses import clause
from fangxing.moves import NEW, Move, Moves
from fangxing.phone.reasons import (
    CHANNEL_CLOSED_BY_DENIAL,
    CHANNEL_CLOSED_BY_PAPERS,
    CHANNEL_OPEN,
    WORD_BEYOND,
    WORD_COVERS,
    WORD_ENDED,
    WORD_EXPIRED,
    WORD_FOR_ANOTHER,
    WORD_NOT_YOURS,
    WORD_PAPERS_MISSED,
    WORD_USED,
)
from fangxing.roles import Role
from fangxing.verdicts import Outcome, Reason, ReasonType, Scalar, Verdict


class WordStatus(StrEnum):
    """The state of a word: its papers and its superior's confirmation come in either order."""

    GIVEN = "given"
    PAPERED = "papered"
    CONFIRMED = "confirmed"
    SETTLED = "settled"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


class WordAction(StrEnum):
    """What can be done with a word."""

    REGISTER = "register"
    BRING_PAPERS = "bring_papers"
    CONFIRM = "confirm"
    DENY = "deny"
    WITHDRAW = "withdraw"


class Bound(StrEnum):
    """What bounds a word: the lowest price in yuan a ton, the most yuan, or the most tons it covers together."""

    LEAST_PRICE = "least_price"
    MOST_VALUE = "most_value"
    MOST_TONS = "most_tons"


class Liable(StrEnum):
    """Who brings the papers: whoever acted on the word, or the superior who gave it."""

    CALLER = "caller"
    SUPERIOR = "superior"


CALLERS = frozenset({Role.SALES_REP, Role.SALES_MANAGER, Role.WAREHOUSE_SUPERVISOR, Role.QUALITY_SUPERVISOR})
"""Who may ever act on a word; a channel names some of them."""
SUPERIORS = frozenset({Role.SALES_MANAGER, Role.GENERAL_MANAGER})
"""Who may ever give one; a channel names some of them."""

_WAITING = {WordStatus.GIVEN, WordStatus.PAPERED}
MOVES: Moves[WordAction, WordStatus] = {
    WordAction.REGISTER: Move(NEW, {WordStatus.GIVEN}, CALLERS),
    WordAction.BRING_PAPERS: Move(
        {WordStatus.GIVEN, WordStatus.CONFIRMED}, {WordStatus.PAPERED, WordStatus.SETTLED}, CALLERS | SUPERIORS
    ),
    WordAction.CONFIRM: Move(_WAITING, {WordStatus.CONFIRMED, WordStatus.SETTLED}, SUPERIORS),
    WordAction.DENY: Move(_WAITING, {WordStatus.DENIED}, SUPERIORS),
    WordAction.WITHDRAW: Move({WordStatus.GIVEN}, {WordStatus.WITHDRAWN}, CALLERS),
}
FINAL = frozenset({WordStatus.SETTLED, WordStatus.DENIED, WordStatus.WITHDRAWN})
ENDED = frozenset({WordStatus.DENIED, WordStatus.WITHDRAWN})
"""The states in which a word covers nothing any more."""

PHONE_PAIRS = (("phone-word.register", "phone-word.confirm"), ("phone-word.register", "phone-word.deny"))
"""Who acts on a word does not confirm it."""


@dataclass(frozen=True, slots=True)
class Closing:
    """Why a person's channel is closed: the word whose papers he missed, or that was denied, and the breach of it."""

    word: str
    breach: str
    superior: str
    denied: bool


@dataclass(frozen=True, slots=True)
class Word:
    """A word as a use case meets it; `used` is what it covers so far, by document, in the unit of `bound`."""

    name: str
    clause: str
    author: str
    status: WordStatus
    papers_missed: bool
    bound: Bound
    limit: Decimal
    once: bool
    about: str | None
    expires_at: datetime
    used: dict[str, Decimal]


@clause("3-8.2-B", "5-4.2.5")
def channel_verdict(clause_id: str, person: str, closing: Closing | None) -> Verdict:
    """Whether another word may be relied on for which `person` is to bring the papers."""
    inputs = {
        "phone_person": person,
        "phone_word": closing.word if closing else None,
        "phone_breach": closing.breach if closing else None,
    }
    if closing is None:
        return Verdict(True, WordStatus.GIVEN, (_of(CHANNEL_OPEN, clause_id, person=person),), inputs)
    reason = CHANNEL_CLOSED_BY_DENIAL if closing.denied else CHANNEL_CLOSED_BY_PAPERS
    said = _of(reason, clause_id, person=person, word=closing.word, breach=closing.breach, superior=closing.superior)
    return Verdict(False, Outcome.REFUSED, (said,), inputs)


@clause("3-8.2-B", "5-4.2.5")
def use_verdict(word: Word, persons: Collection[str], document: str, figure: Decimal, now: datetime) -> Verdict:
    """Whether `word` covers `figure` of `document` for whoever acts as `persons`.

    Asked again for the same document, the new figure stands for the earlier one.
    """
    others = {used: amount for used, amount in word.used.items() if used != document}
    total = _together(word.bound, figure, others)
    reason = _hindrance(word, persons, document, total, others, now)
    inputs: dict[str, Scalar] = {
        "phone_word": word.name,
        "phone_document": document,
        "phone_figure": figure,
        "phone_total": total,
        "phone_limit": word.limit,
        "phone_expires_at": word.expires_at,
    }
    if reason is not None:
        return Verdict(False, Outcome.REFUSED, (reason,), inputs)
    return Verdict(True, "covered", (_of(WORD_COVERS, word.clause, word=word.name, document=document),), inputs)


def _together(bound: Bound, figure: Decimal, others: dict[str, Decimal]) -> Decimal:
    """What is held against the limit: a price by itself, tons and yuan with what the word covers already."""
    return figure if bound is Bound.LEAST_PRICE else figure + sum(others.values(), Decimal(0))


def _hindrance(
    word: Word,
    persons: Collection[str],
    document: str,
    total: Decimal,
    others: Collection[str],
    now: datetime,
) -> Reason | None:
    within = total >= word.limit if word.bound is Bound.LEAST_PRICE else total <= word.limit
    hindrances: tuple[tuple[bool, ReasonType], ...] = (
        (word.author not in persons, WORD_NOT_YOURS),
        (word.status in ENDED, WORD_ENDED),
        (word.papers_missed and word.status is not WordStatus.SETTLED, WORD_PAPERS_MISSED),
        (now >= word.expires_at, WORD_EXPIRED),
        (word.about not in (None, document), WORD_FOR_ANOTHER),
        (word.once and bool(others), WORD_USED),
        (not within, WORD_BEYOND),
    )
    type_ = next((type_ for holds, type_ in hindrances if holds), None)
    if type_ is None:
        return None
    return _of(type_, word.clause, word=word.name, total=total, limit=word.limit, expires_at=word.expires_at)


def _of(type_: ReasonType, clause_id: str, **params: str | Decimal | datetime) -> Reason:
    return replace(type_, clause=clause_id)(**params)
