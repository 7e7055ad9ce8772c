"""Who may see what of this service (1-3.9)."""

from fangxing.roles import Role

CONTRACT_READERS = (
    Role.SALES_REP,
    Role.SALES_MANAGER,
    Role.GENERAL_MANAGER,
    Role.FINANCE_MANAGER,
    Role.ACCOUNTANT,
    Role.PRODUCTION,
    Role.AUDIT_MANAGER,
    Role.ADMINISTRATOR,
)
"""A rep sees the contracts with his own customers; the others see all."""

ORDER_READERS = (*CONTRACT_READERS, Role.WAREHOUSE_KEEPER, Role.WAREHOUSE_SUPERVISOR)
"""The warehouse sees orders too: it has to prepare them."""
