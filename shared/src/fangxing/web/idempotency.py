"""Idempotency keys (IETF draft-ietf-httpapi-idempotency-key-header), scoped to principal and route.

The response is stored in the same transaction as the effect, so that a retry gets the first answer or runs for the
first time, never both. Another body under the same key is refused; a key in progress answers 409.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Index, LargeBinary, Select, String, bindparam, func, select, true
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Mapped, mapped_column
from starlette.requests import Request
from starlette.responses import Response

from fangxing.database import Tx
from fangxing.database.tables import Table
from fangxing.errors import ErrorType, Kind

HEADER = "idempotency-key"
FORM = re.compile("^[!-~]{1,128}$")

KEY_MISSING = ErrorType(
    "idempotency-key-missing",
    Kind.INVALID,
    "缺少请求头 Idempotency-Key（每次操作一个新的唯一值，重试时用同一个）",
    "The header Idempotency-Key is missing (a new unique value per operation, the same one for a retry)",
    field="Idempotency-Key",
)
KEY_MALFORMED = ErrorType(
    "idempotency-key-malformed",
    Kind.INVALID,
    "Idempotency-Key 须为 1 至 128 个字符，只含英文字母、数字和 ASCII 符号，不含空格",
    "Idempotency-Key must be 1 to 128 characters: letters, digits and signs of ASCII, no blanks",
    field="Idempotency-Key",
)
KEY_REUSED = ErrorType(
    "idempotency-key-reused",
    Kind.MISMATCH,
    "此 Idempotency-Key 已用于另一个内容不同的请求",
    "This Idempotency-Key was used for a request with another body",
    field="Idempotency-Key",
)
IN_PROGRESS = ErrorType(
    "request-in-progress",
    Kind.CONFLICT,
    "同一 Idempotency-Key 的请求正在处理，请稍后重试",
    "A request with this Idempotency-Key is in progress; retry in a moment",
    field="Idempotency-Key",
)


class IdempotencyRow(Table):
    """One answered request."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("ix_idempotency_keys_stored_at", "stored_at"),)

    principal: Mapped[str] = mapped_column(String(80), primary_key=True)
    route: Mapped[str] = mapped_column(String(300), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(80))
    response: Mapped[bytes] = mapped_column(LargeBinary)
    stored_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


@dataclass(frozen=True, slots=True)
class Claim:
    """A key claimed for this transaction."""

    principal: str
    route: str
    key: str
    body_hash: str


async def claim(request: Request, principal: str) -> Claim:
    """Read the key and the body's hash off the request; raises `idempotency-key-missing` or `-malformed`."""
    key = request.headers.get(HEADER, "").strip('"')
    if not key:
        raise KEY_MISSING()
    if not FORM.fullmatch(key):
        raise KEY_MALFORMED()
    body_hash = hashlib.sha256(await request.body()).hexdigest()
    return Claim(principal, f"{request.method} {request.scope['path']}"[:300], key, body_hash)


def _replay_statement() -> Select[Any]:
    stored = (
        select(
            IdempotencyRow.body_hash,
            IdempotencyRow.status,
            IdempotencyRow.media_type,
            IdempotencyRow.response,
        )
        .where(
            IdempotencyRow.principal == bindparam("principal"),
            IdempotencyRow.route == bindparam("route"),
            IdempotencyRow.key == bindparam("key"),
        )
        .subquery()
    )
    lock = func.hashtextextended(bindparam("lock", type_=String), 0)
    locked = select(func.pg_try_advisory_xact_lock(lock).label("locked")).subquery()
    return select(locked, stored).join_from(locked, stored, true(), isouter=True)


# built once: every changing request runs them, and building takes longer than running
_REPLAY = _replay_statement()
_STORE = pg_insert(IdempotencyRow).on_conflict_do_nothing().returning(IdempotencyRow.status)


async def replay(tx: Tx, claimed: Claim) -> Response | None:
    """The stored answer of an earlier request with this key, if there is one.

    Takes the key's lock until the transaction ends; raises `request-in-progress` where another request holds it and
    `idempotency-key-reused` where the stored request had another body.
    """
    named = {"principal": claimed.principal, "route": claimed.route, "key": claimed.key}
    lock = f"idempotency:{claimed.principal}:{claimed.route}:{claimed.key}"
    row = (await tx.execute(_REPLAY, {"lock": lock, **named})).one()
    if not row.locked:
        raise IN_PROGRESS()
    if row.status is None:
        return None
    if row.body_hash != claimed.body_hash:
        raise KEY_REUSED()
    return Response(row.response, row.status, {"Idempotency-Replayed": "true"}, media_type=row.media_type)


async def store(tx: Tx, claimed: Claim, response: Response, now: datetime) -> None:
    """Store the answer beside the effect.

    Raises `request-in-progress` in the narrow case that a twin committed between this request's snapshot and its lock.
    """
    row = {
        "principal": claimed.principal,
        "route": claimed.route,
        "key": claimed.key,
        "body_hash": claimed.body_hash,
        "status": response.status_code,
        "media_type": response.headers.get("content-type", "application/json"),
        "response": bytes(response.body),
        "stored_at": now,
    }
    # on the connection: the session would make an object of the row
    kept = await (await tx.connection()).execute(_STORE, row)
    if kept.first() is None:
        raise IN_PROGRESS()
