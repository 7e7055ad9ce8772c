"""The pure rules of the receivables: to the cent, and the exposure formula over every transition."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from customer_svc.receivables.rules import (
    InvoiceShares,
    NoteLine,
    Part,
    due_date,
    earmarked_again,
    invoice_amount,
    invoice_shares,
    invoiced,
    once_each,
    parts_to_invoice,
    returned,
    settle,
    split_return,
    spread,
)
from fangxing.errors import DomainError
from fangxing.money import ZERO

yuan = st.decimals(0, 10_000, places=2)
some_yuan = st.decimals("0.01", 10_000, places=2)
tons = st.decimals("0.001", 50, places=3)
LINE = NoteLine(1, Decimal("3.000"), Decimal("100.00"), Decimal("33.33"))


def test_5_4_2_1_b_the_last_part_takes_the_remainder() -> None:
    line, values = LINE, []
    for _ in range(3):
        values.append(settle(line, Decimal("1.000")))
        line = replace(
            line, settled_tons=line.settled_tons + Decimal("1.000"), settled_value=line.settled_value + values[-1]
        )
    assert [str(value) for value in values] == ["33.33", "33.33", "33.34"]


@given(tons, st.decimals("0.01", 100_000, places=2), st.lists(tons, max_size=8))
def test_no_cent_sticks_in_parts_of_any_size(whole: Decimal, price: Decimal, parts: list[Decimal]) -> None:
    value = (whole * price).quantize(Decimal("0.01"))
    line = NoteLine(1, whole, value, price)
    for part in [*parts, whole]:
        taken = min(part, line.open_tons)
        settled = settle(line, taken)
        assert 0 <= settled <= line.open_value
        line = replace(line, settled_tons=line.settled_tons + taken, settled_value=line.settled_value + settled)
    assert line.open_tons == 0
    assert line.open_value == 0


def refused(rule: Callable[..., object], *arguments: object) -> str:
    """The slug of the error that `rule` raises."""
    with pytest.raises(DomainError) as raised:
        rule(*arguments)
    return raised.value.type.slug


def test_a_line_is_named_once() -> None:
    ton = Decimal("1.000")
    assert once_each([(1, ton), (2, ton)]) == {1: ton, 2: ton}
    assert refused(once_each, [(1, ton), (2, ton), (1, ton)]) == "line-twice"


def test_5_4_2_1_b_an_invoice_covers_what_is_asked_or_everything_open() -> None:
    lines = {1: LINE, 2: replace(LINE, line=2, settled_tons=Decimal("2.000"), settled_value=Decimal("66.66"))}
    assert parts_to_invoice(lines, None) == [
        Part(1, Decimal("3.000"), Decimal("100.00")),
        Part(2, Decimal("1.000"), Decimal("33.34")),
    ]
    asked = {2: Decimal("0.500")}
    assert parts_to_invoice(lines, asked) == [Part(2, Decimal("0.500"), Decimal("16.67"))]
    for wanted in ({1: Decimal("3.001")}, {2: Decimal("1.001")}, {3: Decimal("0.001")}):
        assert refused(parts_to_invoice, lines, wanted) == "not-open-for-invoice"
    done = {1: replace(LINE, settled_tons=LINE.tons, settled_value=LINE.value)}
    assert refused(parts_to_invoice, done, None) == "nothing-to-invoice"


def test_5_4_2_1_b_another_amount_than_the_notes_has_a_reason_and_below_it_the_finance_manager() -> None:
    value, cent = Decimal("60.00"), Decimal("0.01")

    def amount(asked: Decimal | None, reason: str | None = None, finance_manager: bool = False) -> Decimal:
        return invoice_amount(asked, value, reason=reason, finance_manager=finance_manager)

    assert amount(None) == amount(value) == value
    assert refused(amount, value + cent) == "amount-above-note"
    assert amount(value + cent, "运费") == value + cent
    for reason, manager in ((None, False), ("折让", False), (None, True)):
        assert refused(amount, value - cent, reason, manager) == "amount-below-note"
    assert amount(value - cent, "折让", finance_manager=True) == value - cent


def test_5_4_2_1_b_no_date_sets_overdue_aside_without_a_reason() -> None:
    today = date(2026, 3, 2)

    def due(asked: date | None, issued_on: date = today, reason: str | None = None) -> date:
        return due_date(asked, issued_on=issued_on, today=today, terms_days=30, reason=reason)

    assert due(None) == due(date(2026, 4, 1)) == date(2026, 4, 1)
    assert due(None, date(2026, 2, 28)) == date(2026, 3, 30)
    assert due(today) == today
    assert refused(due, date(2026, 3, 1)) == "due-before-issue"
    assert refused(due, date(2026, 4, 2)) == "due-beyond-terms"
    assert due(date(2026, 4, 2), reason="合同约定") == date(2026, 4, 2)
    assert refused(due, None, date(2026, 3, 3)) == "issued-in-the-future"


@dataclass(frozen=True)
class Books:
    """The figures of one account."""

    receivable: Decimal
    shipped_less_settled: Decimal
    used: Decimal
    prepaid: Decimal

    @property
    def exposure(self) -> Decimal:
        return self.receivable + self.shipped_less_settled + max(ZERO, self.used - self.prepaid)

    def after(self, shares: InvoiceShares) -> "Books":
        return Books(
            self.receivable + shares.receivable,
            self.shipped_less_settled - shares.settled,
            self.used,
            self.prepaid + shares.prepaid,
        )


def open_prepayments(used: Decimal, prepaid: Decimal, prepaid_left: Decimal) -> Decimal:
    """What is open of the prepayments where shipping used them for what is neither invoiced nor returned alone."""
    assume(prepaid + prepaid_left >= used)
    return prepaid + prepaid_left - used


@given(st.decimals(-1000, 1000, places=2), yuan, yuan, yuan, some_yuan, yuan)
def test_5_4_2_1_b_an_invoice_at_the_notes_price_leaves_the_exposure_as_it_was(
    receivable: Decimal, delivered: Decimal, used: Decimal, prepaid: Decimal, value: Decimal, prepaid_left: Decimal
) -> None:
    before = Books(receivable, delivered, used, prepaid)
    earmarked = open_prepayments(used, prepaid, prepaid_left)
    shares = invoice_shares(value, value, prepaid_left=prepaid_left, earmarked=earmarked)
    assert before.after(shares).exposure == before.exposure
    assert 0 <= shares.receivable <= value
    assert shares.prepaid_part == min(value, prepaid_left)


@given(yuan, yuan, some_yuan, some_yuan, yuan)
def test_5_4_2_2_b_another_amount_than_the_notes_moves_the_exposure_by_the_difference_at_most(
    used: Decimal, prepaid: Decimal, amount: Decimal, value: Decimal, prepaid_left: Decimal
) -> None:
    before = Books(ZERO, value, used, prepaid)
    earmarked = open_prepayments(used, prepaid, prepaid_left)
    shares = invoice_shares(amount, value, prepaid_left=prepaid_left, earmarked=earmarked)
    change = before.after(shares).exposure - before.exposure
    assert min(ZERO, amount - value) <= change <= max(ZERO, amount - value)
    if amount > value:
        assert change == amount - value
    # whatever the earmark's part of the goods was: paid by it, owed, or free again
    paid = amount - shares.receivable
    assert shares.prepaid == shares.prepaid_part - paid
    assert shares.settled + shares.prepaid_part == value


def test_5_4_2_2_b_prepaid_goods_by_example() -> None:
    def shares(amount: str, earmarked: str) -> tuple[str, str, str, str]:
        made = invoice_shares(
            Decimal(amount), Decimal("100.00"), prepaid_left=Decimal("100.00"), earmarked=Decimal(earmarked)
        )
        return str(made.receivable), str(made.settled), str(made.prepaid), str(made.prepaid_part)

    assert shares("100.00", "100.00") == ("0.00", "0.00", "0.00", "100.00")
    assert shares("100.00", "100.01") == ("0.00", "0.00", "0.00", "100.00")
    assert shares("100.00", "99.99") == ("0.01", "0.00", "0.01", "100.00")
    assert shares("100.00", "0.00") == ("100.00", "0.00", "100.00", "100.00")
    assert shares("90.00", "100.00") == ("0.00", "0.00", "10.00", "100.00")
    assert shares("90.00", "60.00") == ("30.00", "0.00", "40.00", "100.00")
    assert shares("120.00", "100.00") == ("20.00", "0.00", "0.00", "100.00")


def test_6_3_what_prepayments_paid_is_a_prepayment_again_once_nothing_of_the_note_is_open() -> None:
    def again(credited: str, open_amount: str, paid: str) -> str:
        amounts = {"open_amount": Decimal(open_amount), "paid_in_advance": Decimal(paid)}
        return str(earmarked_again(Decimal(credited), **amounts))

    assert again("50.00", "0.00", "50.00") == "50.00"
    assert again("50.00", "0.00", "49.99") == "49.99"
    assert again("50.00", "0.01", "50.00") == "49.99"
    assert again("50.00", "50.00", "50.00") == again("50.00", "60.00", "50.00") == "0.00"


def after_invoice(line: NoteLine, tons: Decimal, amount: Decimal | None = None) -> NoteLine:
    """The line after `tons` of it were invoiced at the note's price, or for another `amount`."""
    part = Part(line.line, tons, settle(line, tons))
    return invoiced(line, part, part.value if amount is None else amount)


@given(st.integers(0, 3000), st.integers(1, 3000), st.integers(0, 3000))
def test_6_3_a_return_is_what_was_not_invoiced_and_then_what_was(before: int, back: int, value: int) -> None:
    kilograms = Decimal("0.001")
    line = after_invoice(LINE, before * kilograms)
    split = split_return(line, back * kilograms, value * Decimal("0.01"))
    assert split.uninvoiced_tons + split.invoiced_tons == back * kilograms
    assert split.uninvoiced_tons == min(back * kilograms, line.open_tons)
    assert 0 <= split.uninvoiced_value <= line.open_value
    assert 0 <= split.invoiced_value <= line.settled_value
    if split.uninvoiced_tons == line.open_tons:
        assert split.uninvoiced_value == line.open_value, "no cent sticks"
    last = back == 3000
    assert split.credit == (line.settled_value if last else split.invoiced_value), "at the note's price: the value"


@given(tons, st.decimals("0.01", 100_000, places=2), yuan, st.lists(tons, max_size=8))
def test_6_3_over_all_returns_exactly_what_was_invoiced_is_credited(
    whole: Decimal, price: Decimal, amount: Decimal, parts: list[Decimal]
) -> None:
    line = after_invoice(NoteLine(1, whole, (whole * price).quantize(Decimal("0.01")), price), whole, amount)
    for part in [*parts, whole]:
        back = min(part, line.tons - line.returned_tons)
        split = split_return(line, back, (back * price).quantize(Decimal("0.01")))
        assert split.credit >= 0
        line = returned(line, split)
        assert line.credited_amount <= amount
        assert line.returned_value <= line.settled_value
    assert line.credited_amount == amount


def test_6_3_never_more_comes_back_than_was_shipped() -> None:
    half = returned(LINE, split_return(LINE, Decimal("1.500"), Decimal("50.00")))
    assert half.returnable_tons == Decimal("1.500")
    assert refused(split_return, half, Decimal("1.501"), Decimal("50.03")) == "return-above-note"


def test_6_3_at_most_the_notes_value_is_credited_of_an_invoice_at_its_price() -> None:
    line = after_invoice(LINE, LINE.tons)
    split = split_return(line, Decimal("3.000"), Decimal("100.01"))
    assert (split.uninvoiced_value, split.invoiced_value, split.credit) == (ZERO, *[Decimal("100.00")] * 2)
    line = replace(
        line, returned_tons=Decimal("2.000"), returned_value=Decimal("66.67"), credited_amount=Decimal("66.67")
    )
    split = split_return(line, Decimal("1.000"), Decimal("33.34"))
    assert (split.invoiced_value, split.credit) == (Decimal("33.33"), Decimal("33.33"))


@given(some_yuan, st.lists(yuan, min_size=1, max_size=6))
def test_an_invoices_amount_is_spread_over_its_lines_to_the_cent(amount: Decimal, values: list[Decimal]) -> None:
    total = sum(values, ZERO)
    if total == 0:
        return
    shares = spread(amount, values)
    assert sum(shares, ZERO) == amount
    assert all(share >= 0 for share in shares)
    assert spread(total, values) == values, "at the note's prices each line has its own value"
