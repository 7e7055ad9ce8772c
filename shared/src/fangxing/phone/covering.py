"""A use case asks whether a word by phone covers what it is about to do, and so uses it."""

from decimal import Decimal
from uuid import UUID

from fangxing.errors import ErrorType
from fangxing.phone.policies import Channel
from fangxing.phone.rules import use_verdict
from fangxing.phone.store import PhoneUse, PhoneWord
from fangxing.verdicts import Verdict
from fangxing.work import Work

NOT_FOUND: ErrorType = PhoneWord.not_found_type()


async def covers(work: Work, channel: Channel, word_id: UUID, *, document: str, figure: Decimal) -> Verdict:
    """Whether the word covers `figure` of `document`, in the unit of the channel's bound; if so, it is used for it.

    Asked again for the same document it is held against the new figure alone. The caller keeps the verdict, or its
    reasons within his own, and does nothing where it is not allowed. Raises `phone-word-not-found` where there is no
    such word in the channel.
    """
    word = await work.tx.get(PhoneWord, word_id, with_for_update=True, populate_existing=True)
    if word is None or word.channel != channel.slug:
        raise NOT_FOUND(id=word_id)
    verdict = use_verdict(word.judged(), work.actor.persons, document, figure, work.now)
    if verdict.allowed:
        use = next((use for use in word.uses if use.document == document), None)
        if use is None:
            word.uses.append(PhoneUse(document=document, figure=figure, used_at=work.now))
        else:
            use.figure, use.used_at = figure, work.now
    return verdict
