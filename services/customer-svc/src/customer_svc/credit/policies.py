"""Policies of the credit feature."""

from typing import Annotated, Literal

from pydantic import Field

from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.text import Text

GRACE_DAYS: Policy[int] = Policy(
    key="credit.downgrade_grace_days",
    type=Annotated[int, Field(ge=0, le=365)],
    owner=Role.GENERAL_MANAGER,
    clause="2-5.3.1-C",
    text=Text(
        "逾期多少天后仍未付清即自动降为 C 级；0 为按字面执行",
        "days after which an overdue customer falls to grade C by itself; 0 is the literal reading",
    ),
    initial=30,
)

DECIDERS = (Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.GENERAL_MANAGER)
"""Who may stand in a route of credit applications (1-3.6)."""

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
