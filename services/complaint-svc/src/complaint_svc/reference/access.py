"""Row scope: who sees what of which customer. A rep sees what is about his own customers."""

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, false, true

from complaint_svc.reference.store import Customer
from fangxing.auth import Principal
from fangxing.roles import Role

S = TypeVar("S", bound=Select[*tuple[Any, ...]])

SEE_ALL = (
    Role.SALES_MANAGER,
    Role.GENERAL_MANAGER,
    Role.FINANCE_MANAGER,
    Role.ACCOUNTANT,
    Role.PRODUCTION,
    Role.QUALITY,
    Role.QUALITY_SUPERVISOR,
    Role.AUDIT_MANAGER,
    Role.WAREHOUSE_KEEPER,
    Role.WAREHOUSE_SUPERVISOR,
    Role.DEPARTMENT_MANAGER,
    Role.ADMINISTRATOR,
)
"""Roles that see what is about any customer."""

LIST_READERS = (Role.SALES_REP, *SEE_ALL)
"""Roles that may read the lists, a rep in his scope."""


def CUSTOMERS(caller: Principal) -> ColumnElement[bool]:
    if caller.has(*SEE_ALL):
        return true()
    return Customer.rep == caller.id if caller.has(Role.SALES_REP) else false()


def sees(actor: Principal, rep: str) -> bool:
    """Whether `actor` sees the customer of `rep`."""
    return actor.has(*SEE_ALL) or (actor.has(Role.SALES_REP) and rep == actor.id)


def in_scope(statement: S, actor: Principal) -> S:
    """`statement`, which joins the customers, narrowed to what `actor` sees."""
    return statement if actor.has(*SEE_ALL) else statement.where(Customer.rep == actor.id)
