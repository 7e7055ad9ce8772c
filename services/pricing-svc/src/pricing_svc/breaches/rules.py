"""The kinds of breach that chapter 3 names."""

from decimal import Decimal

from fangxing.breaches.rules import BreachKind, Fines
from fangxing.roles import Role
from fangxing.text import Text

BEYOND_AUTHORITY = BreachKind(
    "price-beyond-authority",
    "3-10",
    Text("超权限报价未获批准而成交", "a price beyond authority, closed without its approval"),
    Role.SALES_MANAGER,
    Fines(Decimal("50.00"), Decimal("500.00")),
)
"""The sales manager may fine 50 to 500 yuan a case; serious ones go to the company."""
PAPERS_MISSED = BreachKind(
    "price-papers-missed",
    "3-8.2-B",
    Text("电话定价未按时补批", "papers of a price by phone not brought in time"),
    Role.SALES_MANAGER,
)
"""The clause asks for the papers and names no fine."""

KINDS = (BEYOND_AUTHORITY, PAPERS_MISSED)
