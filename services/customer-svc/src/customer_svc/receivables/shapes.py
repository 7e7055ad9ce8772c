"""What is asked and answered about invoices, payments, credit notes and the ledger."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from customer_svc.receivables.rules import (
    CreditNoteAction,
    CreditNoteStatus,
    Figure,
    InvoiceAction,
    InvoiceStatus,
    PaymentAction,
    PaymentStatus,
    Purpose,
)
from fangxing.money import Currency, PositiveTons, PositiveYuan, Tons, Yuan, YuanOrZero
from fangxing.text import Code, Paragraph, Reference, Text
from fangxing.validation import Body

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
"""A date that a due date and a grace can be counted from."""
CustomerName = Annotated[str, Text("客户", "customer")]


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


class InvoiceOut(BaseModel):
    """An invoice; `settled` is the value at the note's prices of the goods it covers."""

    id: UUID
    number: Annotated[str, Text("发票号", "invoice")]
    status: Annotated[InvoiceStatus, Text("状态", "status")]
    author: Annotated[str, Text("开票人", "author")]
    customer_id: UUID
    customer_name: CustomerName
    account_id: UUID
    note_id: UUID
    amount: Annotated[Yuan, Text("金额（元）", "amount (yuan)")]
    settled: Annotated[Yuan, Text("送货单价值（元）", "value on the note (yuan)")]
    open_amount: Annotated[YuanOrZero, Text("未付金额（元）", "open (yuan)")]
    reason: Annotated[str | None, Text("原因", "reason")]
    issued_on: Annotated[date, Text("开票日", "issued on")]
    due_on: Annotated[date, Text("到期日", "due on")]


class InvoiceDetail(InvoiceOut):
    """An invoice, and what the caller may try with it."""

    actions: list[InvoiceAction]


class AllocationIn(Body):
    """A part of the payment for one invoice."""

    invoice_id: UUID
    amount: PositiveYuan


class ReceivePayment(Body):
    """A payment received."""

    customer_id: UUID
    reference: Reference
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


class PaymentOut(BaseModel):
    """A payment; `allocated` of it pays invoices."""

    id: UUID
    reference: Annotated[str, Text("回单号", "reference")]
    status: Annotated[PaymentStatus, Text("状态", "status")]
    author: Annotated[str, Text("登记人", "author")]
    customer_id: UUID
    customer_name: CustomerName
    account_id: UUID
    purpose: Annotated[Purpose, Text("用途", "purpose")]
    amount: Annotated[Yuan, Text("金额（元）", "amount (yuan)")]
    allocated: Annotated[Yuan, Text("已核销（元）", "allocated (yuan)")]
    received_on: Annotated[date, Text("收款日", "received on")]
    reversed_on: Annotated[date | None, Text("冲销日", "reversed on")]
    reversal_reason: Annotated[str | None, Text("冲销原因", "why it was reversed")]


class PaymentDetail(PaymentOut):
    """A payment, and what the caller may try with it."""

    actions: list[PaymentAction]


class CreditNoteOut(BaseModel):
    """A credit note; `credited` and `settled` are known once it is confirmed."""

    id: UUID
    return_id: UUID
    return_number: Annotated[str, Text("退货单号", "return")]
    status: Annotated[CreditNoteStatus, Text("状态", "status")]
    customer_id: UUID
    customer_name: CustomerName
    account_id: UUID
    note_id: UUID
    value: Annotated[Yuan, Text("退货价值（元）", "value (yuan)")]
    credited: Annotated[Yuan | None, Text("冲减应收（元）", "credited (yuan)")]
    settled: Annotated[Yuan | None, Text("冲减未开票（元）", "not invoiced (yuan)")]
    created_on: Annotated[date, Text("生成日", "created on")]
    confirmed_on: Annotated[date | None, Text("确认日", "confirmed on")]


class CreditNoteDetail(CreditNoteOut):
    """A credit note, and what the caller may try with it."""

    actions: list[CreditNoteAction]


class DeliveryNoteOut(BaseModel):
    """A delivery note."""

    id: UUID
    number: Annotated[str, Text("送货单号", "delivery note")]
    customer_id: UUID
    customer_name: CustomerName
    account_id: UUID
    value: Annotated[Yuan, Text("价值（元）", "value (yuan)")]
    shipped_on: Annotated[date, Text("发货日", "shipped on")]
    left_on: Annotated[date | None, Text("出门日", "left on")]


class DeliveryNoteLineOut(BaseModel):
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


class DifferenceOut(BaseModel):
    """A stored figure that is not what the ledger says."""

    model_config = ConfigDict(from_attributes=True)

    account_id: UUID
    figure: Figure
    stored: Yuan
    ledger: Yuan
