"""The rules of 4-3 and 4-4.2 on their boundaries."""

from datetime import date
from decimal import Decimal

import pytest

from contract_svc.reference.rules import Level, Lifecycle, Terms
from contract_svc.routing import reasons, rules
from contract_svc.routing.policies import ROUTES
from fangxing.errors import DomainError
from fangxing.policies import POLICY_VALUE_INVALID, check_value
from fangxing.positions import Grade
from fangxing.roles import Role
from fangxing.terms import TermsKind

D = Decimal
TODAY = date(2026, 3, 2)
BANDS = [
    rules.FloatBand(Level.SALES_REP, D("3.00"), D("5.00")),
    rules.FloatBand(Level.SALES_MANAGER, D("6.00"), D("10.00")),
]


@pytest.mark.parametrize(
    ("lifecycle", "irregular"),
    [(Lifecycle.REGULAR, False), (Lifecycle.NEW, True), (Lifecycle.STOPPED, True), (None, True)],
)
def test_regular_or_irregular_4_4_1_1_2(lifecycle: Lifecycle | None, irregular: bool) -> None:
    """4-4.1.1-2: never produced or long stopped is irregular, and so is what nobody knows."""
    assert rules.is_irregular(lifecycle) is irregular


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


CREDIT_30, CREDIT_60 = Terms(TermsKind.CREDIT, 30), Terms(TermsKind.CREDIT, 60)
PREPAID, CASH = Terms(TermsKind.PREPAID, 0), Terms(TermsKind.CASH_ON_DELIVERY, 0)
GRADE_B = rules.Credit(grade=Grade.B, limit=D("500000.00"))


@pytest.mark.parametrize(
    ("asked", "settled", "credit", "slugs"),
    [
        (CREDIT_30, CREDIT_30, GRADE_B, []),
        (CREDIT_30, CREDIT_30, rules.Credit(grade=Grade.A, limit=None), []),
        (CREDIT_60, CREDIT_30, GRADE_B, ["terms-differ"]),
        (Terms(TermsKind.CREDIT, 29), CREDIT_30, GRADE_B, ["terms-differ"]),
        (CREDIT_30, PREPAID, GRADE_B, ["terms-differ"]),
        (CREDIT_30, CREDIT_30, rules.Credit(grade=Grade.C, limit=D("0.00")), ["term-without-limit"]),
        (CREDIT_30, CREDIT_30, rules.Credit(grade=Grade.D, limit=D("0.00")), ["term-without-limit"]),
        (CREDIT_30, CREDIT_30, rules.Credit(grade=Grade.UNGRADED, limit=D("0.00")), ["term-without-limit"]),
        (CREDIT_30, CREDIT_30, rules.Credit(grade=Grade.B, limit=D("0.00")), ["term-without-limit"]),
        (CREDIT_30, CREDIT_30, rules.Credit(grade=Grade.B, limit=D("0.01")), []),
        (CREDIT_30, CREDIT_30, None, ["term-without-limit"]),
        (CREDIT_30, CREDIT_60, None, ["term-without-limit", "terms-differ"]),
        (PREPAID, CREDIT_30, None, []),  # cash on the spot never needs finance
        (CASH, CREDIT_30, rules.Credit(grade=Grade.D, limit=D("0.00")), []),  # nor does cash on delivery
    ],
)
def test_special_terms_4_4_2_4(asked: Terms, settled: Terms, credit: rules.Credit | None, slugs: list[str]) -> None:
    """4-4.2.4: a) a term without a credit limit, b) a term that differs from the settlement terms."""
    found = rules.special_terms(asked, settled, credit, TODAY)
    assert [reason.type.slug for reason in found] == slugs


@pytest.mark.parametrize(
    ("c_from", "d_from", "special"),
    [
        (date(2026, 3, 3), None, False),  # today is the last day of B
        (date(2026, 3, 2), None, True),
        (None, date(2026, 3, 3), False),
        (None, date(2026, 3, 2), True),
    ],
)
def test_a_grade_that_ran_out_gives_no_limit_4_4_2_4(c_from: date | None, d_from: date | None, special: bool) -> None:
    """4-4.2.4 with 2-5.3.1-C and -D: from its date on the grade is C or D though no news has come."""
    credit = rules.Credit(grade=Grade.B, limit=D("500000.00"), c_from=c_from, d_from=d_from)
    found = rules.special_terms(CREDIT_30, CREDIT_30, credit, TODAY)
    assert bool(found) is special
    if found:
        assert found[0].params["grade"] == ("C" if c_from else "D")


def test_reasons_say_names_not_codes() -> None:
    """Issue 5.3: who and what is meant is said in the reader's language; the codes stay in the parameters."""
    _, price = rules.price_level(line("9400.00"))
    (unlimited, differ) = rules.special_terms(CREDIT_60, PREPAID, None, TODAY)
    (ungraded,) = rules.special_terms(CREDIT_30, CREDIT_30, rules.Credit(grade=Grade.UNGRADED, limit=D("0.00")), TODAY)
    added = reasons.route_names_role("route.contract", rules.Band.MANAGER_GM, rules.NEEDED[rules.Band.MANAGER_GM])
    unpriced = rules.pricing_first(1, "丝", Lifecycle.STOPPED, has_base_price=False)
    assert unpriced is not None
    for reason, chinese, english in (
        (price, "在销售经理权限 9400.00 至", "within the authority of the sales manager, 9400.00 to"),
        (unlimited, "（等级 -）", "(grade -)"),
        (ungraded, "（等级 未评级）", "(grade ungraded)"),
        (differ, "（款到发货，0 天）", "(payment before shipping, 0 days)"),
        (added, "“总经理、销售经理”一栏", "for 'general manager, sales manager'"),
        (unpriced, "非常规产品（已停产）", "irregular (stopped)"),
    ):
        assert chinese in reason.say("zh-CN"), reason.say("zh-CN")
        assert english in reason.say("en"), reason.say("en")
    assert price.params["role"] == "sales_manager"
    assert differ.params["settled_kind"] == "prepaid"


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
        # produced, no price yet: the adjustment flow (3-5.2-3), the GM signs meanwhile
        (Lifecycle.REGULAR, False, None),
        (Lifecycle.NEW, True, None),
        (Lifecycle.STOPPED, True, None),
        (Lifecycle.NEW, False, "new-product-pricing-first"),
        (Lifecycle.STOPPED, False, "new-product-pricing-first"),
        (None, False, "product-unknown-first"),
    ],
)
def test_new_product_pricing_first_4_4_2_2(lifecycle: Lifecycle | None, has_base_price: bool, slug: str | None) -> None:
    """4-4.2.2: an irregular product needs new product pricing before its contract can be submitted."""
    reason = rules.pricing_first(1, "新品", lifecycle, has_base_price=has_base_price)
    assert (reason.type.slug if reason else None) == slug
    if reason:
        assert reason.type.clause == "4-4.2.2"
        assert reason.type.remedy is not None


def test_what_each_reviewer_looks_at_4_3() -> None:
    """4-3: the sales manager quantity, customer, price and supply; finance the payment terms."""
    slugs = {role: [point.slug for point in rules.points_for(role)] for role in Role}
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
        {"manager": ["sales_manager", "production"]},
        {"manager_gm": ["general_manager", "sales_manager"]},
    ],
)
def test_a_route_with_a_gap_is_refused_1_3(change: dict[str, list[str]]) -> None:
    """1-3: a route table may add reviewers, leaves out nobody whom chapter 4 calls for, and ends with a decider."""
    assert ROUTES.initial is not None
    whole = {band: [role.value for role in roles] for band, roles in ROUTES.initial.items()}
    with pytest.raises(DomainError) as raised:
        check_value(ROUTES, {**whole, **change})
    assert raised.value.type is POLICY_VALUE_INVALID
    assert check_value(ROUTES, {**whole, "manager": ["production", "sales_manager"]})
    assert check_value(ROUTES, {**whole, "manager_finance": ["finance_manager", "sales_manager"]})
