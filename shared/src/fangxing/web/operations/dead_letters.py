"""Dead letters: list them, try one again; propose a remedy for one, and confirm or refuse what another one proposed."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from fangxing import settling
from fangxing.bus import letters
from fangxing.bus.letters import DeadLetter, LetterStatus, Remedy
from fangxing.database.types import to_json
from fangxing.roles import Role
from fangxing.scope import everyone
from fangxing.text import Paragraph
from fangxing.validation import Body
from fangxing.web.access import allow
from fangxing.web.edge import CurrentLook, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.listing import By, File, Is, Listing, ListQuery, Page
from fangxing.work import Look

router = edge_router("dead-letters", "/dead-letters")


class DeadLetterOut(BaseModel):
    """One dead letter; `body` is text where it is UTF-8, and base64 always.

    With an `account` it is about that account's position alone, which its writer restates. `proposal` is the remedy
    that waits for a second person, with the body that would take effect where it is a repair.
    """

    id: UUID
    status: LetterStatus
    topic: str
    document: str | None
    version: int | None
    type: str | None
    account: UUID | None
    partition: int
    offset: int
    key: str
    body: str
    body_base64: str
    reason: str
    attempts: int
    received_at: datetime
    proposal: Remedy | None
    proposed_body: str | None
    proposed_because: str | None
    proposed_by: str | None


class ProposeRemedy(Body):
    """A remedy and why; for a repair the repaired body, a JSON object. The bytes received are kept beside it."""

    remedy: Remedy
    because: Paragraph
    repaired_body: dict[str, Any] | None = None


class Proposed(BaseModel):
    """What was proposed for a letter, or null where that was refused; it waits for a second person."""

    id: UUID
    status: LetterStatus
    proposal: Remedy | None


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
    return [DeadLetterOut.model_validate({**row, **_bodies(row)}) for row in rows]


def _bodies(row: RowMapping) -> dict[str, str | None]:
    proposed = row["proposed_body"]
    return {
        "body": row["body"].decode("utf-8", "replace"),
        "body_base64": base64.b64encode(row["body"]).decode(),
        "proposed_body": None if proposed is None else proposed.decode("utf-8", "replace"),
    }


DEAD_LETTERS = Listing(
    DeadLetterOut,
    DeadLetterQuery,
    select(DeadLetter.__table__),
    id=DeadLetter.id,
    scope=everyone,
    shape=_readable,
)


@router.get("")
@allow(Role.ADMINISTRATOR, Role.GENERAL_MANAGER)
async def list_dead_letters(
    look: CurrentLook, query: Annotated[DeadLetterQuery, Query()]
) -> Page[DeadLetterOut] | File:
    """Dead letters, newest first."""
    return await DEAD_LETTERS.page(look, query)


@router.post("/{letter_id}/retry")
@allow(Role.ADMINISTRATOR)
async def retry(request: Request, letter_id: UUID, work: CurrentWork) -> Settled:
    """Try the letter again as it is; what was parked behind it follows. For a position its writer is asked again."""
    letter = await letters.waiting(work, letter_id)
    return _settled(letter, await settling.retry(work, request.app.state.service.consumers, letter))


@router.post("/{letter_id}/proposals", status_code=201)
@allow(Role.ADMINISTRATOR)
async def propose(letter_id: UUID, body: ProposeRemedy, work: CurrentWork) -> Proposed:
    """Propose to repair the letter, to give it up, or to take the events it waits for as lost; another one confirms."""
    letter = await letters.waiting(work, letter_id)
    repaired = to_json(body.repaired_body).encode() if body.repaired_body is not None else None
    await settling.propose(work, letter, body.remedy, body.because, repaired)
    return Proposed(id=letter.id, status=letter.status, proposal=letter.proposal)


@router.post("/{letter_id}/confirmation")
@allow(Role.ADMINISTRATOR, Role.GENERAL_MANAGER)
async def confirm(request: Request, letter_id: UUID, work: CurrentWork) -> Settled:
    """Do what another one proposed, on the record; what was parked behind the letter follows."""
    letter = await letters.waiting(work, letter_id)
    return _settled(letter, await settling.confirm(work, request.app.state.service.consumers, letter))


@router.post("/{letter_id}/refusal")
@allow(Role.ADMINISTRATOR, Role.GENERAL_MANAGER)
async def refuse(letter_id: UUID, work: CurrentWork) -> Proposed:
    """Drop what was proposed; the letter waits on."""
    letter = await letters.waiting(work, letter_id)
    await settling.refuse(work, letter)
    return Proposed(id=letter.id, status=letter.status, proposal=letter.proposal)


def _settled(letter: DeadLetter, taken: bool) -> Settled:
    return Settled(id=letter.id, taken=taken, status=letter.status, reason=letter.reason)
