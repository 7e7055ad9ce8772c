"""What the approval routes of this chapter have in common: they end with the GM, and nobody signs for himself."""

from dataclasses import replace
from typing import Annotated

from pydantic import AfterValidator

from fangxing.approvals import Route
from fangxing.clauses import clause
from fangxing.roles import Role
from fangxing.text import Text
from fangxing.validation import invalid

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


_LAST = Text("最后一步须为总经理 general_manager（3-7.2）", "the last step must be general_manager (3-7.2)")
_ONCE = Text("每一步须为权责表中的一个岗位，不得重复", "each step names another role of the authority matrix")


@clause("3-7.2")
def _ends_with_the_gm(roles: list[Role]) -> list[Role]:
    if not roles or roles[-1] is not Role.GENERAL_MANAGER:
        raise invalid("route-without-gm", _LAST)
    if len(set(roles)) < len(roles) or not set(roles) <= set(DECIDERS):
        raise invalid("route-roles", _ONCE)
    return roles


GmRoute = Annotated[list[Role], AfterValidator(_ends_with_the_gm)]
"""The steps of a route: roles that may decide here, none twice, the GM last."""


@clause("1-3.1")
def without_own_step(route: Route, initiator: frozenset[Role]) -> Route:
    """`route` for a case opened by `initiator`: a sales manager's own review is dropped, never self-signed.

    The GM's step is never dropped: without it no price and no authority takes effect.
    """
    if Role.SALES_MANAGER not in initiator:
        return route
    return replace(route, roles=tuple(role for role in route.roles if role is not Role.SALES_MANAGER))
