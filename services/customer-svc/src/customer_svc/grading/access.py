"""Who decides on credit applications; who sees which, `customer_svc.customers.access` says."""

from fangxing.roles import Role

DECIDERS = (Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.GENERAL_MANAGER)
"""Who may stand in a route of credit applications (1-3.6)."""
