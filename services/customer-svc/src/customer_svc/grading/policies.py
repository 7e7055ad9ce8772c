"""Policies of credit applications, and which actions of this chapter no person does both of."""

from customer_svc.grading.reasons import ELSEWHERE
from customer_svc.grading.rules import DECIDERS, RouteBand
from fangxing.documents import incompatible_actions
from fangxing.roles import Role
from fangxing.routes import route_policy
from fangxing.text import Text

APPLICATION_ROUTES = route_policy(
    "route.credit_application",
    clause="1-3.6",
    text=Text(
        "信用额度申请的审批路线：新客户、老客户",
        "the approval routes of credit applications: new and existing customers",
    ),
    deciders=DECIDERS,
    routes={RouteBand.NEW: (Role.SALES_MANAGER, Role.GENERAL_MANAGER), RouteBand.EXISTING: DECIDERS},
)
PAIRS = incompatible_actions(
    __name__,
    ("credit-application.apply", "credit-application.decide"),
    ("credit-application.apply", "credit-application.enter"),
    ("adjustment.file", "adjustment.decide"),
    ("delegation.propose", "delegation.confirm"),
    # whoever wanted goods back, took them in or found them acceptable does not turn them into money
    ("return.propose", "credit-note.confirm"),
    ("return.receive", "credit-note.confirm"),
    ("return.inspect", "credit-note.confirm"),
    elsewhere=ELSEWHERE,
)

POLICIES = (APPLICATION_ROUTES, PAIRS)
