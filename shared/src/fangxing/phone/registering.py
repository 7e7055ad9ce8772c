"""A word by phone is registered by who acts on it, its papers are brought, or it is taken back unused."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, or_, select

from fangxing import decision_log
from fangxing.attachments import attaching
from fangxing.auth import role_required
from fangxing.breaches.rules import UNDECIDED
from fangxing.breaches.store import Breach
from fangxing.calendar import Deadline
from fangxing.clock import FACTORY_ZONE
from fangxing.decision_log import VerdictRow
from fangxing.documents import act, born, lock_to_judge
from fangxing.ids import new_id
from fangxing.phone.access import refusal, visible
from fangxing.phone.errors import (
    BOUND_MISSING,
    CHANNEL_UNKNOWN,
    LASTS_TOO_LONG,
    NO_SUPERIOR,
    NOT_YET_GIVEN,
    OWN_WORD,
)
from fangxing.phone.policies import Channel
from fangxing.phone.reasons import papers_due, to_confirm
from fangxing.phone.rules import FINAL, Bound, Closing, Liable, WordAction, WordStatus, channel_verdict
from fangxing.phone.shapes import BringPapers, EndWord, RegisterWord
from fangxing.phone.store import PhoneWord
from fangxing.roles import Role, spoken_roles
from fangxing.tasks import close_tasks, open_task
from fangxing.work import Work

PAPERS = "phone.papers"
"""The kind of the task of who brings the papers; its due date is that of the papers."""
CONFIRMING = "phone.confirm"
"""The kind of the superior's task."""


async def register(work: Work, channels: Sequence[Channel], body: RegisterWord) -> tuple[PhoneWord | None, VerdictRow]:
    """Register a superior's word; none is taken where the channel of who answers for the papers is closed.

    Raises `phone-channel-unknown`, `role-required`, `phone-no-superior`, `phone-own-word`, `phone-bound`,
    `phone-not-yet-given` or `phone-lasts-too-long`.
    """
    channel = next((channel for channel in channels if channel.slug == body.channel), None)
    if channel is None:
        raise CHANNEL_UNKNOWN(channel=body.channel, known=", ".join(channel.slug for channel in channels))
    acted_as = next((role for role in sorted(channel.callers) if work.actor.has(role)), None)
    if acted_as is None:
        raise role_required(*channel.callers)
    due = await _papers_due(work, channel, body)
    _check(work, channel, body, acted_as, due)
    own = channel.liable is Liable.CALLER
    liable, liable_as = (work.actor.id, acted_as) if own else (body.superior, body.superior_role)
    closing = await _closing(work, channel, liable)
    word_id = new_id()
    verdict = channel_verdict(channel.clause, liable, closing)
    kept = decision_log.keep(work, "phone.register", PhoneWord.named(word_id), verdict)
    if not verdict.allowed:
        return None, kept
    word = _word(work, channel, body, word_id, acted_as, (liable, liable_as))
    work.tx.add(word)
    await born(work, word, WordAction.REGISTER)
    await _give_tasks(work, word, due)
    return word, kept


def _word(
    work: Work, channel: Channel, body: RegisterWord, word_id: UUID, acted_as: Role, liable: tuple[str, Role]
) -> PhoneWord:
    return PhoneWord(
        **body.model_dump(),
        id=word_id,
        clause=channel.clause,
        name_zh=channel.text.zh,
        name_en=channel.text.en,
        acted_as=acted_as,
        liable=liable[0],
        liable_as=liable[1],
        author=work.actor.id,
        registered_at=work.now,
        status=WordStatus.GIVEN,
        uses=[],
    )


def _check(work: Work, channel: Channel, body: RegisterWord, acted_as: Role, due: Deadline) -> None:
    if body.superior in work.actor.persons:
        raise OWN_WORD()
    superiors = channel.superiors - {acted_as}
    if body.superior_role not in superiors:
        raise NO_SUPERIOR(roles=spoken_roles(superiors))
    if {bound for bound in Bound if getattr(body, bound) is not None} != {channel.bound}:
        raise BOUND_MISSING(bound=channel.bound)
    if body.given_at > work.now:
        raise NOT_YET_GIVEN()
    if not body.given_at < body.expires_at or body.expires_at.astimezone(FACTORY_ZONE).date() > due.on:
        raise LASTS_TOO_LONG(due_on=due.on)


async def _papers_due(work: Work, channel: Channel, body: RegisterWord) -> Deadline:
    days = (await work.policies()).get(channel.papers_days)
    given_on = body.given_at.astimezone(FACTORY_ZONE).date()
    return (await work.working_days()).deadline(given_on, days or 0)


async def _closing(work: Work, channel: Channel, person: str) -> Closing | None:
    """What closes the channel: a word whose papers `person` missed, until it is settled, or one the actor never had."""
    missed = and_(PhoneWord.liable == person, PhoneWord.missed_on.is_not(None), PhoneWord.status.not_in(FINAL))
    never_had = and_(PhoneWord.author.in_(work.actor.persons), PhoneWord.status == WordStatus.DENIED)
    denied = and_(never_had, Breach.status.in_(UNDECIDED))
    found = (
        select(PhoneWord, Breach)
        .join(Breach, Breach.id == PhoneWord.breach_id)
        .where(PhoneWord.channel == channel.slug, or_(missed, denied))
        .order_by(PhoneWord.id)
        .limit(1)
    )
    row = (await work.tx.execute(found)).first()
    if row is None:
        return None
    word, breach = row
    return Closing(word.document, breach.document, word.superior, word.status is WordStatus.DENIED)


async def _give_tasks(work: Work, word: PhoneWord, due: Deadline) -> None:
    await open_task(
        work,
        kind=PAPERS,
        role=word.liable_as,
        assignee=word.liable,
        document=word.document,
        clause=word.clause,
        title=papers_due(word.name, word.scope),
        due_on=due,
    )
    await open_task(
        work,
        kind=CONFIRMING,
        role=word.superior_role,
        assignee=word.superior,
        document=word.document,
        clause=word.clause,
        title=to_confirm(word.name, word.scope, word.author),
        due_on=due,
    )


async def bring_papers(work: Work, word_id: UUID, body: BringPapers) -> PhoneWord:
    """The papers come, in time or late; raises `phone-word-not-found`, `wrong-state`, `phone-not-its-caller` or
    `attachment-not-found`.
    """
    word = await locked(work, word_id, WordAction.BRING_PAPERS)
    word.status = WordStatus.SETTLED if word.status is WordStatus.CONFIRMED else WordStatus.PAPERED
    word.papers, word.papers_at = body.papers, work.now
    await attaching.link(work, word.document, body.attachments)
    await close_tasks(work, word.document, PAPERS)
    return word


async def withdraw(work: Work, word_id: UUID, body: EndWord) -> PhoneWord:
    """Take back a word that nothing was done on; raises `phone-word-not-found`, `wrong-state`,
    `phone-not-its-caller` or `phone-used`.
    """
    word = await locked(work, word_id, WordAction.WITHDRAW)
    word.status, word.ended_because = WordStatus.WITHDRAWN, body.because
    await close_tasks(work, word.document)
    return word


async def locked(work: Work, word_id: UUID, action: WordAction) -> PhoneWord:
    """The word, its row locked for `action`, which is noted; raises what `lock_for` and `refusal` raise."""
    word = await lock_to_judge(work, PhoneWord, word_id, action, visible(work.actor))
    if refused := refusal(word, work.actor, action):
        raise refused
    await act(work, word, action)
    return word
