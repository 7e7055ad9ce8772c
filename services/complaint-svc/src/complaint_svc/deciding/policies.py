"""Policies of the deciding feature: who decides a handling, and which actions of the service no person does both of."""

from complaint_svc.complaints.rules import DECIDERS
from complaint_svc.deciding.rules import Band
from fangxing.approvals import route_policy
from fangxing.documents import incompatible_actions
from fangxing.roles import Role
from fangxing.text import Text

GRUMBLE_DECIDER = route_policy(
    "complaint.grumble_decider",
    clause="6-5.2.1",
    text=Text(
        "处理意见的审批路线：一般抱怨（plain_grumble，最后由销售经理或总经理批准）与其他（other，最后由总经理批准）",
        "who decides a handling: plain grumbles (plain_grumble, the sales manager or the GM last), and everything else "
        "(other, the GM last)",
    ),
    deciders=DECIDERS,
    routes={Band.PLAIN_GRUMBLE: [Role.SALES_MANAGER], Band.OTHER: [Role.GENERAL_MANAGER]},
    ends={Band.PLAIN_GRUMBLE: {Role.SALES_MANAGER, Role.GENERAL_MANAGER}},
)

PAIRS = incompatible_actions(
    ("handling.sign", "handling.decide"),
    ("return.propose", "return.receive"),
    ("return.approve", "return.receive"),
    ("return.approve", "return.inspect"),
    ("return.receive", "return.inspect"),
)

POLICIES = (GRUMBLE_DECIDER, PAIRS)
