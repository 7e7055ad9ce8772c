"""What the receivables publish; each event carries the whole position."""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Self
from uuid import UUID

from customer_svc.accounts.events import AccountEvent, CustomerPosition
from customer_svc.receivables.rules import Purpose
from customer_svc.receivables.store import CreditNote, Invoice, Payment
from fangxing.money import Yuan, YuanOrZero


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

    @classmethod
    def of(cls, invoice: Invoice, position: CustomerPosition) -> Self:
        """The event about `invoice`."""
        return cls(
            account_id=invoice.account_id,
            position=position,
            invoice_id=invoice.id,
            number=invoice.number,
            customer_id=invoice.customer_id,
            delivery_note_id=invoice.note_id,
            amount=invoice.amount,
            settled=invoice.settled,
            due_on=invoice.due_on,
        )


class InvoiceCancelled(InvoiceIssued):
    """An invoice was cancelled 红字: what it was, and the position without it."""

    event_type: ClassVar[str] = "customer.InvoiceCancelled.v1"


class PaymentEvent(AccountEvent):
    """What became of a payment; `amount` in yuan, of which `prepaid` is kept for goods to come."""

    payment_id: UUID
    customer_id: UUID
    amount: Yuan
    prepaid: YuanOrZero

    @classmethod
    def of(cls, payment: Payment, position: CustomerPosition, **more: object) -> Self:
        """The event about `payment`."""
        about = {"account_id": payment.account_id, "payment_id": payment.id, "customer_id": payment.customer_id}
        return cls.model_validate(
            {**about, "amount": payment.amount, "prepaid": payment.prepaid, "position": position, **more}
        )


class PaymentReceived(PaymentEvent):
    """A payment for the receivable, or the part of it that is not for goods to come."""

    event_type: ClassVar[str] = "customer.PaymentReceived.v1"


class PrepaymentEarmarked(PaymentEvent):
    """A payment kept for goods to come, outside the receivable (5-4.2.2)."""

    event_type: ClassVar[str] = "customer.PrepaymentEarmarked.v1"


class PaymentReversed(PaymentEvent):
    """A payment that was taken back, as a bounced draft is."""

    event_type: ClassVar[str] = "customer.PaymentReversed.v1"
    purpose: Purpose


class CreditNoteIssued(AccountEvent):
    """A confirmed credit note: `credited` off the receivable, `settled` for goods that had not been invoiced."""

    event_type: ClassVar[str] = "customer.CreditNoteIssued.v1"
    credit_note_id: UUID
    return_id: UUID
    customer_id: UUID
    credited: Yuan
    settled: Yuan

    @classmethod
    def of(cls, credit_note: CreditNote, position: CustomerPosition, *, credited: Decimal, settled: Decimal) -> Self:
        """The event about `credit_note`; amounts in yuan."""
        return cls(
            account_id=credit_note.account_id,
            position=position,
            credit_note_id=credit_note.id,
            return_id=credit_note.return_id,
            customer_id=credit_note.customer_id,
            credited=credited,
            settled=settled,
        )
