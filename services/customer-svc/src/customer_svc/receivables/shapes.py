"""What is asked and answered about invoices, payments, credit notes and the ledger."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from customer_svc.receivables.rules import CreditNoteStatus, Figure, Purpose
from customer_svc.shapes import Answer
from fangxing.money import Currency, PositiveTons, PositiveYuan, Tons, Yuan, YuanOrZero
from fangxing.text import Code, Paragraph
from fangxing.validation import Body

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
"""A date that a due date and a grace can be counted from."""


class InvoiceLineIn(Body):
    """Tons of one line of the delivery note."""

    line: int = Field(ge=1)
    tons: PositiveTons


class IssueInvoice(Body):
    """An invoice against a delivery note; without lines everything open, without amount at the note's prices."""

    number: Code
    delivery_note_id: UUID
    currency: Currency = "CNY"
    amount: PositiveYuan | None = None
    issued_on: Day | None = None
    due_on: Day | None = None
    lines: list[InvoiceLineIn] | None = Field(default=None, min_length=1, max_length=200)
    reason: Paragraph | None = None


class InvoiceOut(Answer):
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


class AllocationIn(Body):
    """A part of the payment for one invoice."""

    invoice_id: UUID
    amount: PositiveYuan


class ReceivePayment(Body):
    """A payment received."""

    customer_id: UUID
    reference: Code
    amount: PositiveYuan
    currency: Currency = "CNY"
    received_on: Day | None = None
    purpose: Purpose
    allocations: list[AllocationIn] = Field(default_factory=list, max_length=200)


class AllocatePayment(Body):
    """Invoices that what is left of a payment pays."""

    allocations: list[AllocationIn] = Field(min_length=1, max_length=200)


class ReversePayment(Body):
    """Why a payment is taken back."""

    reason: Paragraph


class PaymentOut(Answer):
    """A payment; `allocated` of it pays invoices."""

    id: UUID
    reference: str
    customer_id: UUID
    account_id: UUID
    purpose: Purpose
    amount: Yuan
    allocated: Yuan
    received_on: date
    reversed_on: date | None
    reversal_reason: str | None


class CreditNoteOut(Answer):
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
    status: CreditNoteStatus
    created_on: date
    confirmed_by: str | None
    confirmed_on: date | None


class DeliveryNoteOut(Answer):
    """A delivery note."""

    id: UUID
    number: str
    customer_id: UUID
    account_id: UUID
    value: Yuan
    shipped_on: date
    left_on: date | None


class DeliveryNoteLineOut(Answer):
    """A line of a delivery note, with what of it was invoiced, or returned before it was."""

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


class RestateAccount(Body):
    """The account whose stored figures are set to what its ledger says."""

    account_id: UUID


class DifferenceOut(Answer):
    """A stored figure that is not what the ledger says."""

    account_id: UUID
    figure: Figure
    stored: Yuan
    ledger: Yuan
