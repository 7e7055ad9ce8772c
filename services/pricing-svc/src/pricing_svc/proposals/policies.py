"""Policies of the proposals feature. None of them is a price: a base price comes from an approved proposal alone."""

from pydantic import StrictBool

from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.routes import route_policy
from fangxing.text import Text
from pricing_svc.approval.rules import DECIDERS
from pricing_svc.products.rules import Flow
from pricing_svc.proposals.rules import RouteBand

COMMITTEE: Policy[bool] = Policy(
    key="price_change.committee",
    type=StrictBool,
    owner=Role.GENERAL_MANAGER,
    clause="1-3.8",
    text=Text("调整基准价格是否须经价格委员会", "whether a change of a base price goes through the price committee"),
    initial=True,
    widens=True,
)

PRICE_CHANGE_ROUTES = route_policy(
    "route.price_change",
    clause="1-3.8",
    text=Text(
        "基准价格调整的审批路线：经委员会、不经委员会",
        "the approval routes of base price changes: with and without the committee",
    ),
    deciders=DECIDERS,
    routes={
        RouteBand.WITH_COMMITTEE: [Role.SALES_MANAGER, Role.PRICE_COMMITTEE, Role.GENERAL_MANAGER],
        RouteBand.WITHOUT_COMMITTEE: [Role.SALES_MANAGER, Role.GENERAL_MANAGER],
    },
    decider={RouteBand.WITH_COMMITTEE: Role.PRICE_COMMITTEE},
)

NEW_PRODUCT_ROUTES = route_policy(
    "route.new_product_price",
    clause="1-3.7",
    text=Text("新产品定价的审批路线", "the approval route of new product prices"),
    deciders=DECIDERS,
    routes={Flow.NEW_PRODUCT: [Role.SALES_MANAGER, Role.GENERAL_MANAGER]},
)

POLICIES = (COMMITTEE, PRICE_CHANGE_ROUTES, NEW_PRODUCT_ROUTES)
