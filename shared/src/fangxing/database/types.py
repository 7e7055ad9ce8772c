"""Column types every service shares: money, weight, and closed sets of values with their CHECK."""

import re
from decimal import Decimal
from enum import StrEnum

import orjson
from sqlalchemy import Enum, Numeric

YUAN = Numeric(14, 2)
"""An amount in yuan: twelve digits and the cents."""
TONS = Numeric(14, 3)
"""A weight in tons: eleven digits and the kilograms."""
PERCENT = Numeric(5, 2)
"""A percentage with two decimals."""

_LONGEST = 30


def one_of(values: type[StrEnum], name: str | None = None) -> Enum:
    """The column type of a closed set: text that a CHECK holds to `values`, read back as one of them.

    The CHECK is called after the set (`Status` makes `ck_<table>_status`), or `name` where a table has two of a set.
    """
    return Enum(
        values,
        name=name or re.sub(r"(?<!^)(?=[A-Z])", "_", values.__name__).lower(),
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
        length=_LONGEST,
    )


def to_json(value: object) -> str:
    """`value` as JSON text, decimals as strings."""
    return orjson.dumps(value, default=_decimal_text).decode()


def _decimal_text(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"not JSON: {type(value).__name__}")
