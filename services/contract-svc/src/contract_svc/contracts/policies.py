"""Policies of the contracts feature."""

from decimal import Decimal

from fangxing.breaches.rules import BREACH_PAIRS
from fangxing.documents import incompatible_actions
from fangxing.money import Percent
from fangxing.policies import Policy
from fangxing.roles import Role
from fangxing.text import Text

CALLOFF_TOLERANCE: Policy[Decimal] = Policy(
    key="contract.calloff_tolerance_pct",
    type=Percent,
    owner=Role.SALES_MANAGER,
    clause="4-orders",
    text=Text(
        "下单可超出合同行数量的百分比；未设定则不得超出",
        "by how many percent call-offs may exceed a contract line's tons; without a value not at all",
    ),
    initial=Decimal("0.00"),
    widens=True,
)

PAIRS = incompatible_actions(
    __name__,
    ("contract.draft", "contract.decide"),
    ("contract.revise", "contract.decide"),
    ("contract.submit", "contract.decide"),
    *BREACH_PAIRS,
)

POLICIES = (CALLOFF_TOLERANCE, PAIRS)
