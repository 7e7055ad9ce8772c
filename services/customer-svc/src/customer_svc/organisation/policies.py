"""Policies of the organisation."""

from typing import Annotated

from pydantic import Field

from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.text import Text

CALENDAR_AHEAD: Policy[int] = Policy(
    key="calendar.remind_days",
    type=Annotated[int, Field(ge=0, le=365)],
    owner=Role.ADMINISTRATOR,
    clause="1-3",
    text=Text(
        "新年前多少天提醒登记下一年的工作日历",
        "days before a year begins on which its calendar is asked for",
    ),
    initial=45,
)

POLICIES = (CALENDAR_AHEAD,)
