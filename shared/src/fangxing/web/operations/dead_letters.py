"""Dead letters: list them, retry one with or without a repaired body, discard one."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from fangxing import inbox
from fangxing.bus import letters
from fangxing.bus.letters import DeadLetter, LetterStatus
from fangxing.database.types import to_json
from fangxing.roles import Role
from fangxing.scope import everyone
from fangxing.validation import Body
from fangxing.web.access import allow
from fangxing.web.edge import CurrentLook, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.listing import By, File, Is, Listing, ListQuery, Page
from fangxing.work import Look

router = edge_router("dead-letters", "/dead-letters")


class DeadLetterOut(BaseModel):
    """One dead letter; `body` is text where it is UTF-8, and base64 always."""

    id: UUID
    status: LetterStatus
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
    status: LetterStatus
    reason: str


class DeadLetterQuery(ListQuery):
    """What the list of dead letters can be asked."""

    sort: Annotated[str, By(DeadLetter.received_at)] = "-id"
    status: Annotated[LetterStatus | None, Is(DeadLetter.status)] = None


async def _readable(look: Look, rows: Sequence[RowMapping]) -> list[DeadLetterOut]:
    return [DeadLetterOut.model_validate({**row, **_both_ways(row["body"])}) for row in rows]


def _both_ways(body: bytes) -> dict[str, str]:
    return {"body": body.decode("utf-8", "replace"), "body_base64": base64.b64encode(body).decode()}


DEAD_LETTERS = Listing(
    DeadLetterOut,
    DeadLetterQuery,
    select(DeadLetter.__table__),
    id=DeadLetter.id,
    scope=everyone,
    shape=_readable,
)


@router.get("")
@allow(Role.ADMINISTRATOR)
async def list_dead_letters(
    look: CurrentLook, query: Annotated[DeadLetterQuery, Query()]
) -> Page[DeadLetterOut] | File:
    """Dead letters, newest first."""
    return await DEAD_LETTERS.page(look, query)


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
