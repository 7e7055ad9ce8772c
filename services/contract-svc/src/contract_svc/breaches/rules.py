"""The kinds of breach that chapter 4 names."""

from decimal import Decimal

from fangxing.breaches.rules import BreachKind, Fines
from fangxing.roles import Role
from fangxing.text import Text

WRONG_ROUTE = BreachKind(
    "contract-wrong-route",
    "4-5",
    Text("未按正确流程提交合同审批", "a contract submitted on the wrong route"),
    Role.SALES_MANAGER,
    Fines(Decimal("20.00"), Decimal("100.00")),
)
"""20 to 100 yuan a case; the clause does not say who fines, so it is the head of the department, as in 3-10."""
BEYOND_AUTHORITY = BreachKind(
    "contract-beyond-authority",
    "4-5",
    Text("超出权限签订合同", "a contract signed beyond authority"),
    Role.GENERAL_MANAGER,
)
"""Handled by the company; the clause names no fine for it."""

KINDS = (WRONG_ROUTE, BEYOND_AUTHORITY)
