"""HTTP of the receivables."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from customer_svc.accounts.store import OpenItem
from customer_svc.customers.access import FINANCE, OVERSEERS, READERS, seen_by
from customer_svc.receivables import crediting, invoicing, paying, restating
from customer_svc.receivables.errors import NOTE_NOT_FOUND
from customer_svc.receivables.rules import CreditNoteStatus
from customer_svc.receivables.shapes import (
    AllocatePayment,
    CreditNoteOut,
    DeliveryNoteOut,
    DeliveryNoteWithLines,
    DifferenceOut,
    InvoiceOut,
    IssueInvoice,
    PaymentOut,
    ReceivePayment,
    RestateAccount,
    ReversePayment,
)
from customer_svc.receivables.store import INVOICES, CreditNote, DeliveryNote, DeliveryNoteLine, Invoice, Payment
from fangxing.roles import Role
from fangxing.web.access import allow
from fangxing.web.edge import Caller, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page

router = edge_router("receivables")


@router.post("/invoices", status_code=201)
@allow(*FINANCE)
async def issue_invoice(body: IssueInvoice, work: CurrentWork) -> InvoiceOut:
    """Issue an invoice against a delivery note, whole or in part."""
    return InvoiceOut.show(await invoicing.issue_invoice(work, body))


@router.get("/invoices")
@allow(*READERS)
async def list_invoices(
    reader: CurrentReader,
    caller: Caller,
    customer_id: UUID | None = None,
    is_open: bool | None = None,
    due_before: date | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[InvoiceOut]:
    """Invoices, newest first; `due_before` with `is_open` lists what is overdue on a day."""
    statement = seen_by(caller, INVOICES, Invoice.customer_id)
    if customer_id is not None:
        statement = statement.where(Invoice.customer_id == customer_id)
    if is_open is not None:
        statement = statement.where(OpenItem.open_amount > 0 if is_open else OpenItem.open_amount == 0)
    if due_before is not None:
        statement = statement.where(OpenItem.due_on < due_before)
    return await page(
        reader,
        statement,
        InvoiceOut.show,
        sorts={"due_on": OpenItem.due_on, "number": Invoice.number},
        id=Invoice.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.post("/payments", status_code=201)
@allow(*FINANCE)
async def receive_payment(body: ReceivePayment, work: CurrentWork) -> PaymentOut:
    """Enter a payment; what is not allocated reduces the receivable unless it is a prepayment."""
    return PaymentOut.show(await paying.receive_payment(work, body))


@router.get("/payments")
@allow(*READERS)
async def list_payments(
    reader: CurrentReader,
    caller: Caller,
    customer_id: UUID | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[PaymentOut]:
    """Payments, newest first."""
    statement = seen_by(caller, select(Payment.__table__), Payment.customer_id)
    if customer_id is not None:
        statement = statement.where(Payment.customer_id == customer_id)
    return await page(
        reader,
        statement,
        PaymentOut.show,
        sorts={"reference": Payment.reference},
        id=Payment.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.post("/payments/{payment_id}/allocations")
@allow(*FINANCE)
async def allocate_payment(payment_id: UUID, body: AllocatePayment, work: CurrentWork) -> PaymentOut:
    """Let what is left of a payment pay invoices; never more than is left."""
    return PaymentOut.show(await paying.allocate_payment(work, payment_id, body))


@router.post("/payments/{payment_id}/reversal")
@allow(*FINANCE)
async def reverse_payment(payment_id: UUID, body: ReversePayment, work: CurrentWork) -> PaymentOut:
    """Take a payment back, as when a draft bounces."""
    return PaymentOut.show(await paying.reverse_payment(work, payment_id, body))


@router.get("/credit-notes")
@allow(*OVERSEERS)
async def list_credit_notes(
    reader: CurrentReader,
    status: CreditNoteStatus | None = None,
    customer_id: UUID | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[CreditNoteOut]:
    """Credit notes, newest first."""
    statement = select(CreditNote.__table__)
    if status is not None:
        statement = statement.where(CreditNote.status == status)
    if customer_id is not None:
        statement = statement.where(CreditNote.customer_id == customer_id)
    return await page(
        reader,
        statement,
        CreditNoteOut.show,
        sorts={"created_on": CreditNote.created_on},
        id=CreditNote.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.post("/credit-notes/{credit_note_id}/confirmation")
@allow(*FINANCE)
async def confirm_credit_note(credit_note_id: UUID, work: CurrentWork) -> CreditNoteOut:
    """Confirm a credit note; the exposure falls by its value."""
    return CreditNoteOut.show(await crediting.confirm_credit_note(work, credit_note_id))


@router.get("/delivery-notes")
@allow(*READERS)
async def list_delivery_notes(
    reader: CurrentReader,
    caller: Caller,
    customer_id: UUID | None = None,
    sort: Sort = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[DeliveryNoteOut]:
    """Delivery notes, newest first."""
    statement = seen_by(caller, select(DeliveryNote.__table__), DeliveryNote.customer_id)
    if customer_id is not None:
        statement = statement.where(DeliveryNote.customer_id == customer_id)
    return await page(
        reader,
        statement,
        DeliveryNoteOut.show,
        sorts={"number": DeliveryNote.number},
        id=DeliveryNote.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.get("/delivery-notes/{note_id}")
@allow(*OVERSEERS)
async def get_delivery_note(note_id: UUID, reader: CurrentReader) -> DeliveryNoteWithLines:
    """One delivery note with its lines."""
    note = (await reader.execute(select(DeliveryNote.__table__).where(DeliveryNote.id == note_id))).mappings().first()
    if note is None:
        raise NOTE_NOT_FOUND(note=note_id)
    lines = await reader.execute(
        select(DeliveryNoteLine.__table__).where(DeliveryNoteLine.note_id == note_id).order_by(DeliveryNoteLine.line)
    )
    return DeliveryNoteWithLines.show({**note, "lines": lines.mappings().all()})


@router.get("/ledger/differences")
@allow(*FINANCE, Role.AUDIT_MANAGER, Role.ADMINISTRATOR)
async def ledger_differences(reader: CurrentReader) -> list[DifferenceOut]:
    """The stored balances held against the ledger; empty when all agree."""
    return [DifferenceOut.show(item) for item in await restating.differences(reader)]


@router.post("/ledger/restatement")
@allow(Role.FINANCE_MANAGER, Role.ADMINISTRATOR)
async def restate_from_ledger(body: RestateAccount, work: CurrentWork) -> list[DifferenceOut]:
    """Set an account's stored balances to what its ledger says; what was corrected."""
    return [DifferenceOut.show(item) for item in await restating.restate(work, body)]
