"""The rules of chapter 4 on who signs. Pure: no I/O, no clock, no settings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from contract_svc.reference.rules import Level, Lifecycle, Terms
from contract_svc.routing import reasons
from fangxing.clauses import clause
from fangxing.positions import Grade, grade_on
from fangxing.roles import Role
from fangxing.terms import TermsKind
from fangxing.verdicts import Reason


class Band(StrEnum):
    """Which signatures a contract needs."""

    MANAGER = "manager"
    MANAGER_FINANCE = "manager_finance"
    MANAGER_GM = "manager_gm"
    MANAGER_FINANCE_GM = "manager_finance_gm"


NEEDED: Mapping[str, tuple[Role, ...]] = {
    Band.MANAGER: (Role.SALES_MANAGER,),
    Band.MANAGER_FINANCE: (Role.SALES_MANAGER, Role.FINANCE_MANAGER),
    Band.MANAGER_GM: (Role.SALES_MANAGER, Role.GENERAL_MANAGER),
    Band.MANAGER_FINANCE_GM: (Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.GENERAL_MANAGER),
}
"""Whom chapter 4 calls for in each band, in order; a route may add to them and never leave one out."""

DECIDER: Mapping[str, Role] = {
    Band.MANAGER: Role.SALES_MANAGER,
    Band.MANAGER_FINANCE: Role.SALES_MANAGER,
    Band.MANAGER_GM: Role.GENERAL_MANAGER,
    Band.MANAGER_FINANCE_GM: Role.GENERAL_MANAGER,
}
"""Whose decision a contract is (4-4.2.1); finance looks at the payment terms and never decides alone."""

DECIDERS = (Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.GENERAL_MANAGER, Role.PRODUCTION)
"""The roles a route may name: the reviewers of 4-3, and production for what it has to supply."""

_LOOK_AT: Mapping[Role, tuple[reasons.Point, ...]] = {
    Role.SALES_MANAGER: (reasons.QUANTITY, reasons.CUSTOMER, reasons.PRICE, reasons.SUPPLY),
    Role.FINANCE_MANAGER: (reasons.TERMS,),
    Role.GENERAL_MANAGER: (reasons.TOTAL, reasons.PRICE),
    Role.PRODUCTION: (reasons.SUPPLY,),
}


@clause("4-3")
def points_for(role: Role) -> tuple[reasons.Point, ...]:
    """What `role` must look at before it signs."""
    return _LOOK_AT.get(role, ())


@clause("4-4.1.1-2")
def is_irregular(lifecycle: Lifecycle | None) -> bool:
    """Whether a product makes its contract irregular: never produced, long stopped, or not known at all."""
    return lifecycle is not Lifecycle.REGULAR


@dataclass(frozen=True, slots=True)
class Base:
    """A base price in force: yuan per ton incl. tax; `initial` is usable at exactly that price."""

    amount: Decimal
    version: int
    initial: bool


@dataclass(frozen=True, slots=True)
class FloatBand:
    """How many percent below and above the base price `level` may sell at."""

    level: Level
    percent_below: Decimal
    percent_above: Decimal

    def edges(self, base: Decimal) -> tuple[Decimal, Decimal]:
        """The lowest and the highest price of the band, exact; both belong to it."""
        return base * (100 - self.percent_below) / 100, base * (100 + self.percent_above) / 100


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line as the price rule sees it. No `family`: the product is not known. No `bands`: no authority table."""

    number: int
    product: str
    price: Decimal
    family: str | None
    base: Base | None
    bands: Sequence[FloatBand] | None


@clause("3-8.2-A", "3-6")
def price_level(line: PricedLine) -> tuple[Level, Reason]:
    """The lowest level whose float authority covers the line's price, and why.

    Exactly at a band's edge is within. Whatever is missing (product, base price, authority) is the general manager's.
    """
    if line.family is None:
        return Level.GENERAL_MANAGER, reasons.PRODUCT_UNKNOWN(line=line.number, product=line.product)
    if line.base is None:
        return Level.GENERAL_MANAGER, reasons.NO_BASE_PRICE(line=line.number, product=line.product)
    if line.base.initial:
        return _at_initial(line, line.base)
    if line.bands is None:
        return Level.GENERAL_MANAGER, reasons.NO_AUTHORITY(line=line.number, family=line.family)
    return _by_bands(line, line.base, line.bands)


def _at_initial(line: PricedLine, base: Base) -> tuple[Level, Reason]:
    if line.price == base.amount:
        return Level.SALES_REP, reasons.AT_INITIAL_PRICE(line=line.number, base=base.amount)
    return Level.GENERAL_MANAGER, reasons.OFF_INITIAL_PRICE(line=line.number, price=line.price, base=base.amount)


def _by_bands(line: PricedLine, base: Base, bands: Sequence[FloatBand]) -> tuple[Level, Reason]:
    by_level = {band.level: band for band in bands}
    widest = (base.amount, base.amount)
    for level in (Level.SALES_REP, Level.SALES_MANAGER):
        if level not in by_level:
            continue
        low, high = by_level[level].edges(base.amount)
        if low <= line.price <= high:
            return level, reasons.within_authority(line.number, line.price, base.amount, (low, high), level)
        widest = min(widest[0], low), max(widest[1], high)
    return Level.GENERAL_MANAGER, reasons.beyond_bands(line.number, line.price, base.amount, widest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A customer's credit: `limit` in yuan, None for no cap; from `c_from` at best C, from `d_from` D."""

    grade: Grade
    limit: Decimal | None
    c_from: date | None = None
    d_from: date | None = None

    def grade_on(self, day: date) -> Grade:
        """The grade on `day`, whether or not the news of a fall has come."""
        return grade_on(self.grade, c_from=self.c_from, d_from=self.d_from, day=day)

    def has_limit(self, day: date) -> bool:
        """Whether there is credit to use: A without a cap, B up to a limit above 0."""
        grade = self.grade_on(day)
        return grade is Grade.A or (grade is Grade.B and self.limit is not None and self.limit > 0)


@clause("4-4.2.4")
def special_terms(asked: Terms, settled: Terms, credit: Credit | None, today: date) -> tuple[Reason, ...]:
    """Why the payment terms are special, empty where they are not. No known `credit` counts as no limit.

    Only a term of credit can be special: cash on the spot and cash on delivery never need finance.
    """
    if asked.kind is not TermsKind.CREDIT:
        return ()
    found: list[Reason] = []
    if credit is None or not credit.has_limit(today):
        found.append(reasons.term_without_limit(credit.grade_on(today) if credit else None, asked.days))
    if asked != settled:
        found.append(reasons.terms_differ(asked.days, settled))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Switches:
    """The policies that decide about the general manager; None where a policy has no value."""

    manager_limit: Decimal | None
    gm_signs_all_regular: bool | None
    gm_signs_irregular: bool | None


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """What the route follows from. `beyond` are the numbers of the lines priced beyond the sales authority."""

    total: Decimal
    irregular: bool
    beyond: Sequence[int]
    special: Sequence[Reason]
    switches: Switches


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who has to sign, in order, and why."""

    band: Band
    by_role: Mapping[Role, tuple[Reason, ...]]


@clause("4-4.2.1", "4-4.2.4", "4-3", "1-3.9")
def signatures(facts: RouteFacts) -> Signatures:
    """The sales manager always; finance where the terms are special; the general manager where 4-4.2.1 says so."""
    why = {
        Role.SALES_MANAGER: (reasons.MANAGER_REVIEWS(),),
        Role.FINANCE_MANAGER: tuple(facts.special),
        Role.GENERAL_MANAGER: general_manager_reasons(facts),
    }
    by_role = {role: found for role, found in why.items() if found}
    band = next(band for band in Band if NEEDED[band] == tuple(by_role))
    return Signatures(band, by_role)


@clause("4-4.2.1")
def general_manager_reasons(facts: RouteFacts) -> tuple[Reason, ...]:
    """Why the general manager signs: over the amount (exactly the limit is not), beyond price authority, by policy."""
    limit = facts.switches.manager_limit
    found: list[Reason] = []
    if limit is None:
        found.append(reasons.LIMIT_UNSET())
    elif facts.total > limit:
        found.append(reasons.TOTAL_OVER_LIMIT(total=facts.total, limit=limit))
    found.extend(reasons.PRICE_BEYOND_AUTHORITY(line=number) for number in facts.beyond)
    if facts.irregular:
        switch, key = facts.switches.gm_signs_irregular, "contract.gm_signs_irregular"
    else:
        switch, key = facts.switches.gm_signs_all_regular, "contract.gm_signs_all_regular"
    if switch is None:
        found.append(reasons.GM_SWITCH_UNSET(policy=key))
    elif switch:
        found.append(reasons.GM_SIGNS_TYPE(policy=key))
    return tuple(found)


@clause("4-4.2.2")
def pricing_first(number: int, product: str, lifecycle: Lifecycle | None, *, has_base_price: bool) -> Reason | None:
    """Why a line cannot be submitted: an irregular product without a base price needs new product pricing first."""
    if lifecycle is None:
        return reasons.PRODUCT_FIRST(line=number, product=product)
    if is_irregular(lifecycle) and not has_base_price:
        return reasons.pricing_first(number, product, lifecycle)
    return None
