"""Policies of the credit accounts."""

from typing import Annotated

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
    widens=True,
)

POLICIES = (GRACE_DAYS,)
