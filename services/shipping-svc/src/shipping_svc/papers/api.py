"""HTTP of the papers: signatures, delivery notes, passes issued anew, and the books held against them."""

from uuid import UUID

from sqlalchemy import select

from fangxing.database import reading
from fangxing.roles import Role
from fangxing.web.access import allow
from fangxing.web.edge import Caller, CallerLanguage, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page
from shipping_svc.papers import auditing, issuing, signing
from shipping_svc.papers.access import NOTE_READERS, POSITION_AUDITORS, note_seen_by
from shipping_svc.papers.shapes import (
    DeliveryNoteOut,
    DeliveryNoteRow,
    DifferenceOut,
    PassOut,
    Reissue,
    Signed,
    SignLoading,
)
from shipping_svc.papers.store import DeliveryNote
from shipping_svc.reference.access import seen_by

router = edge_router("papers")


@router.post("/loadings/{loading_id}/signatures", status_code=201)
@allow(Role.WAREHOUSE_KEEPER)
async def sign_loading(loading_id: UUID, body: SignLoading, work: CurrentWork, language: CallerLanguage) -> Signed:
    """Keeper and carrier sign: delivery note and exit pass (5-4.2.1-D, -E); a lot blocked since stops it (5-3)."""
    verdict, papers = await signing.sign_loading(work, loading_id, body)
    return Signed.show(verdict, papers, work.signing_key, language)


@router.get("/delivery-notes")
@allow(*NOTE_READERS)
async def list_delivery_notes(
    reader: CurrentReader,
    caller: Caller,
    customer_id: UUID | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[DeliveryNoteRow]:
    """Delivery notes, newest first; a rep sees those of his customers."""
    statement = seen_by(caller, select(DeliveryNote.__table__), DeliveryNote.customer_id)
    if customer_id is not None:
        statement = statement.where(DeliveryNote.customer_id == customer_id)
    return await page(
        reader,
        statement,
        lambda row: DeliveryNoteRow.model_validate(dict(row)),
        sorts={"number": DeliveryNote.number},
        id=DeliveryNote.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.get("/delivery-notes/{note_id}")
@allow(*NOTE_READERS)
async def get_delivery_note(note_id: UUID, caller: Caller, reader: CurrentReader) -> DeliveryNoteOut:
    """One delivery note; a rep sees those of his customers."""
    async with reading(reader) as tx:
        return DeliveryNoteOut.show(await note_seen_by(tx, caller, note_id))


@router.post("/delivery-notes/{note_id}/exit-passes", status_code=201)
@allow(Role.WAREHOUSE_SUPERVISOR)
async def reissue_pass(note_id: UUID, body: Reissue, work: CurrentWork) -> PassOut:
    """Issue another pass after checking the truck again; the one before is void (5-4.2.1-F)."""
    return PassOut.show(await issuing.reissue_pass(work, note_id, body), work.signing_key)


@router.get("/position/differences")
@allow(*POSITION_AUDITORS)
async def position_differences(reader: CurrentReader) -> list[DifferenceOut]:
    """The stored positions held against the documents; empty when rebuilt = live."""
    return [DifferenceOut.show(found) for found in await auditing.differences(reader)]
