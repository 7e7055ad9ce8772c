"""What can go wrong with invoices, payments and credit notes."""

from fangxing.errors import ErrorType, Kind

NOTE_NOT_FOUND = ErrorType(
    "delivery-note-not-found",
    Kind.NOT_FOUND,
    "没有送货单 {note}",
    "There is no delivery note {note}",
    field="delivery_note_id",
)
INVOICE_NUMBER_TAKEN = ErrorType(
    "invoice-number-taken",
    Kind.CONFLICT,
    "发票号 {number} 已登记",
    "The invoice {number} is already entered",
    field="number",
)
NOT_OPEN_FOR_INVOICE = ErrorType(
    "not-open-for-invoice",
    Kind.CONFLICT,
    "第 {line} 行未开票数量只有 {open} 吨",
    "Line {line} has only {open} t not invoiced",
    field="lines",
)
NOTHING_TO_INVOICE = ErrorType(
    "nothing-to-invoice",
    Kind.CONFLICT,
    "该送货单已全部开票或退回",
    "Everything on this delivery note is invoiced or returned",
)
LINE_TWICE = ErrorType(
    "line-twice",
    Kind.INVALID,
    "同一行只能出现一次：第 {line} 行",
    "A line may be named once only: line {line}",
    field="lines",
)
AMOUNT_ABOVE_NOTE = ErrorType(
    "amount-above-note",
    Kind.INVALID,
    "发票金额高于送货单价值 {value} 元，须写明原因",
    "The amount is above the value on the note, {value} yuan: give the reason",
    field="reason",
)
AMOUNT_BELOW_NOTE = ErrorType(
    "amount-below-note",
    Kind.FORBIDDEN,
    "发票金额低于送货单价值 {value} 元，会减少欠款额度：须由财务部经理开具并写明原因",
    "The amount is below the value on the note, {value} yuan, and would lower the exposure: "
    "the finance manager may enter it and gives the reason",
    clause="5-4.2.1-B",
    field="amount",
)
ISSUED_IN_FUTURE = ErrorType(
    "issued-in-the-future",
    Kind.INVALID,
    "开票日不能晚于今天 {today}",
    "The date of issue cannot be after today, {today}",
    clause="5-4.2.1-B",
    field="issued_on",
)
RECEIVED_IN_FUTURE = ErrorType(
    "received-in-the-future",
    Kind.INVALID,
    "到款日不能晚于今天 {today}",
    "Money cannot have been received after today, {today}",
    clause="5-4.2.1-B",
    field="received_on",
)
DUE_BEYOND_TERMS = ErrorType(
    "due-beyond-terms",
    Kind.INVALID,
    "到期日晚于结算方式规定的 {due}，须写明原因",
    "The due date is later than the terms give, {due}: give the reason",
    clause="5-4.2.1-B",
    field="reason",
)
DUE_BEFORE_ISSUE = ErrorType(
    "due-before-issue",
    Kind.INVALID,
    "到期日不能早于开票日",
    "The due date cannot be before the date of issue",
    field="due_on",
)
BANK_ACCOUNT_UNKNOWN = ErrorType(
    "bank-account-unknown",
    Kind.INVALID,
    "本公司没有收款账户“{account}”，请财务部经理先维护账户清单",
    "We have no account '{account}': the finance manager keeps the list of them",
    field="bank_account",
)
PREPAID_ABOVE_AMOUNT = ErrorType(
    "prepaid-above-amount",
    Kind.INVALID,
    "其中预收部分不能超过来款金额 {amount} 元",
    "The part kept for goods to come cannot be above the payment, {amount} yuan",
    field="prepaid",
)
NOT_THAT_MUCH_OPEN = ErrorType(
    "not-that-much-open",
    Kind.CONFLICT,
    "只有 {open} 元尚未使用",
    "Only {open} yuan of it cover nothing yet",
    field="amount",
)
PREPAYMENT_IN_USE = ErrorType(
    "prepayment-in-use",
    Kind.CONFLICT,
    "预收款已用于放行的货物，只有 {free} 元可以转出",
    "The prepayments stand behind goods that were released: only {free} yuan are free",
    clause="5-4.2.2-B",
    field="amount",
)
SAME_CUSTOMER = ErrorType(
    "same-customer",
    Kind.INVALID,
    "来款已登记在该客户名下",
    "The payment is that customer's already",
    field="customer_id",
)
CREDIT_NOTE_STANDS = ErrorType(
    "credit-note-stands",
    Kind.CONFLICT,
    "该送货单已有确认的贷项通知单 {number}，请先撤销它",
    "The credit note of return {number} stands on the invoices of this note: cancel it first",
    clause="6-3",
)
WRITE_OFF_STANDS = ErrorType(
    "write-off-stands",
    Kind.CONFLICT,
    "该发票已有核销坏账或尾差，请先撤销该往来调整单",
    "A part of the invoice was written off: cancel that adjustment first",
)
REFERENCE_TAKEN = ErrorType(
    "payment-reference-taken",
    Kind.CONFLICT,
    "回单号 {reference} 已登记",
    "The payment {reference} is already entered",
    field="reference",
)
RETURN_ABOVE_NOTE = ErrorType(
    "return-above-note",
    Kind.CONFLICT,
    "退货第 {line} 行 {tons} 吨，超过送货单尚未退回的数量",
    "{tons} t of line {line} are more than the delivery note has left to return",
    clause="6-3",
)
