"""Policies of the authority feature. None of them is a band: bands come from an approved table alone."""

from fangxing.roles import Role
from fangxing.routes import route_policy
from fangxing.text import Text
from pricing_svc.approval.rules import DECIDERS
from pricing_svc.authority.rules import RouteBand

AUTHORITY_ROUTES = route_policy(
    "route.price_authority",
    clause="3-8.2-A",
    text=Text("价格权限管理表的审批路线", "the approval route of the price authority table"),
    deciders=DECIDERS,
    routes={RouteBand.TABLE: [Role.PRICE_COMMITTEE, Role.GENERAL_MANAGER]},
    decider={RouteBand.TABLE: Role.PRICE_COMMITTEE},
)

POLICIES = (AUTHORITY_ROUTES,)
"""The authority feature's policies."""
