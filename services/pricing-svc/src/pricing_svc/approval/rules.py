"""The rules of 3-7.2 on who decides and from when it holds. Pure: no I/O, no clock, no settings."""

from datetime import date

from fangxing.clauses import clause
from fangxing.roles import Role

DECIDERS = (
    Role.SALES_MANAGER,
    Role.PRODUCTION,
    Role.FINANCE_MANAGER,
    Role.AUDIT_MANAGER,
    Role.DEPARTMENT_MANAGER,
    Role.PRICE_COMMITTEE,
    Role.GENERAL_MANAGER,
)
"""The roles a route of this chapter may name."""


@clause("3-7.1.2")
def backdated(wanted: date | None, today: date) -> bool:
    """Whether something is asked to be in force before today; where no day is asked for, it is not."""
    return wanted is not None and wanted < today


@clause("3-7.2", "3-7.1.2")
def takes_effect(wanted: date | None, approved: date) -> date:
    """The first day in force: the day asked for, but never before the GM's yes; that day itself where none was."""
    return max(wanted or approved, approved)
