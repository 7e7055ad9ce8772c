"""Policies of the complaints feature."""

from typing import Annotated

from pydantic import Field

from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.text import Text

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

POLICIES = (ANSWER_DAYS,)
