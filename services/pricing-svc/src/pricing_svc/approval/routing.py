"""The routes of this chapter: what a route policy may hold, and the step that is dropped for the one who initiates."""

from dataclasses import replace
from typing import Annotated

from pydantic import AfterValidator

from fangxing.approvals import Route
from fangxing.clauses import clause
from fangxing.roles import Role
from fangxing.validation import invalid
from pricing_svc.approval.reasons import ROUTE_FAULTS
from pricing_svc.approval.rules import route_fault


def _ends_with_the_gm(roles: list[Role]) -> list[Role]:
    fault = route_fault(roles)
    if fault is not None:
        raise invalid(fault.value, ROUTE_FAULTS[fault])
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
