"""Dead letters 失败消息: what could not take effect, kept with its bytes and the reason until somebody settles it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import BigInteger, DateTime, Index, LargeBinary, String, Text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.bus import Delivery, Message
from fangxing.bus.envelope import Envelope
from fangxing.database.tables import Table
from fangxing.database.types import one_of
from fangxing.errors import ErrorType, Kind
from fangxing.ids import new_id
from fangxing.work import Work

log = structlog.get_logger(__name__)


class LetterStatus(StrEnum):
    """The state of a dead letter: poison itself, parked behind one or behind a gap, taken after all, or given up."""

    POISON = "poison"
    PARKED = "parked"
    SETTLED = "settled"
    DISCARDED = "discarded"


class Remedy(StrEnum):
    """What takes two people: another body, giving it up, or taking the events it waits for as lost."""

    REPAIR = "repair"
    DISCARD = "discard"
    ACCEPT_LOSS = "accept_loss"


WAITING = (LetterStatus.POISON, LetterStatus.PARKED)
"""The states of a dead letter that waits for somebody."""
LETTER_NOT_FOUND = ErrorType(
    "dead-letter-not-found", Kind.NOT_FOUND, "没有待处理的失败消息 {id}", "There is no waiting dead letter {id}"
)

# stands for NUL in stored headers: PostgreSQL has none in JSON, and Latin-1 none of this
_NUL = "\u0100"


class DeadLetter(Table):
    """A message that could not take effect: `poison` itself, or `parked` behind one or behind a gap.

    `body` is what a retry reads: the bytes as received until somebody repairs them; `received_body` never changes. With
    an `account` it is about that account's position alone: its writer's restatement settles it.
    """

    __tablename__ = "dead_letters"
    __table_args__ = (
        Index(
            "uq_dead_letters_document_version",
            "document",
            "version",
            unique=True,
            postgresql_where="status IN ('poison', 'parked')",
        ),
        Index(
            "uq_dead_letters_place",
            "topic",
            "partition",
            "offset",
            "account",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where="version IS NULL",
        ),
        Index("ix_dead_letters_status", "status", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    status: Mapped[LetterStatus] = mapped_column(one_of(LetterStatus))
    topic: Mapped[str] = mapped_column(String(80))
    partition: Mapped[int]
    offset: Mapped[int] = mapped_column(BigInteger)
    document: Mapped[str | None] = mapped_column(String(160))
    version: Mapped[int | None]
    type: Mapped[str | None] = mapped_column(String(120))
    account: Mapped[UUID | None]
    key: Mapped[str] = mapped_column(String(200))
    headers: Mapped[list[list[str]]] = mapped_column(JSONB)
    received_body: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    settled_by: Mapped[str | None] = mapped_column(String(80))
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    proposal: Mapped[Remedy | None] = mapped_column(one_of(Remedy, "proposal"))
    proposed_body: Mapped[bytes | None] = mapped_column(LargeBinary)
    proposed_because: Mapped[str | None] = mapped_column(Text)
    proposed_by: Mapped[str | None] = mapped_column(String(80))
    proposed_for: Mapped[str | None] = mapped_column(String(80))
    proposed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def name(self) -> str:
        """The letter's name, as of a document."""
        return f"dead-letter/{self.id}"

    def delivery(self) -> Delivery:
        """The message as it would be delivered now."""
        headers = tuple((name, value.replace(_NUL, "\x00").encode("latin-1")) for name, value in self.headers)
        return Delivery(self.topic, self.partition, self.offset, Message(self.key, headers, self.body))


async def bury(work: Work, delivery: Delivery, envelope: Envelope | None, status: LetterStatus, reason: str) -> None:
    """Keep the message and the reason; a document's version, and a message without one, stand there once."""
    named = {
        "document": envelope.document if envelope else None,
        "version": envelope.version if envelope else None,
        "type": envelope.type if envelope else None,
    }
    await _store(work, delivery, status=status, reason=reason, **named)


async def bury_position(work: Work, delivery: Delivery, account: UUID | None, reason: str) -> None:
    """Keep the message whose position cannot be trusted; its fact is another matter."""
    await _store(work, delivery, status=LetterStatus.POISON, reason=reason, account=account)


async def settle_positions(work: Work, topic: str, account: UUID) -> None:
    """The position of `account` was restated: what could not be read of it before is settled."""
    await work.tx.execute(
        update(DeadLetter)
        .where(DeadLetter.account == account, DeadLetter.topic == topic, DeadLetter.status == LetterStatus.POISON)
        .values(status=LetterStatus.SETTLED, settled_by=work.actor.id, settled_at=work.system_now)
        .execution_options(synchronize_session=False)
    )


async def _store(work: Work, delivery: Delivery, *, status: LetterStatus, reason: str, **more: Any) -> None:
    message = delivery.message
    # the reason may name what was in the message; it stands in the letter
    log.warning("event.buried", status=status, topic=delivery.topic, offset=delivery.offset, key=message.key)
    await work.tx.execute(
        pg_insert(DeadLetter)
        .values(
            id=new_id(),
            status=status,
            topic=delivery.topic,
            partition=delivery.partition,
            offset=delivery.offset,
            key=storable(message.key, 200),
            headers=[
                [storable(name), value.decode("latin-1").replace("\x00", _NUL)] for name, value in message.headers
            ],
            received_body=message.value,
            body=message.value,
            reason=storable(reason, 2000),
            attempts=1,
            received_at=work.system_now,
            **more,
        )
        .on_conflict_do_nothing()
    )


def storable(text: str, most: int | None = None) -> str:
    """`text` as PostgreSQL takes it: no NUL, and cut where the column ends."""
    return text.replace("\x00", "\x1a")[:most]


async def waiting(work: Work, letter_id: UUID) -> DeadLetter:
    """A dead letter that waits for somebody, locked; raises `dead-letter-not-found`."""
    letter = await work.tx.get(DeadLetter, letter_id, with_for_update=True)
    if letter is None or letter.status not in WAITING:
        raise LETTER_NOT_FOUND(id=letter_id)
    return letter
