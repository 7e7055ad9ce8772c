"""Who reads what happened at the gate."""

from fangxing.roles import Role

PASS_READERS = (Role.GATE_GUARD, Role.WAREHOUSE_SUPERVISOR)
REFUSAL_READERS = (Role.WAREHOUSE_SUPERVISOR, Role.SALES_MANAGER, Role.GENERAL_MANAGER, Role.AUDIT_MANAGER)
