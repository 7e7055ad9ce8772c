"""Pure rules of the receivables: what part of a delivery note an invoice or a return covers, to the cent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fangxing.clauses import clause
from fangxing.money import ZERO, cents, value_of


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


@clause("5-4.2.1-B")
def settle(line: NoteLine, tons: Decimal) -> Decimal:
    """The value in yuan of `tons` of the line's open part; the last tons take the remainder, so that no cent sticks."""
    if tons == line.open_tons:
        return line.open_value
    return min(value_of(tons, line.price_per_ton), line.open_value)


def spread(amount: Decimal, values: Sequence[Decimal]) -> list[Decimal]:
    """Spread an invoice's `amount` over goods of `values`, in proportion and to the cent, in yuan."""
    total, shares, before, reached = sum(values, ZERO), [], ZERO, ZERO
    for value in values:
        before += value
        share = cents(amount * before / total) - reached
        shares.append(share)
        reached += share
    return shares


@dataclass(frozen=True, slots=True)
class InvoiceShares:
    """What an invoice changes, in yuan: the receivable, settled_total and prepaid_total; and its prepaid part."""

    receivable: Decimal
    settled: Decimal
    prepaid: Decimal
    prepaid_part: Decimal


@clause("5-4.2.1-B", "5-4.2.2-B")
def invoice_shares(amount: Decimal, note_value: Decimal, *, prepaid_left: Decimal, uncovered: Decimal) -> InvoiceShares:
    """Split an invoice of `amount` for goods worth `note_value`, all in yuan.

    Prepaid goods stand in shipping's prepaid_used_total, not in its shipped_total, so they settle nothing there. The
    earmark pays their part; what it does not cover (`uncovered`, a bounced draft) becomes receivable and prepaid_total
    at once; what it covers beyond a lower invoice is the customer's prepayment again.
    """
    part = min(note_value, prepaid_left)
    missing = min(part, max(ZERO, uncovered))
    paid = min(amount, part - missing)
    return InvoiceShares(receivable=amount - paid, settled=note_value - part, prepaid=part - paid, prepaid_part=part)


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
    of a line never more than was invoiced for it.
    """
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


@dataclass(frozen=True, slots=True)
class Allocation:
    """A part of a payment for one invoice, in yuan."""

    invoice: str
    amount: Decimal


def allocation_fault(
    amount: Decimal, allocations: Sequence[Allocation], open_amounts: Mapping[str, Decimal]
) -> str | None:
    """The invoice that an allocation does not fit, or "total" where they exceed the payment; None where all is well."""
    seen: set[str] = set()
    for allocation in allocations:
        left = open_amounts.get(allocation.invoice)
        if left is None or allocation.amount > left or allocation.invoice in seen:
            return allocation.invoice
        seen.add(allocation.invoice)
    return "total" if sum((allocation.amount for allocation in allocations), ZERO) > amount else None
