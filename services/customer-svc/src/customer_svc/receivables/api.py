"""HTTP of the receivables."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from customer_svc.customers.store import Customer
from customer_svc.receivables import credit_notes, payments, rules, service
from customer_svc.receivables.ledger import differences, restate
from customer_svc.receivables.store import CreditNote, DeliveryNote, DeliveryNoteLine, Invoice, Payment
from fangxing.money import Currency, PositiveTons, PositiveYuan, Tons, Yuan, YuanOrZero
from fangxing.roles import Role
from fangxing.text import Code, Paragraph
from fangxing.web.access import allow
from fangxing.web.edge import Caller, CurrentReader, CurrentWork
from fangxing.web.edge import router as edge_router
from fangxing.web.paging import After, Limit, Page, Sort, page

router = edge_router("receivables")

FINANCE = (Role.ACCOUNTANT, Role.FINANCE_MANAGER)
READERS = (*FINANCE, Role.SALES_REP, Role.SALES_MANAGER, Role.GENERAL_MANAGER, Role.AUDIT_MANAGER)

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
"""A date that a due date and a grace can be counted from."""


class InvoiceLineIn(BaseModel):
    """Tons of one line of the delivery note."""

    model_config = ConfigDict(extra="forbid")
    line: int = Field(ge=1)
    tons: PositiveTons


class IssueInvoice(BaseModel):
    """An invoice against a delivery note; without lines everything open, without amount at the note's prices."""

    model_config = ConfigDict(extra="forbid")
    number: Code
    delivery_note_id: UUID
    currency: Currency = "CNY"
    amount: PositiveYuan | None = None
    issued_on: Day | None = None
    due_on: Day | None = None
    lines: list[InvoiceLineIn] | None = Field(default=None, min_length=1, max_length=200)
    reason: Paragraph | None = None


class InvoiceOut(BaseModel):
    """An invoice; `settled` is the value at the note's prices of the goods it covers."""

    id: UUID
    number: str
    customer_id: UUID
    account_id: UUID
    note_id: UUID
    amount: Yuan
    settled: Yuan
    open_amount: YuanOrZero
    reason: str | None
    issued_on: date
    due_on: date


class AllocationIn(BaseModel):
    """A part of the payment for one invoice."""

    model_config = ConfigDict(extra="forbid")
    invoice_id: UUID
    amount: PositiveYuan


class ReceivePayment(BaseModel):
    """A payment received."""

    model_config = ConfigDict(extra="forbid")
    customer_id: UUID
    reference: Code
    amount: PositiveYuan
    currency: Currency = "CNY"
    received_on: Day | None = None
    purpose: Literal["receivable", "prepayment"]
    allocations: list[AllocationIn] = Field(default_factory=list, max_length=200)


class AllocatePayment(BaseModel):
    """Invoices that what is left of a payment pays."""

    model_config = ConfigDict(extra="forbid")
    allocations: list[AllocationIn] = Field(min_length=1, max_length=200)


class ReversePayment(BaseModel):
    """Why a payment is taken back."""

    model_config = ConfigDict(extra="forbid")
    reason: Paragraph


class PaymentOut(BaseModel):
    """A payment; `allocated` of it pays invoices."""

    id: UUID
    reference: str
    customer_id: UUID
    account_id: UUID
    purpose: str
    amount: Yuan
    allocated: Yuan
    received_on: date
    reversed_on: date | None
    reversal_reason: str | None


class CreditNoteOut(BaseModel):
    """A credit note; `credited` and `settled` are known once it is confirmed."""

    id: UUID
    return_id: UUID
    return_number: str
    customer_id: UUID
    account_id: UUID
    note_id: UUID
    value: Yuan
    credited: Yuan | None
    settled: Yuan | None
    status: str
    opened_on: date
    confirmed_by: str | None
    confirmed_on: date | None


class DeliveryNoteOut(BaseModel):
    """A delivery note with what is still to be invoiced."""

    id: UUID
    number: str
    customer_id: UUID
    account_id: UUID
    value: Yuan
    shipped_on: date
    left_on: date | None


class DeliveryNoteLineOut(BaseModel):
    """A line of a delivery note."""

    line: int
    product_name: str
    lot: str
    tons: Tons
    price_per_ton: Yuan
    value: Yuan
    settled_tons: Tons
    settled_value: Yuan


class DeliveryNoteWithLines(DeliveryNoteOut):
    """A delivery note with its lines."""

    lines: list[DeliveryNoteLineOut]


class RestateAccount(BaseModel):
    """The account whose stored figures are set to what its ledger says."""

    model_config = ConfigDict(extra="forbid")
    account_id: UUID


class DifferenceOut(BaseModel):
    """A stored figure that is not what the ledger says."""

    account_id: UUID
    figure: str
    stored: Yuan
    ledger: Yuan


@router.post("/invoices", status_code=201)
@allow(*FINANCE)
async def issue_invoice(body: IssueInvoice, work: CurrentWork) -> InvoiceOut:
    """Issue an invoice against a delivery note, whole or in part."""
    invoice = await service.issue_invoice(
        work,
        number=body.number,
        note_id=body.delivery_note_id,
        tons_by_line=service.once_each((line.line, line.tons) for line in body.lines) if body.lines else None,
        amount=body.amount,
        issued_on=body.issued_on or work.today,
        due_on=body.due_on,
        reason=body.reason,
    )
    return InvoiceOut.model_validate(invoice, from_attributes=True)


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
    statement = select(Invoice.__table__)
    if caller.only_own_customers:
        statement = statement.join(Customer, Customer.id == Invoice.customer_id).where(Customer.rep == caller.id)
    if customer_id is not None:
        statement = statement.where(Invoice.customer_id == customer_id)
    if is_open is not None:
        statement = statement.where(Invoice.open_amount > 0 if is_open else Invoice.open_amount == 0)
    if due_before is not None:
        statement = statement.where(Invoice.due_on < due_before)
    return await page(
        reader,
        statement,
        lambda row: InvoiceOut.model_validate(dict(row)),
        sorts={"due_on": Invoice.due_on, "number": Invoice.number},
        id=Invoice.id,
        sort=sort,
        after=after,
        limit=limit,
    )


def _allocations(items: list[AllocationIn]) -> list[rules.Allocation]:
    return [rules.Allocation(str(item.invoice_id), item.amount) for item in items]


@router.post("/payments", status_code=201)
@allow(*FINANCE)
async def receive_payment(body: ReceivePayment, work: CurrentWork) -> PaymentOut:
    """Enter a payment; what is not allocated reduces the receivable unless it is a prepayment."""
    payment = await payments.receive_payment(
        work,
        customer_id=body.customer_id,
        reference=body.reference,
        amount=body.amount,
        received_on=body.received_on or work.today,
        purpose=body.purpose,
        allocations=_allocations(body.allocations),
    )
    return PaymentOut.model_validate(payment, from_attributes=True)


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
    statement = select(Payment.__table__)
    if caller.only_own_customers:
        statement = statement.join(Customer, Customer.id == Payment.customer_id).where(Customer.rep == caller.id)
    if customer_id is not None:
        statement = statement.where(Payment.customer_id == customer_id)
    return await page(
        reader,
        statement,
        lambda row: PaymentOut.model_validate(dict(row)),
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
    payment = await payments.allocate_payment(work, payment_id, _allocations(body.allocations))
    return PaymentOut.model_validate(payment, from_attributes=True)


@router.post("/payments/{payment_id}/reversal")
@allow(*FINANCE)
async def reverse_payment(payment_id: UUID, body: ReversePayment, work: CurrentWork) -> PaymentOut:
    """Take a payment back, as when a draft bounces."""
    payment = await payments.reverse_payment(work, payment_id, body.reason)
    return PaymentOut.model_validate(payment, from_attributes=True)


@router.get("/credit-notes")
@allow(*FINANCE, Role.SALES_MANAGER, Role.GENERAL_MANAGER, Role.AUDIT_MANAGER)
async def list_credit_notes(
    reader: CurrentReader,
    status: Literal["pending", "confirmed"] | None = None,
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
        lambda row: CreditNoteOut.model_validate(dict(row)),
        sorts={"opened_on": CreditNote.opened_on},
        id=CreditNote.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.post("/credit-notes/{credit_note_id}/confirmation")
@allow(*FINANCE)
async def confirm_credit_note(credit_note_id: UUID, work: CurrentWork) -> CreditNoteOut:
    """Confirm a credit note; the exposure falls by its value."""
    credit_note = await credit_notes.confirm_credit_note(work, credit_note_id)
    return CreditNoteOut.model_validate(credit_note, from_attributes=True)


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
    statement = select(DeliveryNote.__table__)
    if caller.only_own_customers:
        statement = statement.join(Customer, Customer.id == DeliveryNote.customer_id).where(Customer.rep == caller.id)
    if customer_id is not None:
        statement = statement.where(DeliveryNote.customer_id == customer_id)
    return await page(
        reader,
        statement,
        lambda row: DeliveryNoteOut.model_validate(dict(row)),
        sorts={"number": DeliveryNote.number},
        id=DeliveryNote.id,
        sort=sort,
        after=after,
        limit=limit,
    )


@router.get("/delivery-notes/{note_id}")
@allow(*FINANCE, Role.SALES_MANAGER, Role.GENERAL_MANAGER, Role.AUDIT_MANAGER)
async def get_delivery_note(note_id: UUID, reader: CurrentReader) -> DeliveryNoteWithLines:
    """One delivery note with its lines."""
    note = (await reader.execute(select(DeliveryNote.__table__).where(DeliveryNote.id == note_id))).mappings().first()
    if note is None:
        raise service.NOTE_NOT_FOUND(note=note_id)
    lines = await reader.execute(
        select(DeliveryNoteLine.__table__).where(DeliveryNoteLine.note_id == note_id).order_by(DeliveryNoteLine.line)
    )
    return DeliveryNoteWithLines.model_validate({**note, "lines": [dict(line) for line in lines.mappings()]})


@router.get("/ledger/differences")
@allow(*FINANCE, Role.AUDIT_MANAGER, Role.ADMINISTRATOR)
async def ledger_differences(reader: CurrentReader) -> list[DifferenceOut]:
    """The stored balances held against the ledger; empty when all agree."""
    return [DifferenceOut.model_validate(item, from_attributes=True) for item in await differences(reader)]


@router.post("/ledger/restatement")
@allow(Role.FINANCE_MANAGER, Role.ADMINISTRATOR)
async def restate_from_ledger(body: RestateAccount, work: CurrentWork) -> list[DifferenceOut]:
    """Set an account's stored balances to what its ledger says; what was corrected."""
    return [DifferenceOut.model_validate(item, from_attributes=True) for item in await restate(work, body.account_id)]
