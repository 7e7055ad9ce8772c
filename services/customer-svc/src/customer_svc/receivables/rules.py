"""The rules of the receivables: what an invoice or a return covers, to the cent, and when an invoice is due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from customer_svc.accounts.rules import FINANCE
from customer_svc.receivables import errors
from fangxing.clauses import clause
from fangxing.money import ZERO, cents, value_of
from fangxing.moves import EVENT, NEW, TIMER, Move, Moves


class Purpose(StrEnum):
    """What a payment is for: what is owed, or goods to come 预收 and then outside the receivable (5-4.2.2)."""

    RECEIVABLE = "receivable"
    PREPAYMENT = "prepayment"


class Method(StrEnum):
    """How money came: by wire, in cash, or as a draft 承兑汇票 that a bank, or a company, has accepted."""

    WIRE = "wire"
    CASH = "cash"
    BANK_DRAFT = "bank_draft"
    COMMERCIAL_DRAFT = "commercial_draft"


DRAFTS = (Method.BANK_DRAFT, Method.COMMERCIAL_DRAFT)


class InvoiceStatus(StrEnum):
    """The life of an invoice; what of it is open stands in its open item."""

    ISSUED = "issued"
    CANCELLED = "cancelled"


class InvoiceAction(StrEnum):
    """What can be done with an invoice; one that was wrong is cancelled 红字."""

    ISSUE = "issue"
    CANCEL = "cancel"


INVOICE_MOVES: Moves[InvoiceAction, InvoiceStatus] = {
    InvoiceAction.ISSUE: Move(NEW, {InvoiceStatus.ISSUED}, FINANCE),
    InvoiceAction.CANCEL: Move({InvoiceStatus.ISSUED}, {InvoiceStatus.CANCELLED}, FINANCE),
}
INVOICE_FINAL = frozenset({InvoiceStatus.CANCELLED})


class PaymentStatus(StrEnum):
    """The life of a payment: it counts once it is entered, until it is taken back.

    `held` is a draft that counts only when it matures, where the policy says so.
    """

    HELD = "held"
    ENTERED = "entered"
    REVERSED = "reversed"


class PaymentAction(StrEnum):
    """What can be done with a payment; what was wrong is corrected in one step each."""

    ENTER = "enter"
    MATURE = "mature"
    ALLOCATE = "allocate"
    REALLOCATE = "reallocate"
    CONVERT = "convert"
    MOVE = "move"
    REVERSE = "reverse"


PAYMENT_MOVES: Moves[PaymentAction, PaymentStatus] = {
    PaymentAction.ENTER: Move(NEW, {PaymentStatus.ENTERED, PaymentStatus.HELD}, FINANCE),
    PaymentAction.MATURE: Move({PaymentStatus.HELD}, {PaymentStatus.ENTERED}, TIMER),
    PaymentAction.ALLOCATE: Move({PaymentStatus.ENTERED}, {PaymentStatus.ENTERED}, FINANCE),
    **{
        correction: Move({PaymentStatus.ENTERED}, {PaymentStatus.ENTERED}, FINANCE)
        for correction in (PaymentAction.REALLOCATE, PaymentAction.CONVERT, PaymentAction.MOVE)
    },
    PaymentAction.REVERSE: Move({PaymentStatus.HELD, PaymentStatus.ENTERED}, {PaymentStatus.REVERSED}, FINANCE),
}
PAYMENT_FINAL = frozenset({PaymentStatus.REVERSED})


class CreditNoteStatus(StrEnum):
    """The life of a credit note: it waits for the accountant, who confirms it; cancelled, it waits again."""

    PENDING = "pending"
    CONFIRMED = "confirmed"


class CreditNoteAction(StrEnum):
    """What can be done with a credit note; an inspected return makes it."""

    MAKE = "make"
    CONFIRM = "confirm"
    ALLOCATE = "allocate"
    CANCEL = "cancel"


CREDIT_NOTE_MOVES: Moves[CreditNoteAction, CreditNoteStatus] = {
    CreditNoteAction.MAKE: Move(NEW, {CreditNoteStatus.PENDING}, EVENT),
    CreditNoteAction.CONFIRM: Move({CreditNoteStatus.PENDING}, {CreditNoteStatus.CONFIRMED}, FINANCE),
    CreditNoteAction.ALLOCATE: Move({CreditNoteStatus.CONFIRMED}, {CreditNoteStatus.CONFIRMED}, FINANCE),
    CreditNoteAction.CANCEL: Move({CreditNoteStatus.CONFIRMED}, {CreditNoteStatus.PENDING}, FINANCE),
}
CREDIT_NOTE_FINAL: frozenset[CreditNoteStatus] = frozenset()


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A line of a delivery note and what has become of it: tons and yuan at the note's price.

    `settled_*` is what was invoiced, or returned before it was invoiced; `returned_*` what was returned at any time.
    `invoiced_amount` is the line's part of its invoices, in yuan, and `credited_amount` what was credited of it.
    """

    line: int
    tons: Decimal
    value: Decimal
    price_per_ton: Decimal
    settled_tons: Decimal = ZERO
    settled_value: Decimal = ZERO
    returned_tons: Decimal = ZERO
    returned_value: Decimal = ZERO
    invoiced_amount: Decimal = ZERO
    credited_amount: Decimal = ZERO

    @property
    def open_tons(self) -> Decimal:
        """Delivered and neither invoiced nor returned, in tons."""
        return self.tons - self.settled_tons

    @property
    def open_value(self) -> Decimal:
        """Delivered and neither invoiced nor returned, in yuan."""
        return self.value - self.settled_value

    @property
    def returnable_tons(self) -> Decimal:
        """Delivered and not returned yet, in tons."""
        return self.tons - self.returned_tons


@clause("5-4.2.1-B")
def settle(line: NoteLine, tons: Decimal) -> Decimal:
    """The value in yuan of `tons` of the line's open part; the last tons take the remainder, so that no cent sticks."""
    if tons == line.open_tons:
        return line.open_value
    return min(value_of(tons, line.price_per_ton), line.open_value)


@dataclass(frozen=True, slots=True)
class Part:
    """Tons of one line of a delivery note and their value at the note's price, in yuan."""

    line: int
    tons: Decimal
    value: Decimal


def once_each(tons: Iterable[tuple[int, Decimal]]) -> dict[int, Decimal]:
    """Tons by line of a delivery note; raises `line-twice`."""
    by_line: dict[int, Decimal] = {}
    for line, wanted in tons:
        if line in by_line:
            raise errors.LINE_TWICE(line=line)
        by_line[line] = wanted
    return by_line


@clause("5-4.2.1-B")
def parts_to_invoice(lines: Mapping[int, NoteLine], wanted: Mapping[int, Decimal] | None) -> list[Part]:
    """The parts of a delivery note that an invoice covers: tons by line as `wanted`, or everything open.

    Raises `not-open-for-invoice` or `nothing-to-invoice`.
    """
    wanted = wanted or {number: line.open_tons for number, line in lines.items()}
    parts = []
    for number, tons in wanted.items():
        line = lines.get(number)
        if line is None or tons > line.open_tons:
            raise errors.NOT_OPEN_FOR_INVOICE(line=number, open=line.open_tons if line else ZERO)
        parts.append(Part(number, tons, settle(line, tons)))
    if not any(part.value for part in parts):
        raise errors.NOTHING_TO_INVOICE()
    return parts


@clause("5-4.2.1-B")
def invoice_amount(asked: Decimal | None, value: Decimal, *, reason: str | None, finance_manager: bool) -> Decimal:
    """The amount of an invoice for goods worth `value` on the note, in yuan: as asked, or that value.

    Another amount has a reason; one below the value lowers the exposure and is for the finance manager alone. Raises
    `amount-above-note` or `amount-below-note`.
    """
    amount = value if asked is None else asked
    if amount > value and not reason:
        raise errors.AMOUNT_ABOVE_NOTE(value=value)
    if amount < value and not (reason and finance_manager):
        raise errors.AMOUNT_BELOW_NOTE(value=value)
    return amount


def own_account(asked: str | None, accounts: Sequence[str] | None) -> str:
    """The own bank account that money came in on: as asked, or the first. Raises `bank-account-unknown`."""
    if not accounts or (asked is not None and asked not in accounts):
        raise errors.BANK_ACCOUNT_UNKNOWN(account=asked or "")
    return asked or accounts[0]


@clause("5-4.2.2-B")
def check_conversion(purpose: Purpose, amount: Decimal, *, open_amount: Decimal, prepaid_free: Decimal) -> None:
    """Whether `amount` yuan, of which `open_amount` cover nothing yet, may serve another `purpose`.

    What was paid in advance is kept for the goods that shipping has released against it: only `prepaid_free` of it can
    be turned to what is owed. Raises `not-that-much-open` or `prepayment-in-use`.
    """
    if amount > open_amount:
        raise errors.NOT_THAT_MUCH_OPEN(open=open_amount)
    if purpose is Purpose.RECEIVABLE and amount > prepaid_free:
        raise errors.PREPAYMENT_IN_USE(free=max(ZERO, prepaid_free))


@clause("5-4.2.2-B")
def prepaid_part(amount: Decimal, asked: Decimal, purpose: Purpose) -> Decimal:
    """What of a payment of `amount` yuan is for goods to come: all of a prepayment, of another the part `asked` for.

    Raises `prepaid-above-amount`.
    """
    if asked > amount:
        raise errors.PREPAID_ABOVE_AMOUNT(amount=amount)
    return amount if purpose is Purpose.PREPAYMENT else asked


@clause("5-4.2.1-B")
def received_on(asked: date | None, *, today: date) -> date:
    """The day on which money was received: as asked, or today. Raises `received-in-the-future`."""
    if asked is not None and asked > today:
        raise errors.RECEIVED_IN_FUTURE(today=today)
    return asked or today


@clause("5-4.2.1-B")
def due_date(asked: date | None, *, issued_on: date, today: date, terms_days: int, reason: str | None) -> date:
    """The day on which an invoice is due: as asked, or by the terms 结算方式, `terms_days` after its date.

    No date sets overdue aside without a reason. Raises `issued-in-the-future`, `due-before-issue` or
    `due-beyond-terms`.
    """
    if issued_on > today:
        raise errors.ISSUED_IN_FUTURE(today=today)
    by_terms = issued_on + timedelta(days=terms_days)
    due_on = asked or by_terms
    if due_on < issued_on:
        raise errors.DUE_BEFORE_ISSUE()
    if due_on > by_terms and not reason:
        raise errors.DUE_BEYOND_TERMS(due=by_terms)
    return due_on


def spread(amount: Decimal, values: Sequence[Decimal]) -> list[Decimal]:
    """Spread an invoice's `amount` over goods of `values`, in proportion and to the cent, in yuan."""
    total, shares, before, reached = sum(values, ZERO), [], ZERO, ZERO
    for value in values:
        before += value
        share = cents(amount * before / total) - reached
        shares.append(share)
        reached += share
    return shares


def invoiced(line: NoteLine, part: Part, amount: Decimal) -> NoteLine:
    """The line after a `part` of it was invoiced for `amount` yuan: a later return is credited at that."""
    return replace(
        line,
        settled_tons=line.settled_tons + part.tons,
        settled_value=line.settled_value + part.value,
        invoiced_amount=line.invoiced_amount + amount,
    )


def uninvoiced(line: NoteLine, part: Part, amount: Decimal) -> NoteLine:
    """The line after the invoice of a `part` of it, for `amount` yuan, was cancelled."""
    return replace(
        line,
        settled_tons=line.settled_tons - part.tons,
        settled_value=line.settled_value - part.value,
        invoiced_amount=line.invoiced_amount - amount,
    )


@dataclass(frozen=True, slots=True)
class InvoiceShares:
    """What an invoice changes, in yuan: the receivable, settled_total and prepaid_total.

    `prepaid_part` is the note's value of its prepaid goods, of which the earmark pays `paid`.
    """

    receivable: Decimal
    settled: Decimal
    prepaid: Decimal
    prepaid_part: Decimal
    paid: Decimal


@clause("5-4.2.1-B", "5-4.2.2-B")
def invoice_shares(amount: Decimal, note_value: Decimal, *, prepaid_left: Decimal, earmarked: Decimal) -> InvoiceShares:
    """Split an invoice of `amount` for goods worth `note_value`, all in yuan.

    Prepaid goods stand in shipping's prepaid_used_total, not in its shipped_total, so they settle nothing there. What
    is open of the prepayments, `earmarked`, pays their part; what it does not cover (a draft bounced) becomes
    receivable and prepaid_total at once; what it covers beyond a lower invoice is the customer's prepayment again.
    """
    part = min(note_value, prepaid_left)
    paid = min(amount, part, earmarked)
    return InvoiceShares(
        receivable=amount - paid, settled=note_value - part, prepaid=part - paid, prepaid_part=part, paid=paid
    )


@clause("6-3")
def earmarked_again(credited: Decimal, *, open_amount: Decimal, paid_in_advance: Decimal) -> Decimal:
    """What of a credit for returned goods is a prepayment again, in yuan.

    The note's invoices, of which `open_amount` is not paid, come first; then what prepayments had paid of them.
    """
    return min(max(ZERO, credited - open_amount), paid_in_advance)


@dataclass(frozen=True, slots=True)
class ReturnSplit:
    """How returned goods of one line are taken: the part not invoiced yet, and the invoiced part with its credit."""

    uninvoiced_tons: Decimal
    uninvoiced_value: Decimal
    invoiced_tons: Decimal
    invoiced_value: Decimal
    credit: Decimal


@clause("6-3")
def split_return(line: NoteLine, tons: Decimal, value: Decimal) -> ReturnSplit:
    """Split a return of `tons` worth `value` yuan: first what was not invoiced, the rest is credited.

    The last tons not invoiced take what is left of their value, so that no cent sticks. At most the note's value comes
    back; what was invoiced and has not come back yet caps it. The credit is what was invoiced for those goods: at the
    note's price their value, of an invoice above or below the note the same part of that invoice, and over all returns
    of a line never more than was invoiced for it. Raises `return-above-note`.
    """
    if tons > line.returnable_tons:
        raise errors.RETURN_ABOVE_NOTE(line=line.line, tons=tons)
    if tons < line.open_tons:
        return ReturnSplit(tons, min(value, line.open_value), tons - tons, ZERO, ZERO)
    invoiced_tons = tons - line.open_tons
    creditable = line.settled_value - line.returned_value if invoiced_tons else ZERO
    invoiced_value = min(max(ZERO, value - line.open_value), creditable)
    credit = _credit(line, invoiced_tons, invoiced_value)
    return ReturnSplit(line.open_tons, line.open_value, invoiced_tons, invoiced_value, credit)


def _credit(line: NoteLine, tons: Decimal, value: Decimal) -> Decimal:
    """What was invoiced for `tons` worth `value`, in yuan; the last invoiced tons to come back take the remainder."""
    left = line.invoiced_amount - line.credited_amount
    left_value = line.settled_value - line.returned_value
    if tons and tons == line.settled_tons - line.returned_tons:
        return left
    return cents(left * value / left_value) if value else ZERO


def returned(line: NoteLine, split: ReturnSplit) -> NoteLine:
    """The line after a return."""
    return replace(
        line,
        settled_tons=line.settled_tons + split.uninvoiced_tons,
        settled_value=line.settled_value + split.uninvoiced_value,
        returned_tons=line.returned_tons + split.uninvoiced_tons + split.invoiced_tons,
        returned_value=line.returned_value + split.uninvoiced_value + split.invoiced_value,
        credited_amount=line.credited_amount + split.credit,
    )


def not_returned(line: NoteLine, split: ReturnSplit) -> NoteLine:
    """The line after the credit note of a return was cancelled: what `returned` did, undone."""
    return replace(
        line,
        settled_tons=line.settled_tons - split.uninvoiced_tons,
        settled_value=line.settled_value - split.uninvoiced_value,
        returned_tons=line.returned_tons - split.uninvoiced_tons - split.invoiced_tons,
        returned_value=line.returned_value - split.uninvoiced_value - split.invoiced_value,
        credited_amount=line.credited_amount - split.credit,
    )
