"""Policies of the papers: the route, and which actions no person does both of."""

from fangxing.breaches.rules import BREACH_PAIRS
from fangxing.documents import incompatible_actions
from fangxing.phone.rules import PHONE_PAIRS
from fangxing.roles import Role
from fangxing.routes import route_policy
from fangxing.text import Text
from fangxing_testing.toy.papers.rules import DECIDERS

ROUTES = route_policy(
    "route.paper",
    clause="1-3",
    text=Text("文件审批路线", "the approval routes of papers"),
    deciders=DECIDERS,
    routes={"large": DECIDERS, "small": [Role.SALES_MANAGER]},
)
PAIRS = incompatible_actions(
    __name__,
    ("paper.file", "paper.decide"),
    ("paper.revise", "paper.decide"),
    *BREACH_PAIRS,
    *PHONE_PAIRS,
    elsewhere={"order.call_off": Text("订单·下单", "order: call off")},
)
POLICIES = (ROUTES, PAIRS)
