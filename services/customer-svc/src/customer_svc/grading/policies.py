"""Policies of credit applications."""

from typing import Annotated, Literal

from pydantic import Field

from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.text import Text

APPLICATION_ROUTES: Policy[dict[str, list[Role]]] = Policy(
    key="route.credit_application",
    type=dict[
        Literal["new", "existing"],
        Annotated[list[Literal[Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.GENERAL_MANAGER]], Field(min_length=1)],
    ],
    owner=Role.GENERAL_MANAGER,
    clause="1-3.6",
    text=Text(
        "信用额度申请的审批路线：新客户、老客户",
        "the approval routes of credit applications: new and existing customers",
    ),
    initial={
        "new": [Role.SALES_MANAGER, Role.GENERAL_MANAGER],
        "existing": [Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.GENERAL_MANAGER],
    },
)

POLICIES = (APPLICATION_ROUTES,)
