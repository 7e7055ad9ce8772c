"""Policies of the authority feature. None of them is a band: bands come from an approved table alone."""

from typing import Literal

from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.text import Text
from pricing_svc.approval.routing import GmRoute

AUTHORITY_ROUTES: Policy[dict[str, list[Role]]] = Policy(
    key="route.price_authority",
    type=dict[Literal["table"], GmRoute],
    owner=Role.GENERAL_MANAGER,
    clause="3-8.2-A",
    text=Text("价格权限管理表的审批路线", "the approval route of the price authority table"),
    initial={"table": [Role.PRICE_COMMITTEE, Role.GENERAL_MANAGER]},
)

POLICIES = (AUTHORITY_ROUTES,)
"""The authority feature's policies."""
