"""Who reads delivery notes; a rep those of his customers."""

from fangxing.roles import Role
from shipping_svc.reference.access import MONEY

NOTE_READERS = (
    *sorted(MONEY.roles - {Role.ADMINISTRATOR}),
    Role.WAREHOUSE_KEEPER,
    Role.WAREHOUSE_SUPERVISOR,
    Role.QUALITY,
)
POSITION_AUDITORS = (Role.ACCOUNTANT, Role.FINANCE_MANAGER, Role.AUDIT_MANAGER, Role.ADMINISTRATOR)
