"""The pure rules of the receivables: to the cent, and the exposure formula over every transition."""

from dataclasses import dataclass, replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from customer_svc.receivables.rules import (
    Allocation,
    InvoiceShares,
    NoteLine,
    ReturnSplit,
    allocation_fault,
    invoice_shares,
    settle,
    split_return,
    spread,
)
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


@given(st.decimals(-1000, 1000, places=2), yuan, yuan, yuan, some_yuan, yuan)
def test_5_4_2_1_b_an_invoice_at_the_notes_price_leaves_the_exposure_as_it_was(
    receivable: Decimal, delivered: Decimal, used: Decimal, prepaid: Decimal, value: Decimal, prepaid_left: Decimal
) -> None:
    before = Books(receivable, delivered, used, prepaid)
    shares = invoice_shares(value, value, prepaid_left=prepaid_left, uncovered=used - prepaid)
    assert before.after(shares).exposure == before.exposure
    assert 0 <= shares.receivable <= value
    assert shares.prepaid_part == min(value, prepaid_left)


@given(yuan, yuan, some_yuan, some_yuan, yuan)
def test_5_4_2_2_b_another_amount_than_the_notes_moves_the_exposure_by_the_difference_at_most(
    used: Decimal, prepaid: Decimal, amount: Decimal, value: Decimal, prepaid_left: Decimal
) -> None:
    before = Books(ZERO, value, used, prepaid)
    shares = invoice_shares(amount, value, prepaid_left=prepaid_left, uncovered=used - prepaid)
    change = before.after(shares).exposure - before.exposure
    assert min(ZERO, amount - value) <= change <= max(ZERO, amount - value)
    if amount > value:
        assert change == amount - value
    # whatever the earmark's part of the goods was: paid by it, owed, or free again
    paid = amount - shares.receivable
    assert shares.prepaid == shares.prepaid_part - paid
    assert shares.settled + shares.prepaid_part == value


def test_5_4_2_2_b_prepaid_goods_by_example() -> None:
    def shares(amount: str, uncovered: str) -> tuple[str, str, str, str]:
        made = invoice_shares(
            Decimal(amount), Decimal("100.00"), prepaid_left=Decimal("100.00"), uncovered=Decimal(uncovered)
        )
        return str(made.receivable), str(made.settled), str(made.prepaid), str(made.prepaid_part)

    assert shares("100.00", "0.00") == ("0.00", "0.00", "0.00", "100.00")
    assert shares("100.00", "-0.01") == ("0.00", "0.00", "0.00", "100.00")
    assert shares("100.00", "0.01") == ("0.01", "0.00", "0.01", "100.00")
    assert shares("100.00", "100.00") == ("100.00", "0.00", "100.00", "100.00")
    assert shares("100.00", "250.00") == ("100.00", "0.00", "100.00", "100.00")
    assert shares("90.00", "0.00") == ("0.00", "0.00", "10.00", "100.00")
    assert shares("90.00", "40.00") == ("30.00", "0.00", "40.00", "100.00")
    assert shares("120.00", "0.00") == ("20.00", "0.00", "0.00", "100.00")


def invoiced(line: NoteLine, tons: Decimal, amount: Decimal | None = None) -> NoteLine:
    """The line after `tons` of it were invoiced at the note's price, or for another `amount`."""
    value = settle(line, tons)
    return replace(
        line,
        settled_tons=line.settled_tons + tons,
        settled_value=line.settled_value + value,
        invoiced_amount=line.invoiced_amount + (value if amount is None else amount),
    )


def returned(line: NoteLine, tons: Decimal, split: ReturnSplit) -> NoteLine:
    """The line after a return."""
    return replace(
        line,
        settled_tons=line.settled_tons + split.uninvoiced_tons,
        settled_value=line.settled_value + split.uninvoiced_value,
        returned_tons=line.returned_tons + tons,
        returned_value=line.returned_value + split.uninvoiced_value + split.invoiced_value,
        credited_amount=line.credited_amount + split.credit,
    )


@given(st.integers(0, 3000), st.integers(1, 3000), st.integers(0, 3000))
def test_6_3_a_return_is_what_was_not_invoiced_and_then_what_was(before: int, back: int, value: int) -> None:
    kilograms = Decimal("0.001")
    line = invoiced(LINE, before * kilograms)
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
    line = invoiced(NoteLine(1, whole, (whole * price).quantize(Decimal("0.01")), price), whole, amount)
    for part in [*parts, whole]:
        back = min(part, line.tons - line.returned_tons)
        split = split_return(line, back, (back * price).quantize(Decimal("0.01")))
        assert split.credit >= 0
        line = returned(line, back, split)
        assert line.credited_amount <= amount
        assert line.returned_value <= line.settled_value
    assert line.credited_amount == amount


def test_6_3_at_most_the_notes_value_is_credited_of_an_invoice_at_its_price() -> None:
    line = invoiced(LINE, LINE.tons)
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


def test_allocation_faults() -> None:
    invoices = {"x": Decimal("60.00"), "y": Decimal("0.01")}

    def fault(*parts: tuple[str, str]) -> str | None:
        return allocation_fault(Decimal("60.00"), [Allocation(of, Decimal(part)) for of, part in parts], invoices)

    assert fault() is None
    assert fault(("x", "60.00")) is None
    assert fault(("x", "59.99"), ("y", "0.01")) is None
    assert fault(("x", "60.01")) == "x"
    assert fault(("x", "1.00"), ("x", "1.00")) == "x"
    assert fault(("z", "1.00")) == "z"
    assert fault(("x", "60.00"), ("y", "0.01")) == "total"
