"""Policies of the complaints feature."""

from typing import Annotated

from pydantic import AfterValidator, Field

from fangxing.policies import Policy
from fangxing.roles import Role
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
_NAMES = Text("每栏至少一个岗位，限于 {deciders}", "each band names at least one of {deciders}")
_LAST = Text(
    "除一般抱怨外，最后须由总经理 general_manager 批准（6-5.2.1）",
    "general_manager has the last word on everything but plain grumbles (6-5.2.1)",
)


def _bands(routes: dict[str, list[Role]]) -> dict[str, list[Role]]:
    if set(routes) != {"plain_grumble", "other"}:
        raise invalid("route-bands", _TWO)
    if not all(roles and set(roles) <= set(DECIDERS) for roles in routes.values()):
        raise invalid("route-roles", _NAMES, deciders=", ".join(DECIDERS))
    if routes["other"][-1] != Role.GENERAL_MANAGER:
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
    initial={"plain_grumble": [Role.SALES_MANAGER], "other": [Role.GENERAL_MANAGER]},
)

ANSWER_DAYS: Policy[int] = Policy(
    key="complaint.answer_days",
    type=Annotated[int, Field(ge=0, le=365)],
    owner=Role.SALES_MANAGER,
    clause="6-5.2.3",
    text=Text(
        "客户未指定期限时，几天内答复；未设定则当天",
        "days to answer where the customer named no date; unset: the same day",
    ),
    initial=7,
)
