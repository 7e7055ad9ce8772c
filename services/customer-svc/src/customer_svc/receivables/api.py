"""HTTP of the receivables."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query

from customer_svc.accounts.rules import FINANCE
from customer_svc.accounts.store import Item
from customer_svc.customers.access import OVERSEERS, OWN_CUSTOMERS, READERS
from customer_svc.receivables import cancelling, correcting, crediting, invoicing, paying, restating
from customer_svc.receivables.errors import NOTE_NOT_FOUND
from customer_svc.receivables.rules import (
    CREDIT_NOTE_MOVES,
    INVOICE_MOVES,
    PAYMENT_MOVES,
    CreditNoteAction,
    CreditNoteStatus,
    InvoiceAction,
    PaymentAction,
    PaymentStatus,
)
from customer_svc.receivables.shapes import (
    AllocatePayment,
    CancelCreditNote,
    CancelInvoice,
    ConvertPayment,
    CreditNoteDetail,
    CreditNoteOut,
    DeliveryNoteOut,
    DeliveryNoteWithLines,
    DifferenceOut,
    InvoiceDetail,
    InvoiceOut,
    IssueInvoice,
    MovePayment,
    PaymentDetail,
    PaymentOut,
    ReallocatePayment,
    ReceivePayment,
    RestateAccount,
    ReversePayment,
)
from customer_svc.receivables.store import (
    CREDIT_NOTE_ROWS,
    INVOICE_ROWS,
    NOTE_ROWS,
    PAYMENT_ROWS,
    CreditNote,
    DeliveryNote,
    Invoice,
    Payment,
    lines_of,
)
from fangxing.answers import HistoryOut
from fangxing.offers import possible_actions
from fangxing.policies import PolicyBook
from fangxing.roles import Role
from fangxing.text import Line
from fangxing.web.access import allow
from fangxing.web.attachments import attachment_routes
from fangxing.web.edge import CurrentLook, CurrentPolicies, CurrentWork, LongReader
from fangxing.web.edge import router as edge_router
from fangxing.web.history import history_of
from fangxing.web.listing import By, File, From, Has, Is, Listing, ListQuery, Page, To, Where
from fangxing.work import Look, Work

router = edge_router("receivables")


class InvoiceQuery(ListQuery):
    """What the list of invoices can be asked; `due_before` with `is_open` is what is overdue on a day."""

    sort: Annotated[str, By(Item.due_on, Invoice.number)] = "-id"
    customer_id: Annotated[UUID | None, Is(Invoice.customer_id)] = None
    is_open: Annotated[bool | None, Where(lambda is_open: (Item.open_amount > 0) == is_open)] = None
    due_before: Annotated[date | None, Where(lambda day: Item.due_on < day)] = None
    search: Annotated[Line | None, Has(number=Invoice.number, customer=Invoice.customer_id)] = None


class PaymentQuery(ListQuery):
    """What the list of payments can be asked."""

    sort: Annotated[str, By(Payment.reference)] = "-id"
    customer_id: Annotated[UUID | None, Is(Payment.customer_id)] = None
    status: Annotated[PaymentStatus | None, Is(Payment.status)] = None
    received_from: Annotated[date | None, From(Payment.received_on)] = None
    received_to: Annotated[date | None, To(Payment.received_on)] = None
    search: Annotated[Line | None, Has(number=Payment.reference, customer=Payment.customer_id)] = None


class CreditNoteQuery(ListQuery):
    """What the list of credit notes can be asked."""

    sort: Annotated[str, By(CreditNote.created_on)] = "-id"
    status: Annotated[CreditNoteStatus | None, Is(CreditNote.status)] = None
    customer_id: Annotated[UUID | None, Is(CreditNote.customer_id)] = None
    search: Annotated[Line | None, Has(number=CreditNote.return_number, customer=CreditNote.customer_id)] = None


class DeliveryNoteQuery(ListQuery):
    """What the list of delivery notes can be asked."""

    sort: Annotated[str, By(DeliveryNote.number)] = "-id"
    customer_id: Annotated[UUID | None, Is(DeliveryNote.customer_id)] = None
    search: Annotated[Line | None, Has(number=DeliveryNote.number, customer=DeliveryNote.customer_id)] = None


INVOICES = Listing(InvoiceOut, InvoiceQuery, INVOICE_ROWS, id=Invoice.id, scope=OWN_CUSTOMERS)
PAYMENTS = Listing(PaymentOut, PaymentQuery, PAYMENT_ROWS, id=Payment.id, scope=OWN_CUSTOMERS)
CREDIT_NOTES = Listing(CreditNoteOut, CreditNoteQuery, CREDIT_NOTE_ROWS, id=CreditNote.id, scope=OWN_CUSTOMERS)
DELIVERY_NOTES = Listing(DeliveryNoteOut, DeliveryNoteQuery, NOTE_ROWS, id=DeliveryNote.id, scope=OWN_CUSTOMERS)


attachment_routes(router, "/payments", Payment, PAYMENTS, readers=allow(*READERS), writers=allow(*FINANCE))


async def _invoice(look: Look, invoice_id: UUID, book: PolicyBook) -> InvoiceDetail:
    row = await INVOICES.one(look, invoice_id, Invoice.not_found(invoice_id))
    return InvoiceDetail(**dict(row), actions=await possible_actions(look, Invoice, invoice_id, book))


async def _payment(look: Look, payment_id: UUID, book: PolicyBook) -> PaymentDetail:
    row = await PAYMENTS.one(look, payment_id, Payment.not_found(payment_id))
    return PaymentDetail(**dict(row), actions=await possible_actions(look, Payment, payment_id, book))


async def _credit_note(look: Look, credit_note_id: UUID, book: PolicyBook) -> CreditNoteDetail:
    row = await CREDIT_NOTES.one(look, credit_note_id, CreditNote.not_found(credit_note_id))
    return CreditNoteDetail(**dict(row), actions=await possible_actions(look, CreditNote, credit_note_id, book))


async def _invoiced(work: Work, invoice: Invoice) -> InvoiceDetail:
    return await _invoice(await work.look(), invoice.id, await work.policies())


async def _credited(work: Work, credit_note: CreditNote) -> CreditNoteDetail:
    return await _credit_note(await work.look(), credit_note.id, await work.policies())


async def _paid(work: Work, payment: Payment) -> PaymentDetail:
    return await _payment(await work.look(), payment.id, await work.policies())


@router.post("/invoices", status_code=201)
@allow(INVOICE_MOVES[InvoiceAction.ISSUE])
async def issue_invoice(body: IssueInvoice, work: CurrentWork) -> InvoiceDetail:
    """Issue an invoice against a delivery note, whole or in part."""
    return await _invoiced(work, await invoicing.issue_invoice(work, body))


@router.get("/invoices")
@allow(*READERS)
async def list_invoices(look: CurrentLook, query: Annotated[InvoiceQuery, Query()]) -> Page[InvoiceOut] | File:
    """Invoices, newest first; `due_before` with `is_open` lists what is overdue on a day."""
    return await INVOICES.page(look, query)


@router.get("/invoices/{invoice_id}")
@allow(*READERS)
async def get_invoice(invoice_id: UUID, look: CurrentLook, book: CurrentPolicies) -> InvoiceDetail:
    """One invoice; that of a colleague's customer does not exist for a rep."""
    return await _invoice(look, invoice_id, book)


@router.get("/invoices/{invoice_id}/history")
@allow(*READERS)
async def get_invoice_history(invoice_id: UUID, look: CurrentLook) -> list[HistoryOut]:
    """Who did what with the invoice, oldest first."""
    return await history_of(look, INVOICES, Invoice, invoice_id)


@router.post("/invoices/{invoice_id}/cancellation")
@allow(INVOICE_MOVES[InvoiceAction.CANCEL])
async def cancel_invoice(invoice_id: UUID, body: CancelInvoice, work: CurrentWork) -> InvoiceDetail:
    """Cancel an invoice 红字: its payments are free again, its goods open for another invoice."""
    return await _invoiced(work, await cancelling.cancel_invoice(work, invoice_id, body))


@router.post("/payments", status_code=201)
@allow(PAYMENT_MOVES[PaymentAction.ENTER])
async def receive_payment(body: ReceivePayment, work: CurrentWork) -> PaymentDetail:
    """Enter a payment; what is not allocated reduces the receivable unless it is a prepayment."""
    return await _paid(work, await paying.receive_payment(work, body))


@router.get("/payments")
@allow(*READERS)
async def list_payments(look: CurrentLook, query: Annotated[PaymentQuery, Query()]) -> Page[PaymentOut] | File:
    """Payments, newest first."""
    return await PAYMENTS.page(look, query)


@router.get("/payments/{payment_id}")
@allow(*READERS)
async def get_payment(payment_id: UUID, look: CurrentLook, book: CurrentPolicies) -> PaymentDetail:
    """One payment; that of a colleague's customer does not exist for a rep."""
    return await _payment(look, payment_id, book)


@router.get("/payments/{payment_id}/history")
@allow(*READERS)
async def get_payment_history(payment_id: UUID, look: CurrentLook) -> list[HistoryOut]:
    """Who did what with the payment, oldest first."""
    return await history_of(look, PAYMENTS, Payment, payment_id)


@router.post("/payments/{payment_id}/allocations")
@allow(PAYMENT_MOVES[PaymentAction.ALLOCATE])
async def allocate_payment(payment_id: UUID, body: AllocatePayment, work: CurrentWork) -> PaymentDetail:
    """Let what is left of a payment pay invoices; never more than is left."""
    return await _paid(work, await paying.allocate_payment(work, payment_id, body))


@router.post("/payments/{payment_id}/reallocation")
@allow(PAYMENT_MOVES[PaymentAction.REALLOCATE])
async def reallocate_payment(payment_id: UUID, body: ReallocatePayment, work: CurrentWork) -> PaymentDetail:
    """Let a payment cover what is named instead of what it covers."""
    return await _paid(work, await correcting.reallocate(work, payment_id, body))


@router.post("/payments/{payment_id}/conversion")
@allow(PAYMENT_MOVES[PaymentAction.CONVERT])
async def convert_payment(payment_id: UUID, body: ConvertPayment, work: CurrentWork) -> PaymentDetail:
    """Let a part of a payment serve what is owed, or goods to come, instead."""
    return await _paid(work, await correcting.convert(work, payment_id, body))


@router.post("/payments/{payment_id}/move")
@allow(PAYMENT_MOVES[PaymentAction.MOVE])
async def move_payment(payment_id: UUID, body: MovePayment, work: CurrentWork) -> PaymentDetail:
    """Move a payment to the customer whose it is."""
    return await _paid(work, await correcting.move(work, payment_id, body))


@router.post("/payments/{payment_id}/reversal")
@allow(PAYMENT_MOVES[PaymentAction.REVERSE])
async def reverse_payment(payment_id: UUID, body: ReversePayment, work: CurrentWork) -> PaymentDetail:
    """Take a payment back, as when a draft bounces."""
    return await _paid(work, await paying.reverse_payment(work, payment_id, body))


@router.get("/credit-notes")
@allow(*OVERSEERS)
async def list_credit_notes(
    look: CurrentLook, query: Annotated[CreditNoteQuery, Query()]
) -> Page[CreditNoteOut] | File:
    """Credit notes, newest first."""
    return await CREDIT_NOTES.page(look, query)


@router.get("/credit-notes/{credit_note_id}")
@allow(*OVERSEERS)
async def get_credit_note(credit_note_id: UUID, look: CurrentLook, book: CurrentPolicies) -> CreditNoteDetail:
    """One credit note."""
    return await _credit_note(look, credit_note_id, book)


@router.get("/credit-notes/{credit_note_id}/history")
@allow(*OVERSEERS)
async def get_credit_note_history(credit_note_id: UUID, look: CurrentLook) -> list[HistoryOut]:
    """Who did what with the credit note, oldest first."""
    return await history_of(look, CREDIT_NOTES, CreditNote, credit_note_id)


@router.post("/credit-notes/{credit_note_id}/confirmation")
@allow(CREDIT_NOTE_MOVES[CreditNoteAction.CONFIRM])
async def confirm_credit_note(credit_note_id: UUID, work: CurrentWork) -> CreditNoteDetail:
    """Confirm a credit note; the exposure falls by its value."""
    return await _credited(work, await crediting.confirm_credit_note(work, credit_note_id))


@router.post("/credit-notes/{credit_note_id}/allocations")
@allow(CREDIT_NOTE_MOVES[CreditNoteAction.ALLOCATE])
async def allocate_credit_note(credit_note_id: UUID, body: AllocatePayment, work: CurrentWork) -> CreditNoteDetail:
    """Let what is left of a credit cover debits."""
    return await _credited(work, await crediting.allocate_credit_note(work, credit_note_id, body))


@router.post("/credit-notes/{credit_note_id}/cancellation")
@allow(CREDIT_NOTE_MOVES[CreditNoteAction.CANCEL])
async def cancel_credit_note(credit_note_id: UUID, body: CancelCreditNote, work: CurrentWork) -> CreditNoteDetail:
    """Take the confirmation of a credit note back; it waits for another."""
    return await _credited(work, await cancelling.cancel_credit_note(work, credit_note_id, body))


@router.get("/delivery-notes")
@allow(*READERS)
async def list_delivery_notes(
    look: CurrentLook, query: Annotated[DeliveryNoteQuery, Query()]
) -> Page[DeliveryNoteOut] | File:
    """Delivery notes, newest first."""
    return await DELIVERY_NOTES.page(look, query)


@router.get("/delivery-notes/{note_id}")
@allow(*OVERSEERS)
async def get_delivery_note(note_id: UUID, look: CurrentLook) -> DeliveryNoteWithLines:
    """One delivery note with its lines."""
    note = await DELIVERY_NOTES.one(look, note_id, NOTE_NOT_FOUND(note=note_id))
    return DeliveryNoteWithLines.model_validate({**dict(note), "lines": await lines_of(look.reader, note_id)})


@router.get("/ledger/differences")
@allow(*FINANCE, Role.AUDIT_MANAGER, Role.ADMINISTRATOR)
async def ledger_differences(reader: LongReader) -> list[DifferenceOut]:
    """The stored balances held against the ledger; empty when all agree."""
    return [DifferenceOut.model_validate(item) for item in await restating.differences(reader)]


@router.post("/ledger/restatement")
@allow(Role.FINANCE_MANAGER, Role.ADMINISTRATOR)
async def restate_from_ledger(body: RestateAccount, work: CurrentWork) -> list[DifferenceOut]:
    """Set an account's stored balances to what its ledger says; what was corrected."""
    return [DifferenceOut.model_validate(item) for item in await restating.restate(work, body)]
