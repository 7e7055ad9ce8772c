"""Policies of the deciding feature."""

from typing import Annotated

from pydantic import AfterValidator

from complaint_svc.deciding.rules import Band
from fangxing.policies import Policy
from fangxing.roles import ROLE_NAMES, Role
from fangxing.text import Text
from fangxing.validation import invalid

DECIDERS = (
    Role.SALES_MANAGER,
    Role.PRODUCTION,
    Role.QUALITY,
    Role.DEPARTMENT_MANAGER,
    Role.GENERAL_MANAGER,
)
"""Who may take part in deciding a complaint's handling (1-3.12)."""

_TWO = Text("须恰有 plain_grumble 与 other 两栏", "the bands are plain_grumble and other")
_NAMES = Text(
    f"每栏至少一个岗位，限于{'、'.join(ROLE_NAMES[role][0] for role in DECIDERS)}",
    f"each band names at least one of {', '.join(DECIDERS)}",
)
_LAST = Text(
    "除一般抱怨外，最后须由总经理批准（6-5.2.1）",
    "general_manager has the last word on everything but plain grumbles (6-5.2.1)",
)


def _bands(routes: dict[str, list[Role]]) -> dict[str, list[Role]]:
    if set(routes) != set(Band):
        raise invalid("route-bands", _TWO)
    if not all(roles and set(roles) <= set(DECIDERS) for roles in routes.values()):
        raise invalid("route-roles", _NAMES)
    if routes[Band.OTHER][-1] is not Role.GENERAL_MANAGER:
        raise invalid("route-without-gm", _LAST)
    return routes


GRUMBLE_DECIDER: Policy[dict[str, list[Role]]] = Policy(
    key="complaint.grumble_decider",
    type=Annotated[dict[str, list[Role]], AfterValidator(_bands)],
    owner=Role.GENERAL_MANAGER,
    clause="6-5.2.1",
    text=Text(
        "处理意见的审批路线：一般抱怨（plain_grumble）与其他（other，最后由总经理批准）",
        "who decides a handling: plain grumbles (plain_grumble), and everything else (other, the GM last)",
    ),
    initial={Band.PLAIN_GRUMBLE.value: [Role.SALES_MANAGER], Band.OTHER.value: [Role.GENERAL_MANAGER]},
)

POLICIES = (GRUMBLE_DECIDER,)
