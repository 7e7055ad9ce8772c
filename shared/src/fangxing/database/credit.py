"""The rules of `fangxing.positions` in SQL, over the row of a credit account."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, literal_column

from fangxing.positions import Grade

EXPOSURE = (
    "receivable + written_off + released + (shipped_total - settled_total)"
    " + greatest(0, prepaid_used_total - prepaid_total)"
)
"""`positions.exposure`."""


def grade_on(account: Any, day: ColumnElement[date] | date) -> ColumnElement[Grade]:
    """`positions.grade_on`; `account` has the columns `grade`, `c_from` and `d_from`."""
    # written out: with a parameter here and a column there PostgreSQL does not know the type of the whole
    c, d = (literal_column(f"'{grade}'", account.grade.type) for grade in (Grade.C, Grade.D))
    return case((account.d_from <= day, d), (and_(account.c_from <= day, account.grade != d), c), else_=account.grade)
