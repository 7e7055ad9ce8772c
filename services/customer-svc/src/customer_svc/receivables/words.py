"""The documents of this feature, their states and their actions, as people say them."""

from customer_svc.receivables.rules import (
    CreditNoteAction,
    CreditNoteStatus,
    InvoiceAction,
    InvoiceStatus,
    PaymentAction,
    PaymentStatus,
)
from fangxing.moves import Words
from fangxing.text import Text

INVOICE_WORDS = Words(
    Text("发票", "invoice"),
    {InvoiceStatus.ISSUED: Text("已开具", "issued"), InvoiceStatus.CANCELLED: Text("已红冲", "cancelled")},
    {InvoiceAction.ISSUE: Text("开具", "issue"), InvoiceAction.CANCEL: Text("红冲", "cancel")},
)

PAYMENT_WORDS = Words(
    Text("来款", "payment"),
    {
        PaymentStatus.HELD: Text("待到期", "held until it matures"),
        PaymentStatus.ENTERED: Text("已登记", "entered"),
        PaymentStatus.REVERSED: Text("已冲销", "reversed"),
    },
    {
        PaymentAction.ENTER: Text("登记", "enter"),
        PaymentAction.MATURE: Text("到期入账", "mature"),
        PaymentAction.ALLOCATE: Text("核销", "allocate"),
        PaymentAction.REALLOCATE: Text("重新核销", "allocate anew"),
        PaymentAction.CONVERT: Text("转用途", "put to other use"),
        PaymentAction.MOVE: Text("转客户", "move to another customer"),
        PaymentAction.REVERSE: Text("冲销", "reverse"),
    },
)

CREDIT_NOTE_WORDS = Words(
    Text("贷项通知单", "credit note"),
    {CreditNoteStatus.PENDING: Text("待确认", "pending"), CreditNoteStatus.CONFIRMED: Text("已确认", "confirmed")},
    {
        CreditNoteAction.MAKE: Text("生成", "make"),
        CreditNoteAction.CONFIRM: Text("确认", "confirm"),
        CreditNoteAction.ALLOCATE: Text("核销", "allocate"),
        CreditNoteAction.CANCEL: Text("撤销确认", "cancel"),
    },
)
