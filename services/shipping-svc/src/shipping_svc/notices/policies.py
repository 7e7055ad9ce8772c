"""Policies of the notices."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from fangxing.money import Percent
from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.text import Text
from shipping_svc.credit.rules import Road

LEAD_DAYS: Policy[int] = Policy(
    key="notice.lead_days",
    type=Annotated[int, Field(ge=0, le=60)],
    owner=Role.SALES_MANAGER,
    clause="5-4.2.1-A",
    text=Text("发货通知单须提前的天数", "days a shipping notice must come before its shipping date"),
    initial=3,
)
STRICT_LEAD: Policy[bool] = Policy(
    key="notice.strict",
    type=bool,
    owner=Role.SALES_MANAGER,
    clause="5-4.2.1-A",
    text=Text("不足提前天数的通知单一律拒绝", "refuse every notice that comes too late, whatever the reason"),
    initial=False,
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
)
BANDS = (Road.WITHIN, Road.OVERDUE, Road.OVER)
"""The roads that go to deciders; each needs its route, or its notices would stand still."""


def _lint(routes: dict[str, list[Role]]) -> dict[str, list[Role]]:
    if routes.keys() != set(BANDS):
        raise ValueError(f"the bands are {', '.join(BANDS)}")
    deciders = (Role.SALES_MANAGER, Role.GENERAL_MANAGER)
    for band, roles in routes.items():
        if not roles or len(roles) != len(set(roles)) or not set(roles) <= set(deciders):
            raise ValueError(f"{band}: {' and '.join(deciders)}, one of them or both, each once, and nobody else")
    if routes[Road.OVER][-1] is not Role.GENERAL_MANAGER:
        raise ValueError(f"{Road.OVER} ends with {Role.GENERAL_MANAGER}")
    return routes


NOTICE_ROUTES: Policy[dict[str, list[Role]]] = Policy(
    key="route.non_cash_shipment",
    type=Annotated[dict[str, list[Role]], AfterValidator(_lint)],
    owner=Role.GENERAL_MANAGER,
    clause="1-3.10",
    text=Text(
        "非现款发货的审批路线：额度内、有逾期、超额度",
        "the approval routes of shipments on credit: within the limit, overdue, over the limit",
    ),
    initial={
        Road.WITHIN: [Role.SALES_MANAGER],
        Road.OVERDUE: [Role.SALES_MANAGER],
        Road.OVER: [Role.SALES_MANAGER, Role.GENERAL_MANAGER],
    },
)

POLICIES = (LEAD_DAYS, STRICT_LEAD, LOAD_TOLERANCE, NOTICE_ROUTES)
