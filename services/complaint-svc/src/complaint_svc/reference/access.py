"""Who sees what of which customer, and who sees money."""

from complaint_svc.reference.store import Customer
from fangxing.roles import MONEY_ROLES, Role
from fangxing.scope import own_customers
from fangxing.sight import Group

LIST_READERS = (
    Role.SALES_REP,
    Role.SALES_MANAGER,
    Role.GENERAL_MANAGER,
    Role.FINANCE_MANAGER,
    Role.ACCOUNTANT,
    Role.PRODUCTION,
    Role.QUALITY,
    Role.QUALITY_SUPERVISOR,
    Role.AUDIT_MANAGER,
    Role.WAREHOUSE_KEEPER,
    Role.WAREHOUSE_SUPERVISOR,
    Role.DEPARTMENT_MANAGER,
    Role.ADMINISTRATOR,
)
"""Roles that may read the lists, a rep in his scope."""

CUSTOMERS = own_customers(Customer.rep, all_for=(Role.DEPARTMENT_MANAGER,))
"""A rep sees his own customers; managers of other departments take part in complaints and see all."""

MONEY = Group("money", MONEY_ROLES | {Role.DEPARTMENT_MANAGER})
"""Who sees prices and what goods are worth: not the warehouse, the gate, quality and production."""
