"""The inbox 收件箱: an event takes effect once, in the transaction that remembers its id.

Facts about a document carry a gapless version: an old one is dropped, a gap parks that document alone. Positions are
never parked: the newest is kept (see `copies`). An event that cannot be read or breaks a rule goes to the dead letters
with its bytes; later facts of the same document are parked behind it and everything else flows. A delivery takes its
fact first and its position last: documents are locked before accounts.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import DateTime, Index, String, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.bus import Delivery, letters
from fangxing.bus.copies import Copies, doubt, take
from fangxing.bus.envelope import Envelope, Unreadable, read_data, read_headers
from fangxing.bus.handling import Poison, guarded
from fangxing.bus.letters import DeadLetter, LetterStatus
from fangxing.database.tables import Table
from fangxing.positions import account_id
from fangxing.work import Work


class Incoming(BaseModel):
    """Base of the small types a consumer declares for itself: only the fields it needs, the rest ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


E = TypeVar("E", bound=Incoming)
FactHandler = Callable[[Work, Any], Awaitable[None]]


@dataclass(slots=True)
class Consumers:
    """What a feature or a whole service takes in: `facts` by event type, and per topic who keeps the positions.

    `group` is the name it reads under; a feature has none, since its service reads for all its features.
    """

    group: str = ""
    facts: dict[str, tuple[type[Incoming], FactHandler]] = field(default_factory=dict)
    positions: dict[str, Copies] = field(default_factory=dict)

    @classmethod
    def joined(cls, group: str, parts: Iterable["Consumers"]) -> "Consumers":
        """What all `parts` take in, read as `group`. Raises ValueError where two of them take in the same."""
        joined = cls(group)
        for part in parts:
            if twice := (joined.facts.keys() & part.facts.keys()) | (joined.positions.keys() & part.positions.keys()):
                raise ValueError(f"{group} takes in twice: {', '.join(sorted(twice))}")
            joined.facts.update(part.facts)
            joined.positions.update(part.positions)
        return joined

    def on(self, event_type: str, model: type[E], handler: Callable[[Work, E], Awaitable[None]]) -> None:
        """Call `handler` for each fact of `event_type`, read as `model`."""
        self.facts[event_type] = (model, handler)

    def keep_positions(self, topic: str, copies: Copies) -> None:
        """Keep copies of the positions on `topic`."""
        self.positions[topic] = copies

    @property
    def topics(self) -> list[str]:
        """The topics read, derived from the event types and the positions."""
        return sorted({event_type.partition(".")[0] for event_type in self.facts} | set(self.positions))

    def knows_name(self, name: str) -> bool:
        """Whether some version of the event called `name` is handled."""
        return any(event_type.rpartition(".v")[0] == name for event_type in self.facts)


class InboxRow(Table):
    """An event that took effect."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_received_at", "received_at"),)

    event: Mapped[UUID] = mapped_column(primary_key=True)
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class DocumentProgress(Table):
    """The last version of a document that took effect here."""

    __tablename__ = "document_progress"

    document: Mapped[str] = mapped_column(String(160), primary_key=True)
    version: Mapped[int]


async def receive(work: Work, consumers: Consumers, delivery: Delivery) -> None:
    """Let one delivery take effect, or put it where it is seen. The caller commits the work, then the offset.

    Raises for the infrastructure (database, broker): the caller backs off and tries the same delivery again.
    """
    if delivery.fault is not None:
        await letters.bury(work, delivery, None, LetterStatus.POISON, delivery.fault)
        return
    try:
        envelope = read_headers(delivery.message)
    except Unreadable as error:
        await letters.bury(work, delivery, None, LetterStatus.POISON, str(error))
        await _doubt_position(work, consumers, delivery, str(error))
        return
    if not await _first_time(work, envelope.id):
        return
    await _take_in_turn(work, consumers, delivery, envelope)
    # last, as everybody locks: the document, then the account
    if (copies := consumers.positions.get(delivery.topic)) is not None and envelope.position is not None:
        await take(work, copies, delivery, envelope)


async def _take_in_turn(work: Work, consumers: Consumers, delivery: Delivery, envelope: Envelope) -> None:
    """Let the fact take effect when it is its version's turn."""
    if envelope.version is None:
        await _take_fact(work, consumers, delivery, envelope)
        return
    expected = await lock_progress(work, envelope.document) + 1
    if envelope.version < expected:
        return
    if envelope.version > expected:
        await letters.bury(work, delivery, envelope, LetterStatus.PARKED, f"waits for version {expected}")
        return
    if await _take_fact(work, consumers, delivery, envelope):
        await advance(work, consumers, envelope.document, envelope.version)


async def _first_time(work: Work, event: UUID) -> bool:
    inserted = await work.tx.execute(
        pg_insert(InboxRow)
        .values(event=event, received_at=work.system_now)
        .on_conflict_do_nothing()
        .returning(InboxRow.event)
    )
    return inserted.first() is not None


async def _doubt_position(work: Work, consumers: Consumers, delivery: Delivery, reason: str) -> None:
    """Of a message whose headers cannot be read nobody knows whether it carries a position."""
    copies = consumers.positions.get(delivery.topic)
    if copies is not None and account_id(delivery.message.key) is not None:
        await doubt(work, copies, delivery, None, reason)


async def _take_fact(work: Work, consumers: Consumers, delivery: Delivery, envelope: Envelope) -> bool:
    try:
        await apply(work, consumers, delivery, envelope)
    except Poison as error:
        await letters.bury(work, delivery, envelope, LetterStatus.POISON, str(error))
        return False
    return True


async def apply(work: Work, consumers: Consumers, delivery: Delivery, envelope: Envelope) -> None:
    """Let the fact's handler run; raises `Poison`, and then nothing the handler stored stays."""
    known = consumers.facts.get(envelope.type)
    if known is None:
        if consumers.knows_name(envelope.name):
            raise Poison(f"unknown version: {envelope.type}")
        return
    model, handler = known
    try:
        event = model.model_validate(read_data(delivery.message.value))
    except (Unreadable, ValidationError) as error:
        raise Poison(str(error)) from error
    work.traceparent = envelope.traceparent
    await guarded(work, handler(work, event))


async def lock_progress(work: Work, document: str) -> int:
    """The last version that took effect, its row locked until the transaction ends."""
    await work.tx.execute(pg_insert(DocumentProgress).values(document=document, version=0).on_conflict_do_nothing())
    version = await work.tx.scalar(
        select(DocumentProgress.version).where(DocumentProgress.document == document).with_for_update()
    )
    return version or 0


async def advance(work: Work, consumers: Consumers, document: str, version: int) -> None:
    """Record `version` as taken and go on with what was parked, or given up while parked, right behind it."""
    while True:
        await work.tx.execute(
            update(DocumentProgress).where(DocumentProgress.document == document).values(version=version)
        )
        following = await work.tx.scalar(
            select(DeadLetter)
            .where(
                DeadLetter.document == document,
                DeadLetter.version == version + 1,
                DeadLetter.status.in_([LetterStatus.PARKED, LetterStatus.DISCARDED]),
            )
            .order_by(DeadLetter.status.desc())
            .limit(1)
        )
        if following is None:
            return
        if following.status is LetterStatus.PARKED:
            delivery = following.delivery()
            following.status, following.settled_at = LetterStatus.SETTLED, work.system_now
            await work.tx.flush()
            if not await _take_fact(work, consumers, delivery, read_headers(delivery.message)):
                return
        version += 1
