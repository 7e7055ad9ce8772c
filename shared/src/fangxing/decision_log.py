"""The decision log 决策日志: every verdict with the hash of its content, chained and sealed in batches.

A verdict is stored in the transaction it decides. One sealer per database takes committed verdicts in batches: the
seal's head is the hash of the previous head and of the batch's verdict hashes, signed, and published. A chain inside
the deciding transaction would make all decisions wait for one another.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Boolean, DateTime, Index, Integer, LargeBinary, String, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.database import Reader, Tx
from fangxing.database.tables import Table
from fangxing.ids import new_id
from fangxing.outbox import Event, record
from fangxing.verdicts import Verdict, content_hash
from fangxing.work import Work

GENESIS = "0" * 64
_BATCH = 500


class VerdictRow(Table):
    """One verdict: about `document` ("notice/<id>"), of `kind`, with its content and the content's hash."""

    __tablename__ = "verdicts"
    __table_args__ = (
        Index("ix_verdicts_document", "document", "id"),
        Index("ix_verdicts_unsealed", "id", postgresql_where="seal IS NULL"),
        Index("ix_verdicts_seal", "seal", "place"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    document: Mapped[str] = mapped_column(String(120))
    allowed: Mapped[bool] = mapped_column(Boolean)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    hash: Mapped[str] = mapped_column(String(64))
    decided_by: Mapped[str] = mapped_column(String(80))
    decided_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    seal: Mapped[int | None]
    place: Mapped[int | None]


class SealRow(Table):
    """A sealed batch of `size` verdicts."""

    __tablename__ = "seals"

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    previous: Mapped[str] = mapped_column(String(64))
    head: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class DecisionLogSealed(Event):
    """A signed head of a service's decision log."""

    event_type: ClassVar[str] = "log.DecisionLogSealed.v1"
    service: str
    seq: int
    head: str
    size: int
    signature: str


def envelope(kind: str, document: str, verdict: Verdict, work: Work) -> dict[str, Any]:
    """What is hashed: the verdict with what it is about, who asked (for whom), and when by business time."""
    deputy_of = {"on_behalf_of": work.actor.on_behalf_of} if work.actor.on_behalf_of else {}
    return {
        "kind": kind,
        "document": document,
        "actor": work.actor.id,
        **deputy_of,
        "at": work.now.isoformat(),
        **verdict.content(),
    }


def keep(work: Work, kind: str, document: str, verdict: Verdict) -> VerdictRow:
    """Store `verdict` about `document` in the unit of work."""
    content = envelope(kind, document, verdict, work)
    row = VerdictRow(
        id=new_id(),
        kind=kind,
        document=document,
        allowed=verdict.allowed,
        content=content,
        hash=content_hash(content),
        decided_by=work.actor.id,
        decided_at=work.now,
    )
    work.tx.add(row)
    return row


def chain(previous: str, hashes: Sequence[str]) -> str:
    """The head of a batch: SHA-256 over the previous head and the verdict hashes, in order."""
    return hashlib.sha256("\n".join([previous, *hashes]).encode()).hexdigest()


async def seal(work: Work, service: str, key: Ed25519PrivateKey) -> int:
    """Seal the verdicts committed so far, one batch; how many. Only the leader calls this."""
    tx = work.tx
    rows = (
        await tx.execute(
            select(VerdictRow.id, VerdictRow.hash)
            .where(VerdictRow.seal.is_(None))
            .order_by(VerdictRow.id)
            .limit(_BATCH)
            .with_for_update()
        )
    ).all()
    if not rows:
        return 0
    last = (await tx.execute(select(SealRow.seq, SealRow.head).order_by(SealRow.seq.desc()).limit(1))).first()
    seq, previous = (last.seq + 1, last.head) if last else (1, GENESIS)
    head = chain(previous, [row.hash for row in rows])
    signature = key.sign(f"{service}:{seq}:{head}".encode())
    tx.add(
        SealRow(
            seq=seq,
            previous=previous,
            head=head,
            size=len(rows),
            signature=signature,
            sealed_at=work.system_now,
        )
    )
    await tx.execute(
        update(VerdictRow), [{"id": row.id, "seal": seq, "place": place} for place, row in enumerate(rows)]
    )
    document = f"decision-log/{service}"
    sealed = DecisionLogSealed(service=service, seq=seq, head=head, size=len(rows), signature=signature.hex())
    record(work, sealed, key=document, document=document, version=seq)
    return len(rows)


def _columns_agree(verdict: Any) -> bool:
    """Whether the columns, which lists and searches show, say what the sealed content says."""
    content = verdict.content
    return (verdict.kind, verdict.document, verdict.allowed, verdict.decided_by, verdict.decided_at) == (
        content["kind"],
        content["document"],
        content["allowed"],
        content["actor"],
        datetime.fromisoformat(content["at"]),
    )


async def verify(
    connection: Tx | Reader,
    service: str,
    key: Ed25519PublicKey,
    *,
    expected_head: tuple[int, str] | None = None,
) -> list[str]:
    """Go through the whole log; what is wrong with it, empty when it holds.

    `expected_head` is a published (seq, head) to hold the log against: without one, a log cut off at its end and
    never published would still look whole.
    """
    faults: list[str] = []
    previous = GENESIS
    seen = 0
    for seal_row in (await connection.execute(select(SealRow.__table__).order_by(SealRow.seq))).all():
        seen += 1
        if seal_row.seq != seen or seal_row.previous != previous:
            faults.append(f"seal {seal_row.seq}: the chain is broken before it")
        verdicts = (
            await connection.execute(
                select(VerdictRow.__table__).where(VerdictRow.seal == seal_row.seq).order_by(VerdictRow.place)
            )
        ).all()
        for verdict in verdicts:
            if content_hash(verdict.content) != verdict.hash or not _columns_agree(verdict):
                faults.append(f"verdict {verdict.id}: the content does not match its hash")
        if len(verdicts) != seal_row.size or chain(seal_row.previous, [v.hash for v in verdicts]) != seal_row.head:
            faults.append(f"seal {seal_row.seq}: verdicts are missing, added or changed")
        try:
            key.verify(seal_row.signature, f"{service}:{seal_row.seq}:{seal_row.head}".encode())
        except InvalidSignature:
            faults.append(f"seal {seal_row.seq}: the signature is not this service's")
        if expected_head and expected_head[0] == seal_row.seq and expected_head[1] != seal_row.head:
            faults.append(f"seal {seal_row.seq}: not the head that was published")
        previous = seal_row.head
    if expected_head and expected_head[0] > seen:
        faults.append(f"seal {expected_head[0]} was published and is missing")
    return faults
