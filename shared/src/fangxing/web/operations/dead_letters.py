"""Dead letters: list them, retry one with or without a repaired body, discard one."""

import base64
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from fangxing import inbox
from fangxing.bus import letters
from fangxing.bus.letters import DeadLetter
from fangxing.database.types import to_json
from fangxing.roles import Role
from fangxing.validation import Body
from fangxing.web.access import allow
from fangxing.web.edge import CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page

router = edge_router("dead-letters", "/dead-letters")

Status = Literal["poison", "parked", "settled", "discarded"]


class DeadLetterOut(BaseModel):
    """One dead letter; `body` is text where it is UTF-8, and base64 always."""

    id: UUID
    status: Status
    topic: str
    document: str | None
    version: int | None
    type: str | None
    key: str
    body: str
    body_base64: str
    reason: str
    attempts: int
    received_at: datetime


class Retry(Body):
    """An optional repaired body, a JSON object; the bytes received are kept beside it."""

    repaired_body: dict[str, Any] | None = None


class Settled(BaseModel):
    """What became of the letter: `taken` tells whether it took effect, `reason` why not."""

    id: UUID
    taken: bool
    status: Status
    reason: str


def _shape(row: RowMapping) -> DeadLetterOut:
    body: bytes = row["body"]
    derived = {"body": body.decode("utf-8", "replace"), "body_base64": base64.b64encode(body).decode()}
    return DeadLetterOut(**{name: row[name] for name in DeadLetterOut.model_fields if name not in derived}, **derived)


@router.get("")
@allow(Role.ADMINISTRATOR)
async def list_dead_letters(
    reader: CurrentReader,
    status: Status | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[DeadLetterOut]:
    """Dead letters, newest first."""
    statement = select(DeadLetter.__table__)
    if status is not None:
        statement = statement.where(DeadLetter.status == status)
    return await page(
        reader,
        statement,
        _shape,
        sorts={"received_at": DeadLetter.received_at},
        id=DeadLetter.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.post("/{letter_id}/retry")
@allow(Role.ADMINISTRATOR)
async def retry(request: Request, letter_id: UUID, body: Retry, work: CurrentWork) -> Settled:
    """Try the letter again; what was parked behind it follows."""
    letter = await letters.waiting(work, letter_id)
    repaired = to_json(body.repaired_body).encode() if body.repaired_body is not None else None
    taken = await inbox.retry(work, request.app.state.service.consumers, letter, repaired)
    return Settled(id=letter.id, taken=taken, status=letter.status, reason=letter.reason)


@router.post("/{letter_id}/discard")
@allow(Role.ADMINISTRATOR)
async def discard(request: Request, letter_id: UUID, work: CurrentWork) -> Settled:
    """Give the letter up; its version counts as taken, and what was parked behind it follows."""
    letter = await letters.waiting(work, letter_id)
    await inbox.discard(work, request.app.state.service.consumers, letter)
    return Settled(id=letter.id, taken=False, status=letter.status, reason=letter.reason)
