"""The rules of 3-7.2 on who decides and from when it holds. Pure: no I/O, no clock, no settings."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

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


class RouteFault(StrEnum):
    """What can be wrong with the steps of a route."""

    WITHOUT_GM = "route-without-gm"
    ROLES = "route-roles"


@clause("3-7.2")
def route_fault(roles: Sequence[Role]) -> RouteFault | None:
    """What is wrong with a route; None where each step is another role that may decide here, and the last the GM."""
    if not roles or roles[-1] is not Role.GENERAL_MANAGER:
        return RouteFault.WITHOUT_GM
    if len(set(roles)) < len(roles) or not set(roles) <= set(DECIDERS):
        return RouteFault.ROLES
    return None


@clause("3-7.1.2")
def backdated(wanted: date | None, today: date) -> bool:
    """Whether something is asked to be in force before today; where no day is asked for, it is not."""
    return wanted is not None and wanted < today


@clause("3-7.2", "3-7.1.2")
def takes_effect(wanted: date | None, approved: date) -> date:
    """The first day in force: the day asked for, but never before the GM's yes; that day itself where none was."""
    return max(wanted or approved, approved)
