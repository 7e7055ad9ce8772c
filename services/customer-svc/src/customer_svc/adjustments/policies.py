"""Policies of the adjustments."""

from decimal import Decimal

from customer_svc.adjustments.rules import DECIDERS, RouteBand
from fangxing.money import YuanOrZero
from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.routes import route_policy
from fangxing.text import Text

ADJUSTMENT_ROUTES = route_policy(
    "route.adjustment",
    clause="1-3",
    text=Text(
        "往来调整的审批路线：退款、大额退款、坏账核销、尾差",
        "the approval routes of adjustments: refunds, large refunds, write-offs, rounding differences",
    ),
    deciders=DECIDERS,
    routes={
        RouteBand.REFUND: [Role.FINANCE_MANAGER],
        RouteBand.LARGE_REFUND: DECIDERS,
        RouteBand.WRITE_OFF: DECIDERS,
        RouteBand.ROUNDING: [Role.FINANCE_MANAGER],
    },
)
REFUND_GM_ABOVE: Policy[Decimal] = Policy(
    key="refund.gm_above",
    type=YuanOrZero,
    owner=Role.GENERAL_MANAGER,
    clause="1-3",
    text=Text("超过多少元的退款由总经理批准", "the amount in yuan above which the general manager decides a refund"),
    initial=Decimal("10000.00"),
    widens=True,
)
ROUNDING_MAX: Policy[Decimal] = Policy(
    key="rounding.max_amount",
    type=YuanOrZero,
    owner=Role.FINANCE_MANAGER,
    clause="5-4.2.1-B",
    text=Text("尾差最多多少元", "the most that a rounding difference is, in yuan"),
    initial=Decimal("1.00"),
    widens=True,
)

POLICIES = (ADJUSTMENT_ROUTES, REFUND_GM_ABOVE, ROUNDING_MAX)
