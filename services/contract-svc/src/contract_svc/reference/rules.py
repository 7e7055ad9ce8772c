"""The closed sets and the terms that customers, products and prices are described by. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from fangxing.terms import TermsKind


class Lifecycle(StrEnum):
    """How a product stands in production: never produced yet, long produced, or long stopped (4-4.1.1-2)."""

    NEW = "new"
    REGULAR = "regular"
    STOPPED = "stopped"


class PriceStatus(StrEnum):
    """What a base price is: the initial price of a new product (3-6), or a standard one."""

    INITIAL = "initial"
    STANDARD = "standard"


class Level(StrEnum):
    """Whose authority a price lies within (3-8.2-A); each is the role of that name."""

    SALES_REP = "sales_rep"
    SALES_MANAGER = "sales_manager"
    GENERAL_MANAGER = "general_manager"


@dataclass(frozen=True, slots=True)
class Terms:
    """Payment terms: `days` of credit, 0 for the other kinds."""

    kind: TermsKind
    days: int

    def __str__(self) -> str:
        """As verdicts name them: "credit/30"."""
        return f"{self.kind}/{self.days}"
