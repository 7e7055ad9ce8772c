"""The rules of 4-3 and 4-4 on their boundaries."""

from datetime import date
from decimal import Decimal

import pytest

from contract_svc.contracts import rules
from contract_svc.contracts.policies import ROUTES
from contract_svc.contracts.review import points_for
from fangxing.errors import DomainError
from fangxing.policies import POLICY_VALUE_INVALID, check_value
from fangxing.roles import Role

D = Decimal
TODAY = date(2026, 3, 2)
BANDS = [rules.FloatBand("sales_rep", D("3.00"), D("5.00")), rules.FloatBand("sales_manager", D("6.00"), D("10.00"))]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "long"),
    [
        (date(2026, 1, 1), date(2026, 6, 30), True),  # six months to the day
        (date(2026, 1, 1), date(2026, 6, 29), False),  # a day short
        (date(2026, 1, 15), date(2026, 7, 14), True),
        (date(2026, 1, 15), date(2026, 7, 13), False),
        (date(2025, 8, 31), date(2026, 2, 27), True),  # 31 August + 6 months is clipped to 28 February
        (date(2025, 8, 31), date(2026, 2, 26), False),
        (date(2026, 1, 1), date(2026, 1, 1), False),
    ],
)
def test_long_or_short_4_4_1_1_1(starts_on: date, ends_on: date, long: bool) -> None:
    """4-4.1.1-1: six months or more is long."""
    assert rules.is_long(starts_on, ends_on) is long


@pytest.mark.parametrize(
    ("lifecycle", "irregular"), [("regular", False), ("new", True), ("stopped", True), (None, True)]
)
def test_regular_or_irregular_4_4_1_1_2(lifecycle: str | None, irregular: bool) -> None:
    """4-4.1.1-2: never produced or long stopped is irregular, and so is what nobody knows."""
    assert rules.is_irregular(lifecycle) is irregular


def test_total_rounds_each_line_to_the_cent_4_4_2_1() -> None:
    """4-4.2.1: 0.333 t at 10.01 is 3.33333, so 3.33; the total adds what the lines show."""
    assert rules.total_of([(D("0.333"), D("10.01"))] * 3) == D("9.99")


def line(
    price: str,
    *,
    family: str | None = "DTY",
    base: rules.Base | None = None,
    bands: list[rules.FloatBand] | None = BANDS,
    priced: bool = True,
) -> rules.PricedLine:
    standard = rules.Base(D("10000.00"), 1, initial=False)
    return rules.PricedLine(1, "DTY 150D", D(price), family, (base or standard) if priced else None, bands)


@pytest.mark.parametrize(
    ("price", "level"),
    [
        ("10000.00", "sales_rep"),
        ("9700.00", "sales_rep"),  # exactly 3 % below
        ("9699.99", "sales_manager"),
        ("10500.00", "sales_rep"),  # exactly 5 % above: surcharges follow the same rule
        ("10500.01", "sales_manager"),
        ("9400.00", "sales_manager"),  # exactly 6 % below
        ("9399.99", "general_manager"),
        ("11000.00", "sales_manager"),
        ("11000.01", "general_manager"),
    ],
)
def test_price_level_at_the_edges_3_8_2_a(price: str, level: str) -> None:
    """3-8.2-A: within the float authority, the edge included; beyond it the next level."""
    assert rules.price_level(line(price))[0] == level


def test_the_edge_is_exact_3_8_2_a() -> None:
    """3-8.2-A: 3 % below 9,999.99 is 9,699.9903: 9,699.99 is beyond it by three hundredths of a cent."""
    base = rules.Base(D("9999.99"), 1, initial=False)
    assert rules.price_level(line("9699.99", base=base))[0] == "sales_manager"
    assert rules.price_level(line("9700.00", base=base))[0] == "sales_rep"


@pytest.mark.parametrize(
    ("price", "level"), [("10000.00", "sales_rep"), ("10000.01", "general_manager"), ("9999.99", "general_manager")]
)
def test_initial_price_only_exactly_3_6(price: str, level: str) -> None:
    """3-6: an initial price is usable at exactly that price, and needs no range yet; any deviation is the GM's."""
    base = rules.Base(D("10000.00"), 1, initial=True)
    assert rules.price_level(line(price, base=base))[0] == level
    assert rules.price_level(line(price, base=base, bands=None))[0] == level


@pytest.mark.parametrize(
    ("priced", "slug"),
    [
        (line("10000.00", family=None), "product-unknown"),
        (line("10000.00", priced=False), "base-price-missing"),
        (line("10000.00", bands=None), "price-authority-missing"),
        (line("10000.01", bands=[]), "price-beyond-bands"),
    ],
)
def test_price_level_fails_closed_3_8_2_a(priced: rules.PricedLine, slug: str) -> None:
    """3-8.2-A: whatever is missing is the general manager's, with the reason."""
    level, reason = rules.price_level(priced)
    assert (level, reason.type.slug) == ("general_manager", slug)


def test_a_table_with_the_manager_alone_3_8_2_a() -> None:
    """3-8.2-A: without a band of his own the rep has no authority; the manager's holds."""
    assert rules.price_level(line("10000.00", bands=BANDS[1:]))[0] == "sales_manager"
    assert rules.price_level(line("9399.99", bands=BANDS[1:]))[0] == "general_manager"


CREDIT_30, CREDIT_60 = rules.Terms("credit", 30), rules.Terms("credit", 60)
PREPAID, CASH = rules.Terms("prepaid", 0), rules.Terms("cash_on_delivery", 0)
GRADE_B = rules.Credit("B", D("500000.00"), None)


@pytest.mark.parametrize(
    ("asked", "settled", "credit", "slugs"),
    [
        (CREDIT_30, CREDIT_30, GRADE_B, []),
        (CREDIT_30, CREDIT_30, rules.Credit("A", None, None), []),
        (CREDIT_60, CREDIT_30, GRADE_B, ["terms-differ"]),
        (rules.Terms("credit", 29), CREDIT_30, GRADE_B, ["terms-differ"]),
        (CREDIT_30, PREPAID, GRADE_B, ["terms-differ"]),
        (CREDIT_30, CREDIT_30, rules.Credit("C", D("0.00"), None), ["term-without-limit"]),
        (CREDIT_30, CREDIT_30, rules.Credit("D", D("0.00"), None), ["term-without-limit"]),
        (CREDIT_30, CREDIT_30, rules.Credit("ungraded", D("0.00"), None), ["term-without-limit"]),
        (CREDIT_30, CREDIT_30, rules.Credit("B", D("0.00"), None), ["term-without-limit"]),
        (CREDIT_30, CREDIT_30, rules.Credit("B", D("0.01"), None), []),
        (CREDIT_30, CREDIT_30, None, ["term-without-limit"]),
        (CREDIT_30, CREDIT_60, None, ["term-without-limit", "terms-differ"]),
        (PREPAID, CREDIT_30, None, []),  # cash on the spot never needs finance
        (CASH, CREDIT_30, rules.Credit("D", D("0.00"), None), []),  # nor does cash on delivery
    ],
)
def test_special_terms_4_4_2_4(
    asked: rules.Terms, settled: rules.Terms, credit: rules.Credit | None, slugs: list[str]
) -> None:
    """4-4.2.4: a) a term without a credit limit, b) a term that differs from the settlement terms."""
    found = rules.special_terms(asked, settled, credit, TODAY)
    assert [reason.type.slug for reason in found] == slugs


@pytest.mark.parametrize(("until", "special"), [(date(2026, 3, 2), False), (date(2026, 3, 1), True)])
def test_a_grade_that_ran_out_is_c_4_4_2_4(until: date, special: bool) -> None:
    """4-4.2.4 with 2-5.3.1-C: on its last day the grade holds; the day after it is C though no news has come."""
    credit = rules.Credit("B", D("500000.00"), until)
    assert bool(rules.special_terms(CREDIT_30, CREDIT_30, credit, TODAY)) is special


def facts(
    total: str, *, irregular: bool = False, limit: str | None = "100000.00", **switches: bool | None
) -> list[str]:
    policies = rules.Switches(
        D(limit) if limit else None,
        switches.get("all_regular", False),
        switches.get("irregular_too", False),
    )
    found = rules.general_manager_reasons(rules.RouteFacts(D(total), irregular, (), (), policies))
    return [reason.type.slug for reason in found]


def test_amount_limit_4_4_2_1() -> None:
    """4-4.2.1: 100,000.00 exactly is not over; a cent more is; without a limit everything is the GM's."""
    assert facts("100000.00") == []
    assert facts("100000.01") == ["total-over-limit"]
    assert facts("0.01", limit=None) == ["manager-limit-unset"]


def test_gm_by_policy_4_4_2_1() -> None:
    """4-4.2.1: each switch speaks of its own type of contract, and an unset one fails closed."""
    assert facts("1.00", all_regular=True) == ["gm-signs-type"]
    assert facts("1.00", all_regular=True, irregular=True) == []
    assert facts("1.00", irregular_too=True, irregular=True) == ["gm-signs-type"]
    assert facts("1.00", irregular_too=True) == []
    assert facts("1.00", all_regular=None) == ["gm-switch-unset"]
    assert facts("1.00", irregular_too=None, irregular=True) == ["gm-switch-unset"]


@pytest.mark.parametrize(
    ("lifecycle", "has_base_price", "slug"),
    [
        ("regular", False, None),  # produced, no price yet: the adjustment flow (3-5.2-3), the GM signs meanwhile
        ("new", True, None),
        ("stopped", True, None),
        ("new", False, "new-product-pricing-first"),
        ("stopped", False, "new-product-pricing-first"),
        (None, False, "product-unknown-first"),
    ],
)
def test_new_product_pricing_first_4_4_2_2(lifecycle: str | None, has_base_price: bool, slug: str | None) -> None:
    """4-4.2.2: an irregular product needs new product pricing before its contract can be submitted."""
    reason = rules.pricing_first(1, "新品", lifecycle, has_base_price=has_base_price)
    assert (reason.type.slug if reason else None) == slug
    if reason:
        assert reason.type.clause == "4-4.2.2"
        assert reason.type.remedy is not None


def test_what_each_reviewer_looks_at_4_3() -> None:
    """4-3: the sales manager quantity, customer, price and supply; finance the payment terms."""
    slugs = {role: [point["point"] for point in points_for(role)] for role in Role}
    assert slugs[Role.SALES_MANAGER] == ["quantity", "customer", "price", "supply"]
    assert slugs[Role.FINANCE_MANAGER] == ["terms"]
    assert slugs[Role.GENERAL_MANAGER] == ["total", "price"]


@pytest.mark.parametrize(
    "change",
    [
        {"manager": []},
        {"manager_gm": ["sales_manager"]},
        {"manager_finance": ["sales_manager", "general_manager"]},
        {"manager": ["sales_manager", "sales_manager"]},
        {"manager": ["sales_manager", "gate_guard"]},
        {"manager": ["sales_manager", "nobody"]},
        {"another": ["sales_manager"]},
    ],
)
def test_a_route_with_a_gap_is_refused_1_3(change: dict[str, list[str]]) -> None:
    """1-3: a route table may add reviewers but leaves out nobody whom chapter 4 calls for."""
    assert ROUTES.initial is not None
    whole = {band: [role.value for role in roles] for band, roles in ROUTES.initial.items()}
    with pytest.raises(DomainError) as raised:
        check_value(ROUTES, {**whole, **change})
    assert raised.value.type is POLICY_VALUE_INVALID
    assert check_value(ROUTES, {**whole, "manager": ["production", "sales_manager"]})
