"""Dead letters are settled: tried again by one person, or repaired, given up or no longer waited for by two (1-3).

Whoever could change or drop an event alone could move money alone. So one proposes and says why, another one confirms,
and what they did is a verdict in the decision log.
"""

import hashlib

from sqlalchemy import func, select

from fangxing import decision_log, inbox
from fangxing.bus import copies, letters
from fangxing.bus.envelope import Envelope, Unreadable, read_headers
from fangxing.bus.handling import Poison
from fangxing.bus.letters import DeadLetter, LetterStatus, Remedy
from fangxing.errors import ErrorType, Kind
from fangxing.history import add_history
from fangxing.inbox import Consumers
from fangxing.labels import labels
from fangxing.positions import Version
from fangxing.roles import Role
from fangxing.tasks import close_tasks, open_task
from fangxing.text import Text
from fangxing.verdicts import ReasonType, Verdict
from fangxing.work import Work

CONFIRMING = "confirm_dead_letter"
"""The kind of the task about a proposal that waits for a second person."""

PROPOSED_ALREADY = ErrorType(
    "dead-letter-proposed",
    Kind.CONFLICT,
    "失败消息 {id} 已有待确认的处理意见",
    "A remedy of dead letter {id} waits for its second person already",
)
NOT_PROPOSED = ErrorType(
    "dead-letter-not-proposed",
    Kind.CONFLICT,
    "失败消息 {id} 没有待确认的处理意见",
    "No remedy of dead letter {id} waits for a second person",
)
OWN_REMEDY = ErrorType(
    "dead-letter-own-remedy",
    Kind.FORBIDDEN,
    "修复、放弃失败消息或确认消息丢失须两人办理，不能确认自己提出的",
    "To repair or give up a dead letter, or a lost event, takes two people: nobody confirms what he proposed",
    clause="1-3",
)
NO_REPAIR = ErrorType(
    "dead-letter-no-repair",
    Kind.INVALID,
    "修复须给出改正后的内容，其他处理不给",
    "A repair has a repaired body, and nothing else has one",
    field="repaired_body",
)
POSITION_NOT_REPAIRED = ErrorType(
    "dead-letter-position",
    Kind.CONFLICT,
    "头寸不由人修改：请重试，系统会再请对方重报",
    "Nobody repairs a position: retry, and its writer is asked once more",
)
NO_GAP = ErrorType(
    "dead-letter-no-gap",
    Kind.CONFLICT,
    "失败消息 {id} 前面没有缺失的消息",
    "No event is missing right before dead letter {id}",
)

SETTLED_BY_TWO = ReasonType(
    "dead-letter-settled",
    "1-3",
    Text("{proposer} 提出“{remedy}”：{because}", "{proposer} proposed '{remedy}': {because}"),
)
REMEDIES = {
    Remedy.REPAIR: Text("修复后重试", "repair and retry"),
    Remedy.DISCARD: Text("放弃", "give up"),
    Remedy.ACCEPT_LOSS: Text("确认前面的消息已丢失", "take what it waits for as lost"),
}
LABELS = labels(
    letter_topic=("主题", "topic"),
    letter_partition=("分区", "partition"),
    letter_offset=("位置", "offset"),
    letter_document=("单据", "document"),
    letter_version=("单据事件序号", "version of the document"),
    letter_taken=("已生效到第几号", "version in effect before"),
    letter_received=("收到内容的摘要", "hash of what was received"),
    letter_body=("处理内容的摘要", "hash of what took effect"),
    letter_proposer=("提出人", "proposer"),
    letter_confirmer=("确认人", "who confirmed"),
)


async def retry(work: Work, consumers: Consumers, letter: DeadLetter) -> bool:
    """Try a dead letter again, as it is. True when it took effect; what was parked behind it follows.

    One that fails again waits on, with the new reason. For a position its writer is asked once more.
    """
    letter.attempts += 1
    if letter.account is not None:
        await copies.ask(work, consumers.positions[letter.topic], letter.topic, letter.account, again=True)
        return False
    return await _try(work, consumers, letter)


async def propose(work: Work, letter: DeadLetter, remedy: Remedy, because: str, repaired: bytes | None = None) -> None:
    """Propose a remedy for a waiting letter, locked, to whoever confirms it.

    Raises `dead-letter-proposed`, `dead-letter-no-repair`, `dead-letter-position` or `dead-letter-no-gap`.
    """
    if letter.proposal is not None:
        raise PROPOSED_ALREADY(id=letter.id)
    if (remedy is Remedy.REPAIR) != (repaired is not None):
        raise NO_REPAIR()
    if remedy is Remedy.REPAIR and letter.account is not None:
        raise POSITION_NOT_REPAIRED()
    if remedy is Remedy.ACCEPT_LOSS:
        await _gap(work, letter)
    letter.proposal, letter.proposed_body, letter.proposed_because = remedy, repaired, because
    letter.proposed_by, letter.proposed_at = work.actor.id, work.system_now
    letter.proposed_for = work.actor.on_behalf_of
    said = REMEDIES[remedy]
    await open_task(
        work,
        kind=CONFIRMING,
        role=Role.GENERAL_MANAGER,
        document=letter.name,
        clause="1-3",
        title=Text(
            f"确认对失败消息的处理：{said.zh}。{because}"[:300],
            f"Confirm for a dead letter: {said.en}. {because}"[:300],
        ),
    )
    add_history(work, letter.name, f"propose_{remedy}")


async def confirm(work: Work, consumers: Consumers, letter: DeadLetter) -> bool:
    """Do what another one proposed. True when the letter took effect; either way there is a verdict.

    Raises `dead-letter-not-proposed`, `dead-letter-own-remedy` or `dead-letter-no-gap`.
    """
    remedy, proposer = letter.proposal, letter.proposed_by
    if remedy is None:
        raise NOT_PROPOSED(id=letter.id)
    if not work.actor.persons.isdisjoint({proposer, letter.proposed_for}):
        raise OWN_REMEDY()
    before = await _taken(work, letter)
    because, repaired = letter.proposed_because, letter.proposed_body
    await _withdraw(work, letter)
    match remedy:
        case Remedy.REPAIR:
            letter.body, letter.attempts = repaired or b"", letter.attempts + 1
            taken = await _try(work, consumers, letter)
            await _doubt_position(work, consumers, letter)
        case Remedy.DISCARD:
            taken = await _discard(work, consumers, letter)
        case Remedy.ACCEPT_LOSS:
            taken = await _accept_loss(work, consumers, letter)
    add_history(work, letter.name, f"confirm_{remedy}")
    verdict = Verdict(
        allowed=taken or remedy is Remedy.DISCARD,
        outcome=remedy,
        reasons=(SETTLED_BY_TWO(proposer=proposer, remedy=REMEDIES[remedy], because=because),),
        inputs={
            "letter_topic": letter.topic,
            "letter_partition": letter.partition,
            "letter_offset": letter.offset,
            "letter_document": letter.document,
            "letter_version": letter.version,
            "letter_taken": before,
            "letter_received": hashlib.sha256(letter.received_body).hexdigest(),
            "letter_body": hashlib.sha256(letter.body).hexdigest(),
            "letter_proposer": proposer,
            "letter_confirmer": work.actor.id,
        },
    )
    decision_log.keep(work, f"dead_letter.{remedy}", letter.name, verdict)
    return taken


async def refuse(work: Work, letter: DeadLetter) -> None:
    """Drop what was proposed; the letter waits on. Raises `dead-letter-not-proposed`."""
    if letter.proposal is None:
        raise NOT_PROPOSED(id=letter.id)
    add_history(work, letter.name, f"refuse_{letter.proposal}")
    await _withdraw(work, letter)


async def _withdraw(work: Work, letter: DeadLetter) -> None:
    letter.proposal = letter.proposed_body = letter.proposed_because = None
    letter.proposed_by = letter.proposed_for = letter.proposed_at = None
    await close_tasks(work, letter.name, CONFIRMING)


async def _try(work: Work, consumers: Consumers, letter: DeadLetter) -> bool:
    delivery = letter.delivery()
    try:
        envelope = read_headers(delivery.message)
    except Unreadable as error:
        letter.reason = letters.storable(str(error), 2000)
        return False
    if envelope.version is not None and not await _in_turn(work, letter, envelope, envelope.version):
        return False
    try:
        await inbox.apply(work, consumers, delivery, envelope)
    except Poison as error:
        letter.status, letter.reason = LetterStatus.POISON, letters.storable(str(error), 2000)
        return False
    _settled(work, letter, LetterStatus.SETTLED)
    await work.tx.flush()
    if envelope.version is not None:
        await inbox.advance(work, consumers, envelope.document, envelope.version)
    return True


async def _in_turn(work: Work, letter: DeadLetter, envelope: Envelope, version: int) -> bool:
    taken = await inbox.lock_progress(work, envelope.document)
    if version > taken + 1:
        letter.reason = f"waits for version {taken + 1}"
    elif version <= taken:
        _settled(work, letter, LetterStatus.SETTLED)
        letter.reason = f"version {taken} was taken already"
    return version == taken + 1


async def _doubt_position(work: Work, consumers: Consumers, letter: DeadLetter) -> None:
    """A repaired letter sets no position: where it carries a newer one than is known, its writer is asked."""
    held = consumers.positions.get(letter.topic)
    delivery = letter.delivery()
    try:
        number = read_headers(delivery.message).position
    except Unreadable:
        return
    if held is not None and number is not None:
        await copies.doubt(work, held, delivery, Version(*number), "repaired")


async def _discard(work: Work, consumers: Consumers, letter: DeadLetter) -> bool:
    """Give the letter up: its version counts as taken when its turn comes, and what was parked behind it follows."""
    _settled(work, letter, LetterStatus.DISCARDED)
    await work.tx.flush()
    if letter.document is not None and letter.version is not None:
        taken = await inbox.lock_progress(work, letter.document)
        if letter.version == taken + 1:
            await inbox.advance(work, consumers, letter.document, letter.version)
    return False


async def _accept_loss(work: Work, consumers: Consumers, letter: DeadLetter) -> bool:
    """What the letter waits for counts as taken; it follows, and what was parked behind it."""
    document, version = await _gap(work, letter)
    await inbox.advance(work, consumers, document, version - 1)
    await work.tx.refresh(letter)
    return letter.status is LetterStatus.SETTLED


async def _gap(work: Work, letter: DeadLetter) -> tuple[str, int]:
    """The document and the version of a letter that waits for events of which there is nothing."""
    if letter.document is None or letter.version is None or letter.status is not LetterStatus.PARKED:
        raise NO_GAP(id=letter.id)
    taken = await inbox.lock_progress(work, letter.document)
    first = await work.tx.scalar(
        select(func.min(DeadLetter.version)).where(
            DeadLetter.document == letter.document,
            DeadLetter.version > taken,
            DeadLetter.status.in_(letters.WAITING),
        )
    )
    if first != letter.version or letter.version <= taken + 1:
        raise NO_GAP(id=letter.id)
    return letter.document, letter.version


async def _taken(work: Work, letter: DeadLetter) -> int | None:
    return await inbox.lock_progress(work, letter.document) if letter.document and letter.version else None


def _settled(work: Work, letter: DeadLetter, status: LetterStatus) -> None:
    letter.status, letter.settled_by, letter.settled_at = status, work.actor.id, work.system_now
