"""Policies of the receipts."""

from typing import Annotated

from pydantic import Field

from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.text import Line, Text

BANK_ACCOUNTS: Policy[list[str]] = Policy(
    key="receipt.bank_accounts",
    type=Annotated[list[Line], Field(min_length=1, max_length=50)],
    owner=Role.FINANCE_MANAGER,
    clause="5-4.2.2-A",
    text=Text(
        "本公司收款账户；登记来款未指明时为第一个",
        "our own accounts that receipts come in on; the first one where a receipt names none",
    ),
    initial=["基本户"],
)
DRAFT_LOWERS_EXPOSURE: Policy[bool] = Policy(
    key="draft.lowers_exposure",
    type=bool,
    owner=Role.GENERAL_MANAGER,
    clause="5-4.2.1-B",
    text=Text("未到期承兑汇票是否冲减欠款额度", "whether a draft lowers the exposure before it matures"),
    initial=True,
    widens=True,
)
UNALLOCATED_DAYS: Policy[int] = Policy(
    key="receipt.unallocated_days",
    type=Annotated[int, Field(ge=0, le=90)],
    owner=Role.FINANCE_MANAGER,
    clause="5-4.2.1-B",
    text=Text(
        "来款或贷项几天未核销即成为会计的待办",
        "days after which a receipt or a credit that covers nothing is a task for the accountant",
    ),
    initial=3,
)

POLICIES = (BANK_ACCOUNTS, DRAFT_LOWERS_EXPOSURE, UNALLOCATED_DAYS)
