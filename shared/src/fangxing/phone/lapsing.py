"""Papers that were not brought in time: a breach, and the channel closed until it is cured."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from sqlalchemy import String, cast, literal, select

from fangxing.breaches.opening import open_breach
from fangxing.phone.policies import Channel
from fangxing.phone.reasons import papers_missed
from fangxing.phone.registering import PAPERS
from fangxing.phone.store import PhoneWord
from fangxing.running.timers import DailyTimer
from fangxing.tasks import TaskRow, TaskStatus
from fangxing.work import Work


def phone_timer(channels: Sequence[Channel]) -> DailyTimer:
    """The daily timer of a service with `channels`."""
    return DailyTimer("phone-papers", partial(find_missed, channels))


async def find_missed(channels: Sequence[Channel], work: Work, day: date) -> None:
    """Open a breach for each word whose papers were due before `day` and are not there.

    The due date is that of the task, which moves when the factory's calendar changes.
    """
    by_slug = {channel.slug: channel for channel in channels}
    named = literal(PhoneWord.document_kind + "/") + cast(PhoneWord.id, String)
    overdue = (
        select(PhoneWord, TaskRow.due_on)
        .join(TaskRow, TaskRow.document == named)
        .where(
            TaskRow.kind == PAPERS,
            TaskRow.status == TaskStatus.OPEN,
            TaskRow.due_on < day,
            PhoneWord.missed_on.is_(None),
            PhoneWord.channel.in_(by_slug),
        )
        .order_by(PhoneWord.id)
        .with_for_update(of=PhoneWord)
    )
    for word, due_on in (await work.tx.execute(overdue)).all():
        breach = await open_breach(
            work,
            by_slug[word.channel].missed,
            about=word.document,
            person=word.liable,
            acted_as=word.liable_as,
            evidence=papers_missed(word.document, str(due_on)),
        )
        word.missed_on, word.breach_id = day, breach.id
