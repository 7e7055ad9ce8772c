"""The rules of chapter 4 on contracts. Pure: no I/O, no clock, no settings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from contract_svc.contracts import reasons
from fangxing.calendar import add_months
from fangxing.clauses import clause
from fangxing.money import ZERO, value_of
from fangxing.roles import Role
from fangxing.verdicts import Reason, Scalar

Level = Literal["sales_rep", "sales_manager", "general_manager"]
Kind = Literal["credit", "prepaid", "cash_on_delivery"]
Band = Literal["manager", "manager_finance", "manager_gm", "manager_finance_gm"]


@clause("4-4.1.1-1")
def is_long(starts_on: date, ends_on: date) -> bool:
    """Whether a contract runs six calendar months or more, its last day included."""
    return add_months(starts_on, 6) <= ends_on + timedelta(days=1)


@clause("4-4.1.1-2")
def is_irregular(lifecycle: str | None) -> bool:
    """Whether a product makes its contract irregular: never produced, long stopped, or not known at all."""
    return lifecycle != "regular"


@clause("4-4.2.1")
def total_of(lines: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    """The contract's total in yuan of (tons, price per ton), each line rounded to the cent."""
    return sum((value_of(tons, price) for tons, price in lines), ZERO)


@dataclass(frozen=True, slots=True)
class Base:
    """A base price in force: yuan per ton incl. tax; `initial` is usable at exactly that price."""

    amount: Decimal
    version: int
    initial: bool


@dataclass(frozen=True, slots=True)
class FloatBand:
    """How many percent below and above the base price `role` may sell at."""

    role: Level
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
        return "general_manager", reasons.PRODUCT_UNKNOWN(line=line.number, product=line.product)
    if line.base is None:
        return "general_manager", reasons.NO_BASE_PRICE(line=line.number, product=line.product)
    if line.base.initial:
        return _at_initial(line, line.base)
    if line.bands is None:
        return "general_manager", reasons.NO_AUTHORITY(line=line.number, family=line.family)
    return _by_bands(line, line.base, line.bands)


def _at_initial(line: PricedLine, base: Base) -> tuple[Level, Reason]:
    if line.price == base.amount:
        return "sales_rep", reasons.AT_INITIAL_PRICE(line=line.number, base=base.amount)
    return "general_manager", reasons.OFF_INITIAL_PRICE(line=line.number, price=line.price, base=base.amount)


def _by_bands(line: PricedLine, base: Base, bands: Sequence[FloatBand]) -> tuple[Level, Reason]:
    by_role = {band.role: band for band in bands}
    figures: dict[str, Scalar] = {"line": line.number, "price": line.price, "base": base.amount}
    widest = (base.amount, base.amount)
    levels: tuple[Level, ...] = ("sales_rep", "sales_manager")
    for role in levels:
        if role not in by_role:
            continue
        low, high = by_role[role].edges(base.amount)
        if low <= line.price <= high:
            return role, reasons.WITHIN_AUTHORITY(**figures, role=role, low=_short(low), high=_short(high))
        widest = min(widest[0], low), max(widest[1], high)
    low, high = widest
    return "general_manager", reasons.BEYOND_BANDS(**figures, low=_short(low), high=_short(high))


def _short(price: Decimal) -> str:
    """An exact edge without trailing zeros beyond the cent."""
    cents = price.quantize(Decimal("0.01"))
    return format(cents if cents == price else price.normalize(), "f")


@dataclass(frozen=True, slots=True)
class Terms:
    """Payment terms: `days` of credit, 0 for the other kinds."""

    kind: str
    days: int


@dataclass(frozen=True, slots=True)
class Credit:
    """A customer's credit: `limit` in yuan, None for no cap; the grade holds up to and including `grade_until`."""

    grade: str
    limit: Decimal | None
    grade_until: date | None

    def grade_on(self, day: date) -> str:
        """The grade on `day`: past `grade_until` it is C, whether or not the news has come (2-5.3.1-C)."""
        return "C" if self.grade_until is not None and self.grade_until < day else self.grade

    def has_limit(self, day: date) -> bool:
        """Whether there is credit to use: A without a cap, B up to a limit above 0."""
        grade = self.grade_on(day)
        return grade == "A" or (grade == "B" and self.limit is not None and self.limit > 0)


@clause("4-4.2.4")
def special_terms(asked: Terms, settled: Terms, credit: Credit | None, today: date) -> tuple[Reason, ...]:
    """Why the payment terms are special, empty where they are not. No known `credit` counts as no limit.

    Only a term of credit can be special: cash on the spot and cash on delivery never need finance.
    """
    if asked.kind != "credit":
        return ()
    found: list[Reason] = []
    if credit is None or not credit.has_limit(today):
        grade = credit.grade_on(today) if credit else "-"
        found.append(reasons.TERM_WITHOUT_LIMIT(grade=grade, days=asked.days))
    if asked != settled:
        found.append(reasons.TERMS_DIFFER(days=asked.days, settled_kind=settled.kind, settled_days=settled.days))
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
    gm = general_manager_reasons(facts)
    by_role: dict[Role, tuple[Reason, ...]] = {Role.SALES_MANAGER: (reasons.MANAGER_REVIEWS(),)}
    if facts.special:
        by_role[Role.FINANCE_MANAGER] = tuple(facts.special)
    if gm:
        by_role[Role.GENERAL_MANAGER] = gm
    bands: dict[tuple[bool, bool], Band] = {
        (False, False): "manager",
        (True, False): "manager_finance",
        (False, True): "manager_gm",
        (True, True): "manager_finance_gm",
    }
    return Signatures(bands[bool(facts.special), bool(gm)], by_role)


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
def pricing_first(number: int, product: str, lifecycle: str | None, *, has_base_price: bool) -> Reason | None:
    """Why a line cannot be submitted: an irregular product without a base price needs new product pricing first."""
    if lifecycle is None:
        return reasons.PRODUCT_FIRST(line=number, product=product)
    if is_irregular(lifecycle) and not has_base_price:
        return reasons.PRICING_FIRST(line=number, product=product, lifecycle=lifecycle)
    return None
