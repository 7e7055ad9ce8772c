"""Policies of the complaints feature."""

from typing import Annotated

from pydantic import AfterValidator, Field

from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.text import Text

DECIDERS = (
    Role.SALES_MANAGER,
    Role.PRODUCTION,
    Role.QUALITY,
    Role.DEPARTMENT_MANAGER,
    Role.GENERAL_MANAGER,
)
"""Who may take part in deciding a complaint's handling (1-3.12)."""


def _bands(routes: dict[str, list[Role]]) -> dict[str, list[Role]]:
    if set(routes) != {"plain_grumble", "other"}:
        raise ValueError("the bands are plain_grumble and other")
    if not all(roles and set(roles) <= set(DECIDERS) for roles in routes.values()):
        raise ValueError(f"each band names at least one of {', '.join(DECIDERS)}")
    if routes["other"][-1] != Role.GENERAL_MANAGER:
        raise ValueError("the general manager has the last word on everything but plain grumbles (6-5.2.1)")
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
