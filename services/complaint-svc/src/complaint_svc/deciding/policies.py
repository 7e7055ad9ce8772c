"""Policies of the deciding feature: who decides a handling, and which actions of the service no person does both of."""

from complaint_svc.complaints.rules import DECIDERS
from complaint_svc.deciding.reasons import ELSEWHERE
from complaint_svc.deciding.rules import Band
from fangxing.documents import incompatible_actions
from fangxing.roles import Role
from fangxing.routes import route_policy
from fangxing.text import Text

GRUMBLE_DECIDER = route_policy(
    "complaint.grumble_decider",
    clause="6-5.2.1",
    text=Text(
        "处理意见的审批路线：一般抱怨（plain_grumble，最后由销售经理或总经理批准）与其他"
        "（other，经销售经理、品质部，最后由总经理批准）",
        "who decides a handling: plain grumbles (plain_grumble, the sales manager or the GM last), and everything else "
        "(other: sales manager, quality and the GM last)",
    ),
    deciders=DECIDERS,
    routes={
        Band.PLAIN_GRUMBLE: [Role.GENERAL_MANAGER],
        Band.OTHER: [Role.SALES_MANAGER, Role.QUALITY, Role.GENERAL_MANAGER],
    },
    # a plain grumble is decided by whom the general manager names
    needed={Band.PLAIN_GRUMBLE: ()},
    ends={Band.PLAIN_GRUMBLE: {Role.SALES_MANAGER, Role.GENERAL_MANAGER}},
)

PAIRS = incompatible_actions(
    __name__,
    ("handling.sign", "handling.decide"),
    ("return.propose", "return.receive"),
    ("return.propose", "return.inspect"),
    ("return.approve", "return.receive"),
    ("return.approve", "return.inspect"),
    ("return.receive", "return.inspect"),
    elsewhere=ELSEWHERE,
)

POLICIES = (GRUMBLE_DECIDER, PAIRS)
