"""Policies of the notices, and which actions between order and gate no person does both of."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from fangxing.breaches.rules import BREACH_PAIRS
from fangxing.documents import incompatible_actions
from fangxing.money import Percent
from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.routes import route_policy
from fangxing.text import Text
from shipping_svc.credit.rules import Road
from shipping_svc.notices.reasons import ELSEWHERE
from shipping_svc.notices.rules import DECIDERS

LEAD_DAYS: Policy[int] = Policy(
    key="notice.lead_days",
    type=Annotated[int, Field(ge=0, le=60)],
    owner=Role.SALES_MANAGER,
    clause="5-4.2.1-A",
    text=Text("发货通知单须提前的天数", "days a shipping notice must come before its shipping date"),
    initial=3,
    widens=True,
)
STRICT_LEAD: Policy[bool] = Policy(
    key="notice.strict",
    type=bool,
    owner=Role.SALES_MANAGER,
    clause="5-4.2.1-A",
    text=Text("不足提前天数的通知单一律拒绝", "refuse every notice that comes too late, whatever the reason"),
    initial=False,
    widens=True,
)
LOAD_TOLERANCE: Policy[Decimal] = Policy(
    key="load.tolerance_pct",
    type=Percent,
    owner=Role.SALES_MANAGER,
    clause="5-4.2.1-D",
    text=Text(
        "装车重量可超过通知单的百分比；放行时按此占用额度",
        "percent the load may exceed the notice; reserved with the release",
    ),
    initial=Decimal("0.00"),
    widens=True,
)
NOTICE_ROUTES = route_policy(
    "route.non_cash_shipment",
    clause="1-3.10",
    text=Text(
        "非现款发货的审批路线：额度内、有逾期、超额度",
        "the approval routes of shipments on credit: within the limit, overdue, over the limit",
    ),
    deciders=DECIDERS,
    routes={
        Road.WITHIN: [Role.SALES_MANAGER],
        Road.OVERDUE: [Role.SALES_MANAGER],
        Road.OVER: [Role.SALES_MANAGER, Role.GENERAL_MANAGER],
    },
    # a stricter route may go on to the general manager everywhere; over the limit nobody else has the last word
    ends={Road.WITHIN: DECIDERS, Road.OVERDUE: DECIDERS},
)

PAIRS = incompatible_actions(
    __name__,
    ("notice.file", "notice.review"),
    ("notice.file", "notice.decide"),
    ("notice.review", "notice.decide"),
    ("notice.give_reason", "notice.review"),
    ("notice.give_reason", "notice.decide"),
    ("notice.file", "delivery-note.sign"),
    ("notice.file", "exit-pass.let_out"),
    # who agreed to goods going out does not hand them over nor let them out
    ("notice.review", "delivery-note.sign"),
    ("notice.review", "exit-pass.let_out"),
    ("notice.decide", "delivery-note.sign"),
    ("notice.decide", "exit-pass.let_out"),
    ("loading.start", "exit-pass.let_out"),
    ("loading.resume", "exit-pass.let_out"),
    ("delivery-note.sign", "exit-pass.let_out"),
    ("exit-pass.issue", "exit-pass.let_out"),
    # an exception counts for no notice that its grantor filed or reviewed
    ("credit-exception.grant", "notice.file"),
    ("credit-exception.grant", "notice.review"),
    *BREACH_PAIRS,
    elsewhere=ELSEWHERE,
)

POLICIES = (LEAD_DAYS, STRICT_LEAD, LOAD_TOLERANCE, NOTICE_ROUTES, PAIRS)
