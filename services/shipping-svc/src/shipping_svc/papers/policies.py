"""Policies of the papers."""

from typing import Annotated

from pydantic import Field

from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.text import Text

PASS_HOURS: Policy[int] = Policy(
    key="exit_pass.valid_hours",
    type=Annotated[int, Field(ge=1, le=72)],
    owner=Role.WAREHOUSE_SUPERVISOR,
    clause="5-4.2.1-F",
    text=Text("出门证有效小时数", "hours an exit pass is valid"),
    initial=12,
    widens=True,
)

POLICIES = (PASS_HOURS,)
