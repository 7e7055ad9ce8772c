"""What the receivables publish; each event carries the whole position."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from customer_svc.credit.events import AccountEvent
from fangxing.money import Yuan


class InvoiceIssued(AccountEvent):
    """An invoice: `amount` went to the receivable and `settled`, at the note's prices, out of the delivered goods."""

    event_type: ClassVar[str] = "customer.InvoiceIssued.v1"
    invoice_id: UUID
    number: str
    customer_id: UUID
    delivery_note_id: UUID
    amount: Yuan
    settled: Yuan
    due_on: date


class PaymentReceived(AccountEvent):
    """A payment for the receivable."""

    event_type: ClassVar[str] = "customer.PaymentReceived.v1"
    payment_id: UUID
    customer_id: UUID
    amount: Yuan


class PrepaymentEarmarked(AccountEvent):
    """A payment kept for goods to come, outside the receivable (5-4.2.2)."""

    event_type: ClassVar[str] = "customer.PrepaymentEarmarked.v1"
    payment_id: UUID
    customer_id: UUID
    amount: Yuan


class PaymentReversed(AccountEvent):
    """A payment that was taken back, as a bounced draft is."""

    event_type: ClassVar[str] = "customer.PaymentReversed.v1"
    payment_id: UUID
    customer_id: UUID
    purpose: Literal["receivable", "prepayment"]
    amount: Yuan


class CreditNoteIssued(AccountEvent):
    """A confirmed credit note: `credited` off the receivable, `settled` for goods that had not been invoiced."""

    event_type: ClassVar[str] = "customer.CreditNoteIssued.v1"
    credit_note_id: UUID
    return_id: UUID
    customer_id: UUID
    credited: Yuan
    settled: Yuan
