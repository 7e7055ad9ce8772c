"""Properties of the route: who signs follows from the facts and from nothing else."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from contract_svc.reference.rules import Level, Terms
from contract_svc.routing import rules
from contract_svc.routing.reasons import terms_differ
from fangxing.roles import Role
from fangxing.terms import TermsKind

yuan = st.decimals(min_value="0.01", max_value="300000", places=2)
switch = st.sampled_from([True, False, None])


@given(
    total=yuan,
    limit=st.none() | yuan,
    irregular=st.booleans(),
    beyond=st.lists(st.integers(1, 5), unique=True, max_size=3),
    special=st.booleans(),
    all_regular=switch,
    irregular_too=switch,
)
def test_who_signs_4_4_2(
    total: Decimal,
    limit: Decimal | None,
    irregular: bool,
    beyond: list[int],
    special: bool,
    all_regular: bool | None,
    irregular_too: bool | None,
) -> None:
    """4-4.2.1, 4-4.2.4: the GM iff over, beyond or by policy; finance iff special; the sales manager always, first."""
    terms = (terms_differ(60, Terms(TermsKind.CREDIT, 30)),) if special else ()
    found = rules.signatures(
        rules.RouteFacts(total, irregular, beyond, terms, rules.Switches(limit, all_regular, irregular_too))
    )
    by_policy = irregular_too if irregular else all_regular
    gm = limit is None or total > limit or bool(beyond) or by_policy is not False
    assert (Role.GENERAL_MANAGER in found.by_role) is gm
    assert (Role.FINANCE_MANAGER in found.by_role) is special
    assert next(iter(found.by_role)) is Role.SALES_MANAGER
    assert found.band == "manager" + ("_finance" if special else "") + ("_gm" if gm else "")
    assert all(found.by_role.values()), "every step has its reason"


@given(
    base=st.decimals(min_value="1", max_value="50000", places=2),
    price=st.decimals(min_value="1", max_value="60000", places=2),
    rep=st.tuples(st.decimals(0, 20, places=2), st.decimals(0, 20, places=2)),
    more=st.tuples(st.decimals(0, 20, places=2), st.decimals(0, 20, places=2)),
)
def test_price_level_is_the_lowest_that_covers_3_8_2_a(
    base: Decimal, price: Decimal, rep: tuple[Decimal, Decimal], more: tuple[Decimal, Decimal]
) -> None:
    """3-8.2-A: the deviation in percent, taken exactly, says whose the price is."""
    manager = (rep[0] + more[0], rep[1] + more[1])
    bands = [rules.FloatBand(Level.SALES_REP, *rep), rules.FloatBand(Level.SALES_MANAGER, *manager)]
    level, _ = rules.price_level(rules.PricedLine(1, "p", price, "f", rules.Base(base, 1, initial=False), bands))

    def covers(band: tuple[Decimal, Decimal]) -> bool:
        deviation = (price - base) * 100
        return -band[0] * base <= deviation <= band[1] * base

    assert level == ("sales_rep" if covers(rep) else "sales_manager" if covers(manager) else "general_manager")
