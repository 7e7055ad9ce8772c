"""HTTP of the papers: signatures, delivery notes, passes issued anew, and the books held against them."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import select

from fangxing.answers import HistoryOut
from fangxing.database import reading
from fangxing.offers import actions, possible_actions
from fangxing.organisation.people import name_of
from fangxing.policies import PolicyBook
from fangxing.text import Line
from fangxing.web.access import allow
from fangxing.web.edge import CallerLanguage, CurrentLook, CurrentPolicies, CurrentWork, LongReader
from fangxing.web.edge import router as edge_router
from fangxing.web.history import history_of
from fangxing.web.listing import By, File, Has, Is, Listing, ListQuery, Page
from fangxing.web.pdf import PRINT, Pdf, printed
from fangxing.work import Look, Work
from shipping_svc.loading.shapes import Vehicle
from shipping_svc.papers import auditing, issuing, signing
from shipping_svc.papers.access import NOTE_READERS, PASS_READERS, POSITION_AUDITORS
from shipping_svc.papers.encoding import encode, picture
from shipping_svc.papers.printing import DELIVERY_NOTE
from shipping_svc.papers.rules import NOTE_MOVES, NoteAction, NoteStatus, PassStatus
from shipping_svc.papers.shapes import (
    DeliveryNoteOut,
    DeliveryNoteRow,
    DifferenceOut,
    PassDetail,
    PassOut,
    PassRow,
    Reissue,
    Signed,
    SignLoading,
)
from shipping_svc.papers.store import DeliveryNote, ExitPass
from shipping_svc.reference.access import CUSTOMERS
from shipping_svc.reference.store import Customer

router = edge_router("papers")


class DeliveryNoteQuery(ListQuery):
    """What the list of delivery notes can be asked."""

    sort: Annotated[str, By(DeliveryNote.number)] = "-id"
    customer_id: Annotated[UUID | None, Is(DeliveryNote.customer_id)] = None
    status: Annotated[NoteStatus | None, Is(DeliveryNote.status)] = None
    search: Annotated[Line | None, Has(number=DeliveryNote.number, customer=DeliveryNote.customer_id)] = None


class PassQuery(ListQuery):
    """What the list of exit passes can be asked; `search` is for their delivery notes."""

    sort: Annotated[str, By(ExitPass.valid_until)] = "-id"
    note_id: Annotated[UUID | None, Is(ExitPass.note_id)] = None
    status: Annotated[PassStatus | None, Is(ExitPass.status)] = None
    vehicle: Annotated[Vehicle | None, Is(ExitPass.vehicle)] = None
    search: Annotated[Line | None, Has(number=ExitPass.note_number, customer=ExitPass.customer_id)] = None


DELIVERY_NOTES = Listing(
    DeliveryNoteRow,
    DeliveryNoteQuery,
    select(DeliveryNote.__table__, Customer.name.label("customer_name")).join_from(
        DeliveryNote, Customer, DeliveryNote.customer_id == Customer.id
    ),
    id=DeliveryNote.id,
    scope=CUSTOMERS,
)


EXIT_PASSES = Listing(
    PassRow,
    PassQuery,
    select(ExitPass.__table__, name_of(ExitPass.author).label("author_name")).join(
        Customer, ExitPass.customer_id == Customer.id
    ),
    id=ExitPass.id,
    scope=CUSTOMERS,
)


def _with_code(exit_pass: ExitPass, work: Work) -> PassOut:
    token = encode(exit_pass, work.signing_key)
    return PassOut.show(exit_pass, token=token, qr_svg=picture(token))


@router.post("/loadings/{loading_id}/signatures", status_code=201)
@allow(NOTE_MOVES[NoteAction.SIGN])
async def sign_loading(loading_id: UUID, body: SignLoading, work: CurrentWork, language: CallerLanguage) -> Signed:
    """Keeper and carrier sign: delivery note and exit pass (5-4.2.1-D, -E); a lot blocked since stops it (5-3)."""
    book = await work.policies()
    verdict, papers = await signing.sign_loading(work, loading_id, body)
    if papers is None:
        return Signed.show(verdict, None, None, language)
    note, exit_pass = papers
    shown = DeliveryNoteOut.show(note, await actions(work.tx, note, work.actor, book), exit_pass.customer_name)
    return Signed.show(verdict, shown, _with_code(exit_pass, work), language)


@router.get("/delivery-notes")
@allow(*NOTE_READERS)
async def list_delivery_notes(
    look: CurrentLook, query: Annotated[DeliveryNoteQuery, Query()]
) -> Page[DeliveryNoteRow] | File:
    """Delivery notes, newest first; a rep sees those of his customers."""
    return await DELIVERY_NOTES.page(look, query)


async def _detail(note_id: UUID, look: Look, book: PolicyBook) -> DeliveryNoteOut:
    row = await DELIVERY_NOTES.one(look, note_id, DeliveryNote.not_found(note_id))
    async with reading(look.reader) as tx:
        note = await tx.get_one(DeliveryNote, note_id)
        possible = await actions(tx, note, look.caller, book)
    return DeliveryNoteOut.show(note, possible, row.customer_name)


@router.get("/delivery-notes/{note_id}")
@allow(*NOTE_READERS)
async def get_delivery_note(note_id: UUID, look: CurrentLook, book: CurrentPolicies) -> DeliveryNoteOut:
    """One delivery note; a rep sees those of his customers."""
    return await _detail(note_id, look, book)


@router.get("/delivery-notes/{note_id}/print", **PRINT)
@allow(*NOTE_READERS)
async def print_delivery_note(note_id: UUID, look: CurrentLook, book: CurrentPolicies) -> Pdf:
    """A delivery note to print, a sheet each for the office, the customer and the carrier (5-4.2.1-D)."""
    note = await _detail(note_id, look, book)
    return await printed(DELIVERY_NOTE, note, look, name=note.number)


@router.get("/delivery-notes/{note_id}/history")
@allow(*NOTE_READERS)
async def get_delivery_note_history(note_id: UUID, look: CurrentLook) -> list[HistoryOut]:
    """What was done with a delivery note, by whom and when, oldest first."""
    return await history_of(look, DELIVERY_NOTES, DeliveryNote, note_id)


@router.post("/delivery-notes/{note_id}/exit-passes", status_code=201)
@allow(NOTE_MOVES[NoteAction.REISSUE_PASS])
async def reissue_pass(note_id: UUID, body: Reissue, work: CurrentWork) -> PassOut:
    """Issue another pass after checking the truck again; the one before is void (5-4.2.1-F)."""
    return _with_code(await issuing.reissue_pass(work, note_id, body), work)


@router.get("/exit-passes")
@allow(*PASS_READERS)
async def list_passes(look: CurrentLook, query: Annotated[PassQuery, Query()]) -> Page[PassRow] | File:
    """Exit passes, newest first; a rep sees those of his customers, and no numbers."""
    return await EXIT_PASSES.page(look, query)


@router.get("/exit-passes/{pass_id}")
@allow(*PASS_READERS)
async def get_pass(pass_id: UUID, look: CurrentLook, book: CurrentPolicies) -> PassDetail:
    """One exit pass; a rep sees those of his customers."""
    row = await EXIT_PASSES.one(look, pass_id, ExitPass.not_found(pass_id))
    return PassDetail.model_validate({**dict(row), "actions": await possible_actions(look, ExitPass, pass_id, book)})


@router.get("/exit-passes/{pass_id}/history")
@allow(*PASS_READERS)
async def get_pass_history(pass_id: UUID, look: CurrentLook) -> list[HistoryOut]:
    """What was done with an exit pass, by whom and when, oldest first."""
    return await history_of(look, EXIT_PASSES, ExitPass, pass_id)


@router.get("/position/differences")
@allow(*POSITION_AUDITORS)
async def position_differences(reader: LongReader) -> list[DifferenceOut]:
    """The stored positions held against the documents; empty when rebuilt = live."""
    return [DifferenceOut(**asdict(found)) for found in await auditing.differences(reader)]
