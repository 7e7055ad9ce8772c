"""Who may read what this service keeps."""

from fangxing.roles import Role

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
"""Who may read prices, proposals and authorities."""

COST_READERS = (
    Role.SALES_MANAGER,
    Role.GENERAL_MANAGER,
    Role.FINANCE_MANAGER,
    Role.ACCOUNTANT,
    Role.PRODUCTION,
    Role.PRICE_COMMITTEE,
    Role.AUDIT_MANAGER,
)
"""Who may see costs (3-8.2-C)."""
