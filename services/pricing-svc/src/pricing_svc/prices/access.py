"""Who may read what this service keeps, and who sees prices."""

from fangxing.roles import Role
from fangxing.sight import Group

READERS = (
    Role.SALES_REP,
    Role.SALES_MANAGER,
    Role.GENERAL_MANAGER,
    Role.FINANCE_MANAGER,
    Role.ACCOUNTANT,
    Role.PRODUCTION,
    Role.AUDIT_MANAGER,
    Role.PRICE_COMMITTEE,
    Role.DEPARTMENT_MANAGER,
    Role.ADMINISTRATOR,
)
"""Who may read prices, the proposals behind them, and authorities."""
MONEY = Group("money", frozenset(READERS))
"""Who sees a price."""
