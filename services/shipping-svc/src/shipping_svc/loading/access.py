"""Who keeps the devices of the yard."""

from fangxing.roles import Role

DEVICE_KEEPERS = (Role.ADMINISTRATOR, Role.WAREHOUSE_SUPERVISOR)
"""They see the devices and switch one off; to enrol one is the administrator's alone."""
