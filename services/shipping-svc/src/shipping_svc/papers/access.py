"""Who reads delivery notes and exit passes; a rep those of his customers."""

from fangxing.roles import Role
from fangxing.sight import Group
from shipping_svc.reference.access import MONEY

NOTE_READERS = (
    *sorted(MONEY.roles - {Role.ADMINISTRATOR}),
    Role.WAREHOUSE_KEEPER,
    Role.WAREHOUSE_SUPERVISOR,
    Role.QUALITY,
)
POSITION_AUDITORS = (Role.ACCOUNTANT, Role.FINANCE_MANAGER, Role.AUDIT_MANAGER, Role.ADMINISTRATOR)

GATE = Group("gate", frozenset({Role.GATE_GUARD, Role.WAREHOUSE_KEEPER, Role.WAREHOUSE_SUPERVISOR}))
"""Who sees the number of a pass: whoever knows it is let out with it."""

PASS_READERS = (
    *sorted(GATE.roles),
    Role.SALES_REP,
    Role.SALES_MANAGER,
    Role.GENERAL_MANAGER,
    Role.AUDIT_MANAGER,
)
"""The guard sees every pass and nothing else of what was loaded."""
