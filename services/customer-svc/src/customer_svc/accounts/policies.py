"""Policies of the credit accounts."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from customer_svc.accounts.rules import Tolerance
from fangxing.money import ZERO, YuanOrZero
from fangxing.policies import Policy, PolicyBook
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

TOLERANCE_AMOUNT: Policy[Decimal] = Policy(
    key="overdue.tolerance_amount",
    type=YuanOrZero,
    owner=Role.FINANCE_MANAGER,
    clause="5-4.2.1-B",
    text=Text(
        "到期未付不超过多少元不算逾期",
        "the amount in yuan up to which what is past due and not paid is not overdue",
    ),
    initial=ZERO,
    widens=True,
)
TOLERANCE_DAYS: Policy[int] = Policy(
    key="overdue.tolerance_days",
    type=Annotated[int, Field(ge=0, le=90)],
    owner=Role.FINANCE_MANAGER,
    clause="5-4.2.1-B",
    text=Text("到期后几天内不算逾期", "days past the due date before anything is overdue"),
    initial=0,
    widens=True,
)

POLICIES = (GRACE_DAYS, TOLERANCE_AMOUNT, TOLERANCE_DAYS)


def tolerance(book: PolicyBook) -> Tolerance:
    """What is tolerated on a day; nothing where nobody has said so."""
    return Tolerance(book.get(TOLERANCE_AMOUNT) or ZERO, book.get(TOLERANCE_DAYS) or 0, book.get(GRACE_DAYS))
