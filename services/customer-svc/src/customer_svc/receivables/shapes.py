"""What is asked and answered about invoices, payments, credit notes and the ledger."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from customer_svc.accounts.rules import Checked, Figure
from customer_svc.receivables.rules import (
    DRAFTS,
    CreditNoteAction,
    CreditNoteStatus,
    InvoiceAction,
    InvoiceStatus,
    Method,
    PaymentAction,
    PaymentStatus,
    Purpose,
)
from fangxing.money import ZERO, Currency, PositiveTons, PositiveYuan, Tons, Yuan, YuanOrZero
from fangxing.text import Code, Line, Paragraph, Reference, Text
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
    """A part of the payment for one invoice, or another debit of the account, by its id."""

    invoice_id: UUID
    amount: PositiveYuan


class DraftIn(Body):
    """A draft 承兑汇票: who accepted it, who drew it, and when it matures; its number is the payment's reference."""

    bank: Line
    drawer: Line
    matures_on: Day


class ReceivePayment(Body):
    """A payment received, on one of our own accounts; `prepaid` of a payment for what is owed is for goods to come.

    `attachments` are its evidence.
    Without `allocations` the oldest debits are paid first; with them these alone, and with none it stays unallocated.
    """

    customer_id: UUID
    reference: Reference
    amount: PositiveYuan
    currency: Currency = "CNY"
    received_on: Day | None = None
    method: Method = Method.WIRE
    bank_account: Line | None = None
    draft: DraftIn | None = None
    purpose: Purpose
    prepaid: YuanOrZero = ZERO
    allocations: list[AllocationIn] | None = Field(default=None, max_length=200)
    attachments: list[UUID] = Field(default_factory=list, max_length=20)

    @model_validator(mode="after")
    def _a_draft_says_which(self) -> Self:
        if (self.method in DRAFTS) != (self.draft is not None):
            raise PydanticCustomError("draft", "a draft, and nothing else, says bank, drawer and maturity in `draft`")
        return self


class AllocatePayment(Body):
    """Debits that what is left of a payment covers; without them the oldest first."""

    allocations: list[AllocationIn] | None = Field(default=None, min_length=1, max_length=200)


class ReversePayment(Body):
    """Why a payment is taken back."""

    reason: Paragraph


class ReallocatePayment(Body):
    """What a payment covers instead, and why; with no allocations all of it is free again."""

    allocations: list[AllocationIn] = Field(max_length=200)
    reason: Paragraph


class ConvertPayment(Body):
    """How much of a payment serves what `purpose` from now on, and why."""

    purpose: Purpose
    amount: PositiveYuan
    reason: Paragraph


class MovePayment(Body):
    """Whose payment it is, and why it was entered for another customer."""

    customer_id: UUID
    reason: Paragraph


class CancelInvoice(Body):
    """Why an invoice is cancelled."""

    reason: Paragraph


class CancelCreditNote(Body):
    """Why the confirmation of a credit note is taken back."""

    reason: Paragraph


class PaymentOut(BaseModel):
    """A payment; `prepaid` of it is for goods to come; `allocated` is used, and `open_amount` covers nothing yet."""

    id: UUID
    reference: Annotated[str, Text("回单号", "reference")]
    status: Annotated[PaymentStatus, Text("状态", "status")]
    author: Annotated[str, Text("登记人", "author")]
    customer_id: UUID
    customer_name: CustomerName
    account_id: UUID
    purpose: Annotated[Purpose, Text("用途", "purpose")]
    amount: Annotated[Yuan, Text("金额（元）", "amount (yuan)")]
    prepaid: Annotated[YuanOrZero, Text("其中预收（元）", "of it prepaid (yuan)")]
    allocated: Annotated[YuanOrZero, Text("已核销（元）", "allocated (yuan)")]
    open_amount: Annotated[YuanOrZero, Text("未核销（元）", "open (yuan)")]
    method: Annotated[Method, Text("收款方式", "method")]
    bank_account: Annotated[str, Text("收款账户", "own account")]
    accepting_bank: Annotated[str | None, Text("承兑人", "accepting bank")]
    drawer: Annotated[str | None, Text("出票人", "drawer")]
    matures_on: Annotated[date | None, Text("汇票到期日", "matures on")]
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
    """A stored figure that is not what the ledger says, or of one `item` what its allocations say."""

    model_config = ConfigDict(from_attributes=True)

    account_id: UUID
    figure: Figure | Checked
    stored: Yuan
    ledger: Yuan
    item: UUID | None
