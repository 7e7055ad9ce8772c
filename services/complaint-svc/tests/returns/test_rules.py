"""Clause 6-3 as arithmetic: whatever comes back in whatever parts, a line never gives more than it was."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from complaint_svc.returns import rules
from complaint_svc.returns.rules import Claimed, ReturnedLine, ShippedLine
from fangxing.money import value_of

LINE = ShippedLine(1, Decimal("2.000"), Decimal("12345.67"), Decimal("24691.34"))


def test_6_3_the_last_kilogram_may_come_back_and_one_more_may_not() -> None:
    held = Claimed(Decimal("1.500"), Decimal("18518.51"))
    assert rules.beyond_shipped("DN-1", LINE, held, Decimal("0.500")) is None
    reason = rules.beyond_shipped("DN-1", LINE, held, Decimal("0.501"))
    assert reason is not None
    assert reason.params["remaining"] == Decimal("0.500")


def test_6_3_a_whole_line_is_worth_exactly_its_value_even_where_price_times_tons_is_not() -> None:
    loaded = ShippedLine(1, Decimal("2.000"), Decimal("100.00"), Decimal("199.99"))
    assert rules.part_value(loaded, Claimed(), Decimal("2.000")) == Decimal("199.99")


def test_6_3_no_part_takes_more_than_the_remainder_of_the_lines_value() -> None:
    loaded = ShippedLine(1, Decimal("2.000"), Decimal("100.00"), Decimal("150.00"))
    assert rules.part_value(loaded, Claimed(), Decimal("1.999")) == Decimal("150.00")


def test_6_3_half_a_cent_is_rounded_up_once_and_taken_back_by_the_last_part() -> None:
    line = ShippedLine(1, Decimal("0.003"), Decimal("5.00"), Decimal("0.02"))
    first = rules.part_value(line, Claimed(), Decimal("0.001"))
    assert first == Decimal("0.01")
    assert rules.part_value(line, Claimed(Decimal("0.001"), first), Decimal("0.002")) == Decimal("0.01")


def test_6_3_full_acceptance_is_worth_what_was_approved_and_part_of_it_never_more() -> None:
    approved = ReturnedLine(1, Decimal("0.500"), Decimal("1.01"), Decimal("0.50"), Decimal("0.500"))
    assert rules.accepted_value(approved, Decimal("0.500")) == Decimal("0.50")
    assert rules.accepted_value(approved, Decimal("0.499")) == Decimal("0.50")
    assert rules.accepted_value(approved, Decimal("0.000")) == Decimal("0.00")


def test_6_3_part_of_a_whole_line_is_not_worth_more_than_the_line() -> None:
    approved = ReturnedLine(1, Decimal("2.000"), Decimal("1.00"), Decimal("1.98"), Decimal("2.000"))
    assert rules.accepted_value(approved, Decimal("1.999")) == Decimal("1.98")


def test_6_3_receipt_up_to_the_approved_tons() -> None:
    lines = [ReturnedLine(1, Decimal("1.000"), Decimal("1.00"), Decimal("1.00"))]
    assert rules.receipt_verdict(lines, {1: Decimal("1.000")}).allowed
    over = rules.receipt_verdict(lines, {1: Decimal("1.001")})
    assert not over.allowed
    assert over.clauses == ["6-3"]


def test_6_3_inspection_up_to_the_received_tons_and_its_result_is_derived() -> None:
    lines = [
        ReturnedLine(1, Decimal("1.000"), Decimal("1.00"), Decimal("1.00"), Decimal("0.900")),
        ReturnedLine(2, Decimal("1.000"), Decimal("1.00"), Decimal("1.00"), Decimal("0.000")),
    ]
    nothing = Decimal("0.000")
    assert rules.inspection_verdict(lines, {1: Decimal("0.900"), 2: nothing}).outcome == "accepted"
    assert rules.inspection_verdict(lines, {1: Decimal("0.899"), 2: nothing}).outcome == "partly"
    assert rules.inspection_verdict(lines, {1: nothing, 2: nothing}).outcome == "rejected"
    assert not rules.inspection_verdict(lines, {1: Decimal("0.901"), 2: nothing}).allowed


# Small lines at small prices are where a cent is most.
kilograms = st.one_of(st.integers(2, 40), st.integers(1, 30_000))
prices = st.one_of(st.integers(10, 3_000), st.integers(1, 3_000_000))
lines = st.builds(
    lambda tons, price, off: ShippedLine(1, tons, price, max(Decimal("0.00"), value_of(tons, price) + off)),
    kilograms.map(lambda number: Decimal(number).scaleb(-3)),
    prices.map(lambda number: Decimal(number).scaleb(-2)),
    st.integers(min_value=-3, max_value=3).map(lambda number: Decimal(number).scaleb(-2)),
)
shares = st.sampled_from([10, 25, 33, 50, 75, 99, 100, 110, 1, 0])


class Held:
    """The returns of one line, as (tons, value) each."""

    def __init__(self, line: ShippedLine) -> None:
        self.line = line
        self.parts: list[tuple[Decimal, Decimal]] = []

    @property
    def claimed(self) -> Claimed:
        return Claimed(
            sum((tons for tons, _ in self.parts), Decimal("0.000")),
            sum((value for _, value in self.parts), Decimal("0.00")),
        )

    def propose(self, tons: Decimal) -> None:
        if tons > 0 and rules.beyond_shipped("DN-1", self.line, self.claimed, tons) is None:
            self.parts.append((tons, rules.part_value(self.line, self.claimed, tons)))

    def settle(self, which: int, share: int) -> None:
        """Inspect a part and accept a share of it, or (nothing accepted) cancel it."""
        if not self.parts:
            return
        tons, value = self.parts.pop(which % len(self.parts))
        accepted = (tons * min(share, 100) / 100).quantize(Decimal("0.001"))
        approved = ReturnedLine(1, tons, self.line.price_per_ton, value, accepted)
        self.parts.append((accepted, rules.accepted_value(approved, accepted)))

    def check(self) -> None:
        assert self.claimed.tons <= self.line.tons
        assert self.claimed.value <= self.line.value
        assert all(value >= 0 for _, value in self.parts)
        if self.claimed.tons == self.line.tons:
            assert self.claimed.value == self.line.value


steps = st.lists(st.tuples(st.booleans(), shares, st.integers(min_value=0, max_value=9)), max_size=25)


@settings(max_examples=400)
@given(lines, steps)
def test_6_3_any_sequence_of_returns_stays_within_the_line_and_a_full_return_is_its_value(
    line: ShippedLine, plan: list[tuple[bool, int, int]]
) -> None:
    held = Held(line)
    for proposing, share, which in plan:
        if proposing:
            held.propose((line.tons * share / 100).quantize(Decimal("0.001")))
        else:
            held.settle(which, share)
        held.check()
    held.propose(line.tons - held.claimed.tons)
    held.check()
    assert held.claimed == Claimed(line.tons, line.value)
