"""The superior confirms his word in person, or denies it: then nothing done on it stands silently."""

from collections.abc import Sequence
from uuid import UUID

from fangxing.breaches.opening import open_breach
from fangxing.phone.policies import Channel
from fangxing.phone.reasons import denied, stands_no_longer
from fangxing.phone.registering import CONFIRMING, locked
from fangxing.phone.rules import WordAction, WordStatus
from fangxing.phone.shapes import EndWord
from fangxing.phone.store import PhoneWord
from fangxing.tasks import close_tasks, open_task
from fangxing.work import Work

DENIED = "phone.denied"
"""The kind of the task about a document that was done on a word denied since."""


async def confirm(work: Work, word_id: UUID) -> PhoneWord:
    """The superior confirms; raises `phone-word-not-found`, `wrong-state` or `phone-not-its-superior`."""
    word = await locked(work, word_id, WordAction.CONFIRM)
    word.status = WordStatus.SETTLED if word.status is WordStatus.PAPERED else WordStatus.CONFIRMED
    word.confirmed_at = work.now
    await close_tasks(work, word.document, CONFIRMING)
    return word


async def deny(work: Work, word_id: UUID, channels: Sequence[Channel], body: EndWord) -> PhoneWord:
    """The superior never gave it: a breach of who acted on it, and a task for each document done on it.

    Raises `phone-word-not-found`, `wrong-state` or `phone-not-its-superior`.
    """
    word = await locked(work, word_id, WordAction.DENY)
    channel = next(channel for channel in channels if channel.slug == word.channel)
    word.status, word.ended_because = WordStatus.DENIED, body.because
    breach = await open_breach(
        work,
        channel.denied,
        about=word.document,
        person=word.author,
        acted_as=word.acted_as,
        evidence=denied(word.document, word.superior, body.because),
    )
    word.breach_id = breach.id
    await close_tasks(work, word.document)
    for use in word.uses:
        await open_task(
            work,
            kind=DENIED,
            role=word.superior_role,
            document=use.document,
            clause=word.clause,
            title=stands_no_longer(use.document, word.document),
        )
    return word
