"""3-8.2-A: within the band the edge included, one cent beyond is the next level, both ways alike."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_svc.authority.rules import Band, BandRole, Fault, Level, SalesPrice, StandardPrice, level_of, lint
from pricing_svc.prices.rules import PriceStatus

RANK = {Level.SALES_REP: 0, Level.SALES_MANAGER: 1, Level.GENERAL_MANAGER: 2}


def band(role: BandRole, below: str, above: str) -> Band:
    """A band in percent."""
    return Band(role, Decimal(below), Decimal(above))


BANDS = [band(BandRole.SALES_REP, "3.00", "5.00"), band(BandRole.SALES_MANAGER, "8.00", "10.00")]


def level(price: str, base: str = "10000.00", bands: list[Band] = BANDS) -> Level:
    """Who decides at a standard base price."""
    return level_of(SalesPrice(Decimal(price)), StandardPrice(Decimal(base)), PriceStatus.STANDARD, bands)


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("10000.00", Level.SALES_REP),
        ("9700.00", Level.SALES_REP),
        ("9699.99", Level.SALES_MANAGER),
        ("9200.00", Level.SALES_MANAGER),
        ("9199.99", Level.GENERAL_MANAGER),
        ("0.01", Level.GENERAL_MANAGER),
        ("10500.00", Level.SALES_REP),
        ("10500.01", Level.SALES_MANAGER),
        ("11000.00", Level.SALES_MANAGER),
        ("11000.01", Level.GENERAL_MANAGER),
    ],
)
def test_3_8_2_a_edges(price: str, expected: Level) -> None:
    assert level(price) == expected


def test_3_8_2_a_an_edge_between_two_cents_is_not_rounded() -> None:
    # 3 % below 10.01 is 9.7097 and 5 % above is 10.5105
    assert level("9.71", "10.01") == Level.SALES_REP
    assert level("9.70", "10.01") == Level.SALES_MANAGER
    assert level("10.51", "10.01") == Level.SALES_REP
    assert level("10.52", "10.01") == Level.SALES_MANAGER


@pytest.mark.parametrize(("price", "expected"), [("9999.99", 2), ("10000.00", 0), ("10000.01", 2)])
def test_3_6_an_initial_price_is_exact_only(price: str, expected: int) -> None:
    found = level_of(SalesPrice(Decimal(price)), StandardPrice(Decimal("10000.00")), PriceStatus.INITIAL, BANDS)
    assert RANK[found] == expected


def test_3_8_2_a_no_table_leaves_every_deviation_to_the_gm() -> None:
    assert level("10000.00", bands=[]) == Level.SALES_REP
    assert level("9999.99", bands=[]) == Level.GENERAL_MANAGER
    assert level("10000.01", bands=[]) == Level.GENERAL_MANAGER


def test_3_8_2_a_a_band_of_zero_percent_is_the_base_price_alone() -> None:
    none = [band(BandRole.SALES_REP, "0.00", "0.00"), band(BandRole.SALES_MANAGER, "1.00", "0.00")]
    assert level("10000.00", bands=none) == Level.SALES_REP
    assert level("9999.99", bands=none) == Level.SALES_MANAGER
    assert level("10000.01", bands=none) == Level.GENERAL_MANAGER


@pytest.mark.parametrize(
    ("bands", "fault"),
    [
        (BANDS, None),
        (list(reversed(BANDS)), None),
        ([], Fault.MISSING),
        (BANDS[:1], Fault.MISSING),
        (BANDS[1:], Fault.MISSING),
        ([*BANDS, band(BandRole.SALES_REP, "1.00", "1.00")], Fault.TWICE),
        ([band(BandRole.SALES_REP, "3.00", "5.00"), band(BandRole.SALES_MANAGER, "2.99", "10.00")], Fault.GAP),
        ([band(BandRole.SALES_REP, "3.00", "5.00"), band(BandRole.SALES_MANAGER, "8.00", "4.99")], Fault.GAP),
        ([band(BandRole.SALES_REP, "3.00", "5.00"), band(BandRole.SALES_MANAGER, "3.00", "5.00")], Fault.GAP),
        ([band(BandRole.SALES_REP, "3.00", "5.00"), band(BandRole.SALES_MANAGER, "3.00", "5.01")], None),
        ([band(BandRole.SALES_REP, "3.00", "5.00"), band(BandRole.SALES_MANAGER, "3.01", "5.00")], None),
        ([band(BandRole.SALES_REP, "0.00", "0.00"), band(BandRole.SALES_MANAGER, "100.00", "100.00")], None),
    ],
)
def test_3_8_2_a_lint(bands: list[Band], fault: Fault | None) -> None:
    assert lint(bands) == fault


PERCENTS = st.decimals("0.00", "100.00", places=2)
PRICES = st.decimals("0.01", "30000.00", places=2)


@st.composite
def sound_bands(draw: st.DrawFn) -> list[Band]:
    """Two bands that pass the lint."""
    below, above = sorted(draw(st.tuples(PERCENTS, PERCENTS))), sorted(draw(st.tuples(PERCENTS, PERCENTS)))
    bands = [Band(BandRole.SALES_REP, below[0], above[0]), Band(BandRole.SALES_MANAGER, below[1], above[1])]
    return bands if lint(bands) is None else BANDS


@given(sound_bands(), PRICES, st.tuples(PRICES, PRICES))
def test_3_8_2_a_farther_from_the_base_never_needs_less(
    bands: list[Band], base: Decimal, prices: tuple[Decimal, Decimal]
) -> None:
    near, far = sorted(prices, key=lambda price: abs(price - base))
    levels = [level_of(SalesPrice(price), StandardPrice(base), PriceStatus.STANDARD, bands) for price in (near, far)]
    if (near < base) == (far < base):
        assert RANK[levels[0]] <= RANK[levels[1]]


@given(sound_bands(), PRICES)
def test_3_8_2_a_surcharges_follow_the_same_rule(bands: list[Band], base: Decimal) -> None:
    mirrored = [Band(one.role, one.percent_above, one.percent_below) for one in bands]
    for step in (Decimal("0.01"), base / 20, base / 10, base):
        discount = level_of(SalesPrice(base - step), StandardPrice(base), PriceStatus.STANDARD, bands)
        surcharge = level_of(SalesPrice(base + step), StandardPrice(base), PriceStatus.STANDARD, mirrored)
        assert discount == surcharge
