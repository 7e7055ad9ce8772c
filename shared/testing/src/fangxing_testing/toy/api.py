"""The toy writer's routes, one of each kind of access."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import insert, select

from fangxing.answers import Judged, VerdictOut
from fangxing.money import Currency, PositiveYuan, Yuan
from fangxing.roles import Role
from fangxing.scope import everyone
from fangxing.text import Code, Line
from fangxing.validation import Body
from fangxing.web.access import allow, devices, employees, public
from fangxing.web.edge import CallerLanguage, CallingDevice, CurrentLook, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.listing import By, File, Listing, ListQuery, Page
from fangxing_testing.toy import service
from fangxing_testing.toy.tables import NoteRow, ScanRow

router = edge_router("notes")


class WriteNote(Body):
    """A new note."""

    text: Line
    amount: PositiveYuan
    currency: Currency = "CNY"


class AmendNote(Body):
    """A note's new amount."""

    amount: PositiveYuan


class Scan(Body):
    """Something a scanner saw."""

    sequence: int
    code: Code


class NoteOut(BaseModel):
    """A note."""

    id: UUID
    text: str
    amount: Yuan
    version: int


class Judgement(Judged):
    """Whether a note is under the ceiling."""

    note_id: UUID
    currency: Currency = "CNY"


class Recorded(BaseModel):
    """A scan that was taken."""

    device: str
    sequence: int


class Welcome(BaseModel):
    """What the door says."""

    text: str


def _out(row: NoteRow) -> NoteOut:
    return NoteOut(id=row.id, text=row.text, amount=row.amount, version=row.version)


@router.post("/notes", status_code=201)
@allow(Role.SALES_REP, Role.SALES_MANAGER)
async def write_note(body: WriteNote, work: CurrentWork) -> NoteOut:
    """Write a note."""
    return _out(await service.write(work, body.text, body.amount))


@router.put("/notes/{note_id}")
@allow(Role.SALES_MANAGER, idempotent=False)
async def amend_note(note_id: UUID, body: AmendNote, work: CurrentWork) -> NoteOut:
    """Change a note's amount."""
    return _out(await service.amend(work, note_id, body.amount))


@router.post("/notes/{note_id}/amendments")
@allow(Role.SALES_MANAGER)
async def post_amendment(note_id: UUID, body: AmendNote, work: CurrentWork) -> NoteOut:
    """Change a note's amount, with an idempotency key."""
    return _out(await service.amend(work, note_id, body.amount))


@router.post("/notes/{note_id}/judgements", status_code=201)
@allow(Role.FINANCE_MANAGER)
async def judge_note(note_id: UUID, work: CurrentWork, language: CallerLanguage) -> Judgement:
    """Ask for a verdict; a refusal is an answer and is kept."""
    row = await service.judge(work, note_id)
    return Judgement(allowed=row.allowed, verdict=VerdictOut.show(row.content, language), note_id=note_id)


class NoteQuery(ListQuery):
    """What the list of notes can be asked."""

    sort: Annotated[str, By(NoteRow.amount, NoteRow.text)] = "-id"


NOTES = Listing(NoteOut, NoteQuery, select(NoteRow.__table__), id=NoteRow.id, scope=everyone)


@router.get("/notes")
@employees()
async def list_notes(look: CurrentLook, query: Annotated[NoteQuery, Query()]) -> Page[NoteOut] | File:
    """Notes, newest first."""
    return await NOTES.page(look, query)


@router.get("/scribble")
@employees()
async def scribble(reader: CurrentReader) -> Welcome:
    """A reading route that tries to write, which must not work."""
    row = {"device": "reader", "enrolment": 1, "sequence": 1, "code": "x"}
    await reader.execute(insert(ScanRow).values(row))
    return Welcome(text="written")


@router.get("/welcome")
@public()
async def welcome() -> Welcome:
    """Whoever comes in."""
    return Welcome(text="欢迎")


@router.post("/wishes", status_code=201)
@public()
async def wish(body: WriteNote, work: CurrentWork) -> NoteOut:
    """Write a note without signing in."""
    return _out(await service.write(work, body.text, body.amount))


@router.post("/scans", status_code=201)
@devices("scanner")
async def scan(body: Scan, work: CurrentWork, device: CallingDevice) -> Recorded:
    """Record what a scanner saw."""
    work.tx.add(ScanRow(device=device.id, enrolment=device.enrolment, sequence=body.sequence, code=body.code))
    return Recorded(device=device.id, sequence=body.sequence)
